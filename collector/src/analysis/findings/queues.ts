import type { UnixNanos } from '../../model/index.ts';
import { formatDuration } from '../../model/index.ts';
import { LIMITS } from '../limits.ts';
import type { GroupFigures, GroupKey } from '../queues.ts';
import { groupsOf, lagOf, statusOf } from '../queues.ts';
import type { Gathered } from '../rollup.ts';
import { gather, partsOf } from '../rollup.ts';
import { quantiles, shareAbove, sketchCount } from '../sketch.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Finding, QueueStatus, TimeRange, Where } from '../types.ts';
import { growingBacklog } from './backlog.ts';
import { finding, percent, plural } from './finding.ts';

export const queueFindings = (
  entries: readonly RollupEntry[],
  range: TimeRange,
  now: UnixNanos,
): Finding[] => {
  const found: Finding[] = [];
  for (const figures of groupsOf(entries, range)) {
    const { key, group } = figures;
    if (group === undefined) continue;
    const where = whereOf(key);
    const each = [
      slowQueue(where, group),
      redelivery(where, group),
      growingBacklog(where, group),
      stuck(where, group, statusOf(figures, now), lagOf(figures, now) ?? 0),
    ];
    for (const one of each) if (one !== undefined) found.push(one);
  }
  for (const seen of gather(entries, range, 'finding')) {
    const [type, group] = partsOf<[string, string]>(seen.key);
    if (type === 'duplicate-processing' && countOf(seen.total, 'count') > 0) {
      found.push(duplicates(whereOf(partsOf<GroupKey>(group)), seen));
    }
  }
  return found;
};

type GroupWhere = Where & { readonly destination: string; readonly consumerGroup: string };

const whereOf = ([system, destination, consumerGroup]: GroupFigures['key']): GroupWhere => ({
  system,
  destination,
  consumerGroup,
});

const slowQueue = (where: GroupWhere, group: Gathered): Finding | undefined => {
  const wait = group.total.sketches.get('wait');
  const [p50, p95, max] = (wait && quantiles(wait, [0.5, 0.95, 1])) ?? [];
  if (wait === undefined || p50 === undefined || p95 === undefined || max === undefined) return undefined;
  if (p95 <= LIMITS.slowQueue) return undefined;
  const all = sketchCount(wait);
  const slow = Math.round(all * shareAbove(wait, LIMITS.slowQueue));
  return finding(
    {
      type: 'slow-queue',
      severity: 'warning',
      title: `Messages lie ${formatDuration(p95)} in ${where.destination}`,
      sentence:
        `${slow} of ${plural(all, 'message')} in ${where.destination} waited longer than ${formatDuration(LIMITS.slowQueue)} ` +
        `for ${where.consumerGroup}: half of all ${formatDuration(p50)}, one in twenty ${formatDuration(p95)} or more, ` +
        `the longest ${formatDuration(max)}.`,
      where,
      figures: { p50, p95, max, bound: LIMITS.slowQueue },
      recommendation:
        'Give the consumer more instances or more messages in flight, or make its handler faster; ' +
        'compare its processing time with the publish rate.',
      count: slow,
    },
    group,
    ({ stat }) =>
      stat.sketches.has('wait') ? shareAbove(stat.sketches.get('wait')!, LIMITS.slowQueue) > 0 : false,
  );
};

const redelivery = (where: GroupWhere, group: Gathered): Finding | undefined => {
  const again = countOf(group.total, 'redelivered');
  const delivered = countOf(group.total, 'delivered');
  if (again <= 0) return undefined;
  return finding(
    {
      type: 'redelivery',
      severity: 'info',
      title: `${where.consumerGroup} gets messages of ${where.destination} again`,
      sentence:
        `${plural(again, 'delivery', 'deliveries')} of ${delivered} (${percent(again / delivered)}) to ` +
        `${where.consumerGroup} from ${where.destination} ${again === 1 ? 'was a repeat' : 'were repeats'}.`,
      where,
      figures: { redelivered: again, delivered, share: again / delivered },
      recommendation:
        'Look at why the first delivery was not acknowledged: an error, or a handler slower than the ack wait.',
      count: again,
    },
    group,
    ({ stat }) => countOf(stat, 'redelivered') > 0,
  );
};

/** Consumers that take messages and settle none, or take none at all. */
const stuck = (where: GroupWhere, group: Gathered, status: QueueStatus, lag: number): Finding | undefined => {
  if (status !== 'stalled' && status !== 'stopped') return undefined;
  const stalled = status === 'stalled';
  const unsettled = countOf(group.total, 'unsettled');
  const behind = formatDuration(lag * 1e9);
  return finding(
    {
      type: stalled ? 'stalled-consumer' : 'stopped-consumer',
      severity: 'critical',
      title: `${where.consumerGroup} ${stalled ? 'settles no message' : 'takes no messages'} of ${where.destination}`,
      sentence: stalled
        ? `${where.consumerGroup} gets messages of ${where.destination} again and again and settles none ` +
          `(${plural(unsettled, 'delivery', 'deliveries')} without an answer); it is ${behind} behind.`
        : `Messages are published to ${where.destination}, but ${where.consumerGroup} has taken none of the newest; ` +
          `it is ${behind} behind.`,
      where,
      figures: { lagSeconds: lag, unsettled },
      recommendation: stalled
        ? 'See what its handler waits for; a lock, a call without a timeout, or an acknowledgement that is never sent.'
        : 'See whether the consumer runs, is connected and has its subscription.',
      count: Math.max(1, unsettled),
    },
    group,
  );
};

const duplicates = (where: GroupWhere, seen: Gathered): Finding => {
  const count = countOf(seen.total, 'count');
  const [work] = quantilesOf(seen, 'firstWork', [0.5]);
  const [gap] = quantilesOf(seen, 'gap', [0.5]);
  const slow = work !== undefined && gap !== undefined && gap <= work;
  return finding(
    {
      type: 'duplicate-processing',
      severity: 'critical',
      title: `${where.consumerGroup} handles messages of ${where.destination} twice`,
      sentence:
        `${where.consumerGroup} handled ${plural(count, 'message')} of ${where.destination} successfully more than once` +
        (work === undefined || gap === undefined
          ? '.'
          : `: the first handling took ${formatDuration(work)}, and the message came again ${formatDuration(gap)} after it began.`),
      where,
      figures: {
        duplicates: count,
        ...(work === undefined ? {} : { work }),
        ...(gap === undefined ? {} : { gap }),
      },
      recommendation: slow
        ? 'The handler takes longer than the broker waits: raise the ack wait, send progress (`working`), and make the handler idempotent.'
        : 'Make the handler idempotent: remember the message id with its effect, and acknowledge only after both.',
      count,
    },
    seen,
  );
};

const quantilesOf = (seen: Gathered, name: string, qs: readonly number[]): number[] => {
  const sketch = seen.total.sketches.get(name);
  return (sketch && quantiles(sketch, qs)) ?? [];
};
