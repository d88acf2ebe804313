import type { Sketch } from '../sketch.ts';
import { emptySketch, mergeSketch, quantile, shareAbove, sketchCount } from '../sketch.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';

/** A stretch in which an operation was not its former self. */
export interface Departure {
  /** Buckets that left the baseline. */
  readonly buckets: ReadonlySet<number>;
  readonly baseline: Sketch;
  readonly requests: number;
  /** Requests that were slow, or failed beyond what was usual. */
  readonly affected: number;
}

/** Slow means this many times the usual p95 ... */
const TIMES = 3;
/** ... and at least this much more, ns: 3 ms instead of 1 ms holds nobody up. */
const MORE = 100_000_000;
/** Share of requests in a bucket that must be slow or fail. */
const SHARE = 0.2;
/** Requests before the first departure, and affected ones in it, below which nothing is claimed. */
const MIN_USUAL = 10;
const MIN_AFFECTED = 5;

/** Above this a request is slow by the baseline, ns. */
export const boundOf = (baseline: Sketch): number => {
  const usual = quantile(baseline, 0.95) ?? 0;
  return Math.max(usual * TIMES, usual + MORE);
};

/** Whether a hop's own times during the departure are not what they were; unknown before counts as fast. */
export const leftBaseline = (before: Sketch, during: Sketch): boolean =>
  sketchCount(during) > 0 && shareAbove(during, boundOf(before)) >= SHARE;

/**
 * Walks the buckets in order of time. Those like the ones before make the baseline; those in which many
 * requests are slow or fail depart from it and leave it as it was.
 */
export const departureOf = (buckets: readonly RollupEntry[]): Departure | undefined => {
  const baseline = emptySketch();
  let [usual, usualErrors] = [0, 0];
  let [requests, affected] = [0, 0];
  const departed = new Set<number>();
  for (const { bucket, stat } of buckets) {
    const own = stat.sketches.get('duration') ?? emptySketch();
    const count = countOf(stat, 'requests');
    const errors = countOf(stat, 'errors');
    if (count <= 0) continue;
    const slow = usual < MIN_USUAL ? 0 : shareAbove(own, boundOf(baseline));
    const failing = usual < MIN_USUAL ? 0 : errors / count - usualErrors / usual;
    if (slow >= SHARE || failing >= SHARE) {
      departed.add(bucket);
      requests += count;
      affected += Math.round(Math.max(slow, failing) * count);
    } else {
      mergeSketch(baseline, own, 1);
      usual += count;
      usualErrors += errors;
    }
  }
  if (affected < MIN_AFFECTED) return undefined;
  return { buckets: departed, baseline, requests, affected };
};
