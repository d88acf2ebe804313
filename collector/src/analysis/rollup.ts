import type { UnixNanos } from '../model/index.ts';
import type { RollupEntry, Stat } from './stat.ts';
import { emptyStat, mergeStat } from './stat.ts';
import type { TimeRange } from './types.ts';

export const BUCKET_SECONDS = 10;
const BUCKET_NANOS = 10_000_000_000n;

export const bucketOf = (time: UnixNanos): number => Number(time / BUCKET_NANOS) * BUCKET_SECONDS;

export const microsOf = (time: UnixNanos): number => Number(time / 1_000n);

/**
 * What is counted, and what its key names:
 * - `operation` [service, operation]: requests that a service answered or began
 * - `edge` [from kind, from name, to kind, to name, protocol, mode, system]: hops
 * - `address` [host:port]: which services answered there
 * - `chain` [[service, operation, protocol]...]: synchronous paths
 * - `queue` [system, destination]: published messages
 * - `group` [system, destination, consumer group]: deliveries
 * - `finding` [type, ...]: what one trace alone shows
 */
export type Kind = 'operation' | 'edge' | 'address' | 'chain' | 'queue' | 'group' | 'finding';

export const keyOf = (parts: readonly unknown[]): string => JSON.stringify(parts);

export const partsOf = <T>(key: string): T => JSON.parse(key) as T;

/** Collects the contributions of one trace. */
export class Rollup {
  readonly #entries = new Map<string, RollupEntry>();

  /** The stat to add to. */
  at(kind: Kind, key: string, time: UnixNanos): Stat {
    const bucket = bucketOf(time);
    const id = `${kind} ${bucket} ${key}`;
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { bucket, kind, key, stat: emptyStat() };
      this.#entries.set(id, entry);
    }
    return entry.stat;
  }

  entries(): RollupEntry[] {
    return [...this.#entries.values()];
  }
}

/** The entries of one kind in the buckets that the range touches. */
export const inRange = (entries: Iterable<RollupEntry>, range: TimeRange, kind: Kind): RollupEntry[] => {
  const start = bucketOf(range.start);
  const end = Number(range.end) / 1e9;
  const found: RollupEntry[] = [];
  for (const entry of entries) {
    if (entry.kind === kind && entry.bucket >= start && entry.bucket < end) found.push(entry);
  }
  return found;
};

/** One thing over the whole range, and in each bucket, oldest first. */
export interface Gathered {
  readonly key: string;
  readonly total: Stat;
  readonly buckets: readonly RollupEntry[];
}

/** Sums up by key. */
export const gather = (entries: Iterable<RollupEntry>, range: TimeRange, kind: Kind): Gathered[] => {
  const byKey = new Map<string, RollupEntry[]>();
  for (const entry of inRange(entries, range, kind)) {
    const known = byKey.get(entry.key);
    if (known === undefined) byKey.set(entry.key, [entry]);
    else known.push(entry);
  }
  return [...byKey].map(([key, buckets]) => {
    buckets.sort((a, b) => a.bucket - b.bucket);
    const total = emptyStat();
    for (const { stat } of buckets) mergeStat(total, stat, 1);
    return { key, total, buckets };
  });
};

/** Length of the range in seconds, at least one bucket. */
export const secondsOf = (range: TimeRange): number =>
  Math.max(BUCKET_SECONDS, Number(range.end - range.start) / 1e9);
