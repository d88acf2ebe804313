import { describe, expect, it } from 'vitest';
import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { merge } from './merge.ts';

const row = (traceId: string, start: number, spanCount = 1) =>
  ({ traceId, start: String(start), spanCount }) as unknown as TraceSummary;
const ids = (rows: readonly TraceSummary[]) => rows.map((each) => each.traceId);

describe('the live tail', () => {
  it('puts new flows on top, newest first', () =>
    expect(ids(merge([row('a', 1)], [row('b', 2), row('c', 3)]))).toEqual(['c', 'b', 'a']));
  it('changes a flow that grew in its place', () => {
    const merged = merge([row('b', 2), row('a', 1)], [row('a', 1, 9)]);
    expect(ids(merged)).toEqual(['b', 'a']);
    expect(merged[1]!.spanCount).toBe(9);
  });
  it('does not grow for ever', () => {
    const many = Array.from({ length: 6_000 }, (_, index) => row(`t${index}`, index));
    expect(merge(many, [row('new', 9_999)])).toHaveLength(5_000);
  });
});
