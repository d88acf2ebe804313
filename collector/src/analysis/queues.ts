import type { UnixNanos } from '../model/index.ts';
import type { Gathered } from './rollup.ts';
import { BUCKET_SECONDS, gather, microsOf, partsOf, secondsOf } from './rollup.ts';
import { quantile, quantiles } from './sketch.ts';
import type { RollupEntry, Stat } from './stat.ts';
import { countOf } from './stat.ts';
import type { Queue, QueueStatus, TimeRange } from './types.ts';

type QueueKey = readonly [system: string, destination: string];
export type GroupKey = readonly [system: string, destination: string, group: string];

/** A consumer group with what was published to its destination. */
export interface GroupFigures {
  readonly key: GroupKey;
  readonly group: Gathered | undefined;
  readonly published: Gathered | undefined;
}

/** Every consumer group, and every destination that nobody consumed (group ''), by name. */
export const groupsOf = (entries: Iterable<RollupEntry>, range: TimeRange): GroupFigures[] => {
  const all = [...entries];
  const published = new Map(gather(all, range, 'queue').map((gathered) => [gathered.key, gathered]));
  const consumed = new Set<string>();
  const groups = gather(all, range, 'group').map((group): GroupFigures => {
    const key = partsOf<GroupKey>(group.key);
    const queue = JSON.stringify(key.slice(0, 2));
    consumed.add(queue);
    return { key, group, published: published.get(queue) };
  });
  const lonely = [...published.values()]
    .filter(({ key }) => !consumed.has(key))
    .map((queue): GroupFigures => {
      const [system, destination] = partsOf<QueueKey>(queue.key);
      return { key: [system, destination, ''], group: undefined, published: queue };
    });
  return [...groups, ...lonely].sort((a, b) => (a.key.join('\n') < b.key.join('\n') ? -1 : 1));
};

/** How each consumer group stands at the end of the range. */
export const queuesOf = (entries: Iterable<RollupEntry>, range: TimeRange, now: UnixNanos): Queue[] =>
  groupsOf(entries, range).map((figures) => queueOf(figures, range, now));

const queueOf = (figures: GroupFigures, range: TimeRange, now: UnixNanos): Queue => {
  const { key, group, published } = figures;
  const seconds = secondsOf(range);
  const total = group?.total;
  const wait = total?.sketches.get('wait');
  const [p50 = 0, p95 = 0, p99 = 0, max = 0] = (wait && quantiles(wait, [0.5, 0.95, 0.99, 1])) ?? [];
  const delivered = countOf(total, 'delivered');
  const rates = {
    publishedPerSecond: countOf(published?.total, 'published') / seconds,
    processedPerSecond: countOf(total, 'processed') / seconds,
  };
  const backlog = total?.latest.get('pending')?.value ?? null;
  const spare = rates.processedPerSecond - rates.publishedPerSecond;
  return {
    system: key[0],
    destination: key[1],
    consumerGroup: key[2],
    status: statusOf(figures, now),
    backlog,
    lagSeconds: lagOf(figures, now),
    timeInQueue: { p50, p95, p99, max },
    ...rates,
    redeliveryRate: delivered === 0 ? 0 : countOf(total, 'redelivered') / delivered,
    duplicateRate: delivered === 0 ? 0 : countOf(total, 'duplicates') / delivered,
    deadLetters: countOf(total, 'terminated'),
    ...(backlog !== null && backlog > 0 && spare > 0 ? { drainSeconds: backlog / spare } : {}),
    exemplars: (total ?? published?.total)?.exemplars.map(({ traceId }) => traceId) ?? [],
  };
};

/** Without a delivery for this long while messages came in, a consumer has stopped: three buckets, in µs. */
const SILENCE = 3 * BUCKET_SECONDS * 1_000_000;

/** A delivery is known when its handling ends, so a slow handler is given three times what it takes. */
const patienceOf = ({ group }: GroupFigures): number => {
  const work = group?.total.sketches.get('work');
  const usual = work === undefined ? 0 : (quantile(work, 0.99) ?? 0);
  return Math.max(SILENCE, (3 * usual) / 1_000);
};

/** Messages were published after the last delivery, and for long enough that one was due. */
const isSilent = (figures: GroupFigures, now: UnixNanos): boolean => {
  const { group, published } = figures;
  const last = group?.total.latest.get('delivered')?.at;
  const newest = published?.total.latest.get('published')?.at;
  return (
    last !== undefined && newest !== undefined && newest > last && microsOf(now) - last > patienceOf(figures)
  );
};

/**
 * Seconds by which the consumer is behind: how long the newest message had waited when it was handed over;
 * while nothing is handed over, the age of the oldest message that may wait since.
 */
export const lagOf = (figures: GroupFigures, now: UnixNanos): number | null => {
  const wait = figures.group?.total.latest.get('wait');
  if (wait === undefined) return null;
  const seconds = wait.value / 1e9;
  if (!isSilent(figures, now)) return Math.max(0, seconds);
  const publishedAt = wait.at - wait.value / 1_000;
  return Math.max(seconds, (microsOf(now) - publishedAt) / 1e6);
};

/** Lag below this is the ordinary jitter of a queue that works: 1 s, in ns. */
const NO_LAG = 1_000_000_000;
/** Buckets over which lag must not fall to be called a warning; Burrow looks at ten offset commits. */
const RISING = 4;

/** After Burrow: no fixed bound on the lag itself, but how it moves over the last windows. */
export const statusOf = (figures: GroupFigures, now: UnixNanos): QueueStatus => {
  const { group } = figures;
  if (group === undefined) return 'unknown';
  if (isSilent(figures, now)) return 'stopped';
  const recent = group.buckets.slice(-RISING);
  if (isStalled(recent.map(({ stat }) => stat))) return 'stalled';
  const waits = recent
    .map(({ stat }) => stat.latest.get('wait')?.value)
    .filter((value) => value !== undefined);
  const rising = waits.length >= RISING && waits.every((value, n) => n === 0 || value > waits[n - 1]!);
  return rising && waits.at(-1)! > NO_LAG ? 'warning' : 'ok';
};

/** Messages are handed over again and again, and none is settled. */
const isStalled = (recent: readonly Stat[]): boolean => {
  const total = (name: string) => recent.reduce((sum, stat) => sum + countOf(stat, name), 0);
  return total('processed') === 0 && total('unsettled') > 0 && total('redelivered') > 0;
};
