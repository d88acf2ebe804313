/**
 * A relative-error quantile sketch after DDSketch (Masson, Rim, Lee 2019): values fall into bins whose
 * borders grow by a constant factor, so that every quantile is right to within ACCURACY of its value.
 * Bins only count, hence sketches add and subtract exactly. Negative values have bins of their own.
 */
export interface Sketch {
  /** Bin -> count. Counts may be negative in a difference of sketches. */
  readonly positive: Map<number, number>;
  /** Bin of the absolute value -> count. */
  readonly negative: Map<number, number>;
  /** Values whose absolute value is below 1: for nanoseconds that is nothing. */
  zero: number;
}

export const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);

export const emptySketch = (): Sketch => ({ positive: new Map(), negative: new Map(), zero: 0 });

/** Adds one value in place; what is no finite number is left out. */
export const insert = (sketch: Sketch, value: number, count = 1): void => {
  if (!Number.isFinite(value)) return;
  if (value >= 1) bump(sketch.positive, binOf(value), count);
  else if (value <= -1) bump(sketch.negative, binOf(-value), count);
  else sketch.zero += count;
};

const binOf = (value: number): number => Math.ceil(Math.log(value) / LOG_GAMMA);

/** The value within a bin from which both its borders are equally far, relatively. */
const middleOf = (bin: number): number => (2 * GAMMA ** bin) / (GAMMA + 1);

const bump = (bins: Map<number, number>, bin: number, count: number): void => {
  const sum = (bins.get(bin) ?? 0) + count;
  if (sum === 0) bins.delete(bin);
  else bins.set(bin, sum);
};

/** Adds (1) or takes away (-1) the other sketch, in place. */
export const mergeSketch = (into: Sketch, other: Sketch, sign: 1 | -1): void => {
  for (const [bin, count] of other.positive) bump(into.positive, bin, sign * count);
  for (const [bin, count] of other.negative) bump(into.negative, bin, sign * count);
  into.zero += sign * other.zero;
};

export const sketchCount = (sketch: Sketch): number => {
  let count = Math.max(0, sketch.zero);
  for (const n of sketch.positive.values()) count += Math.max(0, n);
  for (const n of sketch.negative.values()) count += Math.max(0, n);
  return count;
};

/**
 * The q-quantile (0 to 1) by nearest rank, to within ACCURACY of its value: of few values p99 is the largest.
 * Undefined for an empty sketch.
 */
export const quantile = (sketch: Sketch, q: number): number | undefined => quantiles(sketch, [q])?.[0];

/** Several quantiles, in ascending order of q, by one walk over the bins. */
export const quantiles = (sketch: Sketch, qs: readonly number[]): number[] | undefined => {
  const count = sketchCount(sketch);
  if (count <= 0) return undefined;
  const results: number[] = [];
  let below = 0;
  let last = 0;
  for (const [value, n] of ascending(sketch)) {
    below += n;
    last = value;
    while (results.length < qs.length && below >= Math.max(1, Math.ceil(qs[results.length]! * count - 1e-9)))
      results.push(value);
    if (results.length === qs.length) return results;
  }
  while (results.length < qs.length) results.push(last);
  return results;
};

const ascending = (sketch: Sketch): [value: number, count: number][] => {
  const bins: [number, number][] = [];
  const kept = (map: Map<number, number>) => [...map].filter(([, n]) => n > 0);
  for (const [bin, n] of kept(sketch.negative).sort((a, b) => b[0] - a[0])) bins.push([-middleOf(bin), n]);
  if (sketch.zero > 0) bins.push([0, sketch.zero]);
  for (const [bin, n] of kept(sketch.positive).sort((a, b) => a[0] - b[0])) bins.push([middleOf(bin), n]);
  return bins;
};

/** The share of values above the bound, 0 to 1; 0 for an empty sketch. */
export const shareAbove = (sketch: Sketch, bound: number): number => {
  let [above, count] = [0, 0];
  for (const [value, n] of ascending(sketch)) {
    count += n;
    if (value > bound) above += n;
  }
  return count === 0 ? 0 : above / count;
};

/** Bins as differences: small numbers are short in JSON. */
export type EncodedSketch = readonly [positive: number[], negative: number[], zero: number];

export const encodeSketch = (sketch: Sketch): EncodedSketch => [
  encodeBins(sketch.positive),
  encodeBins(sketch.negative),
  sketch.zero,
];

const encodeBins = (bins: ReadonlyMap<number, number>): number[] => {
  const numbers: number[] = [];
  let last = 0;
  for (const [bin, count] of [...bins].sort((a, b) => a[0] - b[0])) {
    numbers.push(bin - last, count);
    last = bin;
  }
  return numbers;
};

export const decodeSketch = ([positive, negative, zero]: EncodedSketch): Sketch => ({
  positive: decodeBins(positive),
  negative: decodeBins(negative),
  zero,
});

const decodeBins = (numbers: readonly number[]): Map<number, number> => {
  const bins = new Map<number, number>();
  let bin = 0;
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    bin += numbers[i]!;
    bins.set(bin, numbers[i + 1]!);
  }
  return bins;
};
