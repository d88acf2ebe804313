import type { Queue, TimeRange } from '../analysis/types.ts';
import { fromMillis, NANOS_PER_SECOND, nanosBetween } from '../model/index.ts';
import { withBrokerFacts } from './join.ts';
import type { Broker, BrokerFacts } from './types.ts';

/** A broker tells how it stands now: nothing of a range that ended longer ago, browsers' clocks allowed for. */
const ENDS_NOW_NANOS = 60 * NANOS_PER_SECOND;

/** Three polls: what the broker said before that may have changed since. */
const FRESH_NANOS = 15 * NANOS_PER_SECOND;

const isCurrent = ({ asOf }: BrokerFacts, range: TimeRange, nowMs: number): boolean => {
  const now = fromMillis(nowMs);
  return nanosBetween(range.end, now) <= ENDS_NOW_NANOS && nanosBetween(asOf, now) <= FRESH_NANOS;
};

type QueuesOf = (range: TimeRange) => Promise<readonly Queue[]>;

/** The queues that spans tell of, with the brokers' own facts where the range ends now. `nowMs`: wall clock. */
export const queuesWithBrokers =
  (queuesOf: QueuesOf, brokers: readonly Broker[], nowMs: () => number): QueuesOf =>
  async (range) => {
    const queues = await queuesOf(range);
    return brokers
      .flatMap((broker) => broker.facts() ?? [])
      .filter((facts) => isCurrent(facts, range, nowMs()))
      .reduce<readonly Queue[]>(withBrokerFacts, queues);
  };
