import { describe, expect, it } from 'vitest';
import { chance } from '../../test/spans.ts';
import type { Sketch } from './sketch.ts';
import {
  ACCURACY,
  decodeSketch,
  emptySketch,
  encodeSketch,
  insert,
  mergeSketch,
  quantile,
  quantiles,
  shareAbove,
  sketchCount,
} from './sketch.ts';

const sketchOf = (values: readonly number[]): Sketch => {
  const sketch = emptySketch();
  for (const value of values) insert(sketch, value);
  return sketch;
};

/** The value at the rank that the sketch means. */
const exact = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)]!;
};

const QS = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1];

const DRAWS: Record<string, (random: () => number) => number> = {
  'log-uniform from 1 ns to 3 h': (random) => Math.exp(random() * Math.log(1e13)),
  'narrow around 5 ms': (random) => 5e6 + random() * 1e5,
  'long-tailed': (random) => 1e6 / (random() + 1e-6),
  'on both sides of zero': (random) => (random() - 0.3) * 1e9,
  'all negative': (random) => -1 - random() * 1e9,
};

describe('a sketch', () => {
  it.each(Object.entries(DRAWS))('keeps every quantile within its accuracy: %s', (_, draw) => {
    const random = chance(7);
    const values = Array.from({ length: 20_000 }, () => draw(random));
    const sketch = sketchOf(values);
    for (const q of QS) {
      const truth = exact(values, q);
      expect(Math.abs(quantile(sketch, q)! - truth)).toBeLessThanOrEqual(Math.abs(truth) * ACCURACY + 1);
    }
  });

  it('merges to what all values at once would give, negatives included', () => {
    const random = chance(8);
    const values = Array.from({ length: 2_000 }, () => (random() - 0.5) * 1e9);
    const merged = sketchOf(values.slice(0, 700));
    mergeSketch(merged, sketchOf(values.slice(700)), 1);
    expect(merged).toEqual(sketchOf(values));
  });

  it('takes back exactly what it added, in any order', () => {
    const a = sketchOf([1e6, -5, 0, 3e9]);
    const b = sketchOf([2e6, -5, 0.2, 3e9]);
    const both = sketchOf([1e6, -5, 0, 3e9, 2e6, -5, 0.2, 3e9]);
    mergeSketch(both, b, -1);
    expect(both).toEqual(a);
    const difference = emptySketch();
    mergeSketch(difference, b, -1);
    mergeSketch(difference, b, 1);
    expect(difference).toEqual(emptySketch());
  });

  it('comes back from its encoding, small', () => {
    const random = chance(9);
    const values = Array.from({ length: 10_000 }, () => 1e6 * Math.exp(random() * 3));
    const sketch = sketchOf([...values, -7, 0]);
    const text = JSON.stringify(encodeSketch(sketch));
    expect(decodeSketch(JSON.parse(text))).toEqual(sketch);
    expect(text.length).toBeLessThan(1_500);
  });

  it('has no quantile when empty, and ignores what is no number', () => {
    const sketch = sketchOf([Number.NaN, Number.POSITIVE_INFINITY]);
    expect(quantiles(sketch, [0.5])).toBeUndefined();
    expect(shareAbove(sketch, 1)).toBe(0);
    expect(sketchCount(sketch)).toBe(0);
  });

  it('never answers from counts below zero', () => {
    const difference = emptySketch();
    mergeSketch(difference, sketchOf([5]), -1);
    insert(difference, 100);
    expect(quantile(difference, 0)).toBeCloseTo(100, -1);
  });
});
