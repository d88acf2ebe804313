import { describe, expect, it } from 'vitest';
import { randomSpans } from '../../../test/random-spans.ts';
import { chance } from '../../../test/spans.ts';
import { SpanBatch } from '../../batch/index.ts';
import type { Span } from '../../model/index.ts';
import { type BlockRow, type EncodedBlock, encodeBlock, openBlock } from './index.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);

/** The spans spread over batches as if by request, and the rows of their traces together again. */
const rowsOf = (spans: readonly Span[], random: () => number): BlockRow[] => {
  const batches = Array.from({ length: 1 + Math.floor(random() * 4) }, () => new SpanBatch());
  const traces = new Map<string, BlockRow[]>();
  for (const span of spans) {
    const batch = batches[Math.floor(random() * batches.length)]!;
    batch.add(span);
    const rows = traces.get(span.traceId) ?? [];
    rows.push({ batch, row: batch.length - 1 });
    traces.set(span.traceId, rows);
  }
  return [...traces.values()].flat();
};

const open = ({ columns, metaBytes }: EncodedBlock) => {
  const byNumber = new Map(columns.map(({ column, bytes }) => [column, bytes]));
  return openBlock((column) => byNumber.get(column), metaBytes);
};

describe('a block', () => {
  it.each(SEEDS)('gives back what went in, field by field (seed %i)', (seed) => {
    const random = chance(seed);
    const rows = rowsOf(randomSpans(random, 60), random);
    const reader = open(encodeBlock(rows));
    expect(rows.map((_, row) => reader.span(row))).toEqual(rows.map(({ batch, row }) => batch.span(row)));
  });
});
