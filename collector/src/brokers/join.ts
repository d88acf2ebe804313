import type { BrokerSide, Queue } from '../analysis/types.ts';
import { covers } from './subjects.ts';
import type { BrokerFacts, ConsumerFacts } from './types.ts';

/**
 * The queues with what the broker itself knows of their consumers: backlog, lag and status are the broker's where it
 * tells them. Durable consumers that no span mentions are added, so that one that is down is seen.
 *
 * A consumer with several subjects spans several queues: each shows the consumer's figures, which are not to be summed.
 */
export const withBrokerFacts = (queues: readonly Queue[], facts: BrokerFacts): Queue[] => {
  const byName = Map.groupBy(facts.consumers, ({ name }) => name);
  const consumerOf = ({ system, destination, consumerGroup }: Queue): ConsumerFacts | undefined =>
    system === facts.system
      ? byName
          .get(consumerGroup)
          ?.find(({ subjects }) => subjects.some((filter) => covers(filter, destination)))
      : undefined;
  const queuesOf = Map.groupBy(queues, consumerOf);
  const silent = facts.consumers.filter((consumer) => consumer.isDurable && !queuesOf.has(consumer));
  const added = silent.flatMap((consumer) =>
    consumer.subjects.map((subject) => silentQueue(consumer, subject, queues, facts)),
  );
  const known = [...queuesOf].flatMap(([consumer, its]) =>
    consumer === undefined ? its : its.map((queue) => joined(queue, consumer, its, facts)),
  );
  return [...known.filter((queue) => !isReplaced(queue, added)), ...added].sort((a, b) =>
    placeOf(a) < placeOf(b) ? -1 : 1,
  );
};

const placeOf = ({ system, destination, consumerGroup }: Queue): string =>
  [system, destination, consumerGroup].join('\n');

const isUnconsumed = ({ consumerGroup }: Queue): boolean => consumerGroup === '';

/** Spans show nobody who consumes it, and the broker does. */
const isReplaced = (queue: Queue, added: readonly Queue[]): boolean =>
  isUnconsumed(queue) && added.some((one) => isSameDestination(one, queue));

const isSameDestination = (a: Queue, b: Queue): boolean =>
  a.system === b.system && a.destination === b.destination;

const brokerOf = (consumer: ConsumerFacts, { asOf }: BrokerFacts): BrokerSide => ({
  asOf,
  stream: consumer.stream,
  pending: consumer.pending,
  ackPending: consumer.ackPending,
  redelivered: consumer.redelivered,
  ...(consumer.isPaused ? { paused: true } : {}),
});

const joined = (
  queue: Queue,
  consumer: ConsumerFacts,
  siblings: readonly Queue[],
  facts: BrokerFacts,
): Queue => {
  const { drainSeconds: _ofSpans, ...rest } = queue;
  // The backlog is the consumer's, so what drains it is what it does on all its queues.
  const spare = siblings.reduce(
    (sum, { processedPerSecond, publishedPerSecond }) => sum + processedPerSecond - publishedPerSecond,
    0,
  );
  return {
    ...rest,
    status: consumer.status ?? queue.status,
    backlog: consumer.pending,
    lagSeconds: consumer.lagSeconds ?? queue.lagSeconds,
    ...(consumer.pending > 0 && spare > 0 ? { drainSeconds: consumer.pending / spare } : {}),
    broker: brokerOf(consumer, facts),
  };
};

/** What spans tell of such a consumer is only what others did with its destination. */
const silentQueue = (
  consumer: ConsumerFacts,
  subject: string,
  queues: readonly Queue[],
  facts: BrokerFacts,
): Queue => {
  const same = queues.filter(({ system, destination }) => system === facts.system && destination === subject);
  return {
    system: facts.system,
    destination: subject,
    consumerGroup: consumer.name,
    status: consumer.status ?? 'unknown',
    backlog: consumer.pending,
    lagSeconds: consumer.lagSeconds ?? null,
    timeInQueue: { p50: 0, p95: 0, p99: 0, max: 0 },
    publishedPerSecond: same[0]?.publishedPerSecond ?? 0,
    processedPerSecond: 0,
    redeliveryRate: 0,
    duplicateRate: 0,
    deadLetters: 0,
    exemplars: same.find(isUnconsumed)?.exemplars ?? [],
    broker: brokerOf(consumer, facts),
  };
};
