import { describe, expect, it } from 'vitest';
import { addNanos, fromMillis, NANOS_PER_SECOND } from '../model/index.ts';
import { queuesWithBrokers } from './queue-facts.ts';
import type { Broker, BrokerFacts } from './types.ts';

const NOW_MS = 1_790_000_000_000;
const NOW = fromMillis(NOW_MS);

const brokerWith = (facts: BrokerFacts | undefined): Broker => ({
  status: () => ({ url: 'nats://127.0.0.1:4222', connected: true }),
  facts: () => facts,
  close: async () => undefined,
});

const factsOf = (ageSeconds: number): BrokerFacts => ({
  system: 'nats',
  asOf: addNanos(NOW, -ageSeconds * NANOS_PER_SECOND),
  consumers: [
    {
      stream: 'ORDERS',
      name: 'billing',
      created: '2026-09-21T14:13:20Z',
      isDurable: true,
      subjects: ['orders.created'],
      pending: 1,
      ackPending: 0,
      redelivered: 0,
      delivered: 0,
      ackFloor: 0,
      isPaused: false,
      ackWaitMs: 30_000,
      lagSeconds: 1,
      status: undefined,
    },
  ],
});

const groups = async (facts: BrokerFacts | undefined, endsSecondsAgo: number): Promise<string[]> => {
  const end = addNanos(NOW, -endsSecondsAgo * NANOS_PER_SECOND);
  const queues = queuesWithBrokers(
    async () => [],
    [brokerWith(facts)],
    () => NOW_MS,
  );
  return (await queues({ start: addNanos(end, -900 * NANOS_PER_SECOND), end })).map(
    ({ consumerGroup }) => consumerGroup,
  );
};

describe('the queues of a range', () => {
  it('have the facts of now where the range ends about now, or goes on', async () => {
    expect(await groups(factsOf(2), 0)).toEqual(['billing']);
    expect(await groups(factsOf(2), 30)).toEqual(['billing']);
    expect(await groups(factsOf(2), -3_600)).toEqual(['billing']);
  });

  it('have none where the range ended earlier', async () => {
    expect(await groups(factsOf(2), 3_600)).toEqual([]);
  });

  it('have none that are old, and none before the broker answered', async () => {
    expect(await groups(factsOf(20), 0)).toEqual([]);
    expect(await groups(undefined, 0)).toEqual([]);
  });
});
