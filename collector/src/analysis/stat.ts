import type { TraceId } from '../model/index.ts';
import type { EncodedSketch, Sketch } from './sketch.ts';
import { decodeSketch, emptySketch, encodeSketch, insert, mergeSketch } from './sketch.ts';

/** The newest observation of something. */
export interface Latest {
  /** Unix microseconds: exact in a number, and all that an order of observations needs. */
  readonly at: number;
  readonly value: number;
  /** Equal contributions that made it, so that it can be taken back. */
  readonly times: number;
}

/** A trace worth looking at; the heavier the better. */
export interface Exemplar {
  readonly traceId: TraceId;
  readonly weight: number;
  readonly times: number;
}

/**
 * What is known of one thing in one bucket of time. Counts and sketches add and subtract exactly. The newest
 * observations and the exemplars are chosen, not summed: taking a contribution back removes it where it was
 * chosen, and never brings back what it had displaced.
 */
export interface Stat {
  readonly counts: Map<string, number>;
  readonly sketches: Map<string, Sketch>;
  readonly latest: Map<string, Latest>;
  exemplars: readonly Exemplar[];
}

/** One thing (`kind`, `key`) in one bucket. */
export interface RollupEntry {
  /** Unix seconds, a multiple of 10. */
  readonly bucket: number;
  readonly kind: string;
  readonly key: string;
  readonly stat: Stat;
}

const MAX_EXEMPLARS = 5;

export const emptyStat = (): Stat => ({
  counts: new Map(),
  sketches: new Map(),
  latest: new Map(),
  exemplars: [],
});

export const count = (stat: Stat, name: string, by = 1): void => {
  const sum = (stat.counts.get(name) ?? 0) + by;
  if (sum === 0) stat.counts.delete(name);
  else stat.counts.set(name, sum);
};

export const countOf = (stat: Stat | undefined, name: string): number => stat?.counts.get(name) ?? 0;

export const record = (stat: Stat, name: string, value: number): void => {
  let sketch = stat.sketches.get(name);
  if (sketch === undefined) {
    sketch = emptySketch();
    stat.sketches.set(name, sketch);
  }
  insert(sketch, value);
};

export const observe = (stat: Stat, name: string, at: number, value: number): void =>
  mergeLatest(stat.latest, name, { at, value, times: 1 }, 1);

export const remember = (stat: Stat, traceId: TraceId, weight: number): void => {
  stat.exemplars = mergeExemplars(stat.exemplars, [{ traceId, weight, times: 1 }], 1);
};

/**
 * Adds (1) or takes away (-1) `b`. `a` is used up: it is changed in place, where given, and returned;
 * `b` stays as it is.
 */
export const mergeStat = (a: Stat | undefined, b: Stat, sign: 1 | -1): Stat => {
  const into = a ?? emptyStat();
  for (const [name, value] of b.counts) count(into, name, sign * value);
  for (const [name, sketch] of b.sketches) {
    let own = into.sketches.get(name);
    if (own === undefined) {
      own = emptySketch();
      into.sketches.set(name, own);
    }
    mergeSketch(own, sketch, sign);
    if (own.positive.size === 0 && own.negative.size === 0 && own.zero === 0) into.sketches.delete(name);
  }
  for (const [name, latest] of b.latest) mergeLatest(into.latest, name, latest, sign);
  into.exemplars = mergeExemplars(into.exemplars, b.exemplars, sign);
  return into;
};

const mergeLatest = (into: Map<string, Latest>, name: string, other: Latest, sign: 1 | -1): void => {
  const own = into.get(name);
  if (own !== undefined && own.at === other.at && own.value === other.value) {
    const times = own.times + sign * other.times;
    if (times <= 0) into.delete(name);
    else into.set(name, { ...own, times });
  } else if (sign === 1) {
    // Of two values at one instant the larger stays, so that order never matters.
    const newer = own === undefined || other.at > own.at || (other.at === own.at && other.value > own.value);
    if (newer) into.set(name, other);
  }
};

const mergeExemplars = (
  own: readonly Exemplar[],
  others: readonly Exemplar[],
  sign: 1 | -1,
): readonly Exemplar[] => {
  if (others.length === 0) return own;
  const byTrace = new Map(own.map((exemplar) => [exemplar.traceId, exemplar]));
  for (const other of others) {
    const known = byTrace.get(other.traceId);
    const times = (known?.times ?? 0) + sign * other.times;
    if (times <= 0) byTrace.delete(other.traceId);
    else if (sign === 1) {
      byTrace.set(other.traceId, {
        ...other,
        weight: Math.max(known?.weight ?? other.weight, other.weight),
        times,
      });
    } else if (known !== undefined) byTrace.set(other.traceId, { ...known, times });
  }
  const sorted = [...byTrace.values()].sort(
    (a, b) => b.weight - a.weight || (a.traceId < b.traceId ? -1 : 1),
  );
  return sorted.slice(0, MAX_EXEMPLARS);
};

/** First element of an encoded stat; others are not understood. */
const VERSION = 1;

type EncodedStat = readonly [
  version: number,
  counts: [string, number][],
  sketches: [string, EncodedSketch][],
  latest: [string, number, number, number][],
  exemplars: [TraceId, number, number][],
];

export const encodeStat = (stat: Stat): Uint8Array => {
  const encoded: EncodedStat = [
    VERSION,
    [...stat.counts],
    [...stat.sketches].map(([name, sketch]) => [name, encodeSketch(sketch)]),
    [...stat.latest].map(([name, { at, value, times }]) => [name, at, value, times]),
    stat.exemplars.map(({ traceId, weight, times }) => [traceId, weight, times]),
  ];
  return new TextEncoder().encode(JSON.stringify(encoded));
};

/** All kinds share one form today; the kind is asked for so that one of them may get its own. */
export const decodeStat = (kind: string, bytes: Uint8Array): Stat => {
  const [version, counts, sketches, latest, exemplars] = JSON.parse(
    new TextDecoder().decode(bytes),
  ) as EncodedStat;
  if (version !== VERSION) {
    throw new Error(
      `a stored figure of kind ${kind} has version ${version}; this program reads version ${VERSION}`,
    );
  }
  return {
    counts: new Map(counts),
    sketches: new Map(sketches.map(([name, sketch]) => [name, decodeSketch(sketch)])),
    latest: new Map(latest.map(([name, at, value, times]) => [name, { at, value, times }])),
    exemplars: exemplars.map(([traceId, weight, times]) => ({ traceId, weight, times })),
  };
};
