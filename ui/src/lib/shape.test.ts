import { describe, expect, it } from 'vitest';
import { stripParts, stripText } from './shape.ts';

const work = (service: string, ms: number, error = false) => ({
  kind: 'segment' as const,
  service,
  duration: ms * 1e6,
  error,
});
const wait = (service: string, ms: number) => ({
  kind: 'wait' as const,
  service,
  duration: ms * 1e6,
  error: false,
});

describe('the shape strip', () => {
  it('never draws more than its width', () => {
    const parts = stripParts([work('a', 480), wait('q', 9_500), work('b', 410)], 12_900e6);
    expect(parts.reduce((sum, part) => sum + part.width, 0)).toBeLessThanOrEqual(1);
  });
  it('keeps 5 ms visible beside 12 s', () => {
    const [small, large] = stripParts([work('a', 5), wait('q', 12_000)], 12_005e6);
    expect(small!.width).toBeGreaterThan(0.1);
    expect(large!.width).toBeGreaterThan(small!.width);
  });
  it('draws a short flow shorter than the longest', () => {
    const width = (ms: number) => stripParts([work('a', ms)], 60_000e6)[0]!.width;
    expect(width(50)).toBeLessThan(width(5_000));
  });
  it('joins neighbours of one service and keeps their error', () =>
    expect(stripParts([work('a', 1), work('a', 2, true)], 3e6)).toMatchObject([
      { duration: 3e6, error: true },
    ]));
  it('is bounded for a flow of very many parts', () => {
    const many = Array.from({ length: 500 }, (_, index) => work(`s${index}`, 1));
    expect(stripParts(many, 1e9).length).toBeLessThanOrEqual(14);
  });
  it('is empty for a flow without parts, and harmless for negative waits', () => {
    expect(stripParts([], 0)).toEqual([]);
    expect(stripParts([wait('q', -5)], 0)[0]!.width).toBeGreaterThan(0);
  });
  it('can be read aloud', () =>
    expect(stripText([work('a', 5, true), wait('q', 9)], (nanos) => `${nanos / 1e6} ms`)).toBe(
      'a 5 ms with an error, then waiting 9 ms in q',
    ));
});
