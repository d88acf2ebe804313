import { LIMITS } from '../limits.ts';
import type { Gathered } from '../rollup.ts';
import type { Finding, Where } from '../types.ts';
import { finding } from './finding.ts';

/** Points below which a trend is a guess. */
const MIN_POINTS = 4;
/** Pairs of points that must rise. */
const MOSTLY = 0.75;

/** The broker's own count of waiting messages, one point a bucket, rises through the range. */
export const growingBacklog = (
  where: Where & { destination: string; consumerGroup: string },
  group: Gathered,
): Finding | undefined => {
  const points = group.buckets.flatMap(({ stat }) => {
    const pending = stat.latest.get('pending');
    return pending === undefined ? [] : [{ at: pending.at / 1e6, value: pending.value }];
  });
  const last = points.at(-1);
  if (points.length < MIN_POINTS || last === undefined || last.value < LIMITS.backlog) return undefined;
  const slopes = slopesOf(points);
  const rising = slopes.filter((slope) => slope > 0).length / slopes.length;
  const slope = slopes[Math.floor(slopes.length / 2)]!;
  if (rising < MOSTLY || slope < LIMITS.backlogSlope) return undefined;
  const [low, high] = [slopes[Math.floor(slopes.length / 4)]!, slopes[Math.floor((3 * slopes.length) / 4)]!];
  const perMinute = (value: number) => Math.round(value * 60);
  return finding(
    {
      type: 'growing-backlog',
      severity: 'warning',
      title: `The backlog of ${where.consumerGroup} in ${where.destination} grows`,
      sentence:
        `${last.value} messages wait in ${where.destination} for ${where.consumerGroup}, ` +
        `${perMinute(slope)} more every minute (between ${perMinute(low)} and ${perMinute(high)}).`,
      where,
      figures: { backlog: last.value, growthPerSecond: slope, growthLow: low, growthHigh: high },
      recommendation:
        'The consumer is slower than its producers: add instances, raise its messages in flight, or slow the producers.',
      count: points.length,
    },
    group,
  );
};

/** Slopes between all pairs of points, ascending; their median is the Theil-Sen estimate. */
const slopesOf = (points: readonly { at: number; value: number }[]): number[] => {
  const recent = points.slice(-60);
  const slopes: number[] = [];
  for (let i = 0; i < recent.length; i++) {
    for (let j = i + 1; j < recent.length; j++) {
      const [a, b] = [recent[i]!, recent[j]!];
      if (b.at > a.at) slopes.push((b.value - a.value) / (b.at - a.at));
    }
  }
  return slopes.sort((a, b) => a - b);
};
