import { describe, expect, it } from 'vitest';
import type { Queue } from '../analysis/types.ts';
import { fromMillis, type TraceId } from '../model/index.ts';
import { withBrokerFacts } from './join.ts';
import type { ConsumerFacts } from './types.ts';

const AS_OF = fromMillis(1_790_000_000_000);
const EXEMPLAR = '0af7651916cd43dd8448eb211c80319c' as TraceId;

const queue = (destination: string, consumerGroup: string, more: Partial<Queue> = {}): Queue => ({
  system: 'nats',
  destination,
  consumerGroup,
  status: 'ok',
  backlog: null,
  lagSeconds: 0.5,
  timeInQueue: { p50: 1, p95: 2, p99: 3, max: 4 },
  publishedPerSecond: 2,
  processedPerSecond: 3,
  redeliveryRate: 0,
  duplicateRate: 0,
  deadLetters: 0,
  exemplars: [EXEMPLAR],
  ...more,
});

const consumer = (name: string, more: Partial<ConsumerFacts> = {}): ConsumerFacts => ({
  stream: 'ORDERS',
  name,
  created: '2026-09-21T14:13:20Z',
  isDurable: true,
  subjects: ['orders.created'],
  pending: 40,
  ackPending: 3,
  redelivered: 1,
  delivered: 60,
  ackFloor: 57,
  isPaused: false,
  ackWaitMs: 30_000,
  lagSeconds: 12,
  status: 'stalled',
  ...more,
});

const join = (queues: Queue[], consumers: ConsumerFacts[]): Queue[] =>
  withBrokerFacts(queues, { system: 'nats', asOf: AS_OF, consumers });

describe('queues with broker facts', () => {
  it('show backlog, lag and status as the broker tells them', () => {
    const [one, ...others] = join([queue('orders.created', 'billing')], [consumer('billing')]);
    expect(others).toEqual([]);
    expect(one).toEqual({
      ...queue('orders.created', 'billing'),
      status: 'stalled',
      backlog: 40,
      lagSeconds: 12,
      drainSeconds: 40,
      broker: { asOf: AS_OF, stream: 'ORDERS', pending: 40, ackPending: 3, redelivered: 1 },
    });
  });

  it('keep what spans tell where the broker does not know', () => {
    const [one] = join(
      [queue('orders.created', 'billing', { status: 'warning' })],
      [consumer('billing', { status: undefined, lagSeconds: undefined })],
    );
    expect(one).toMatchObject({ status: 'warning', lagSeconds: 0.5, backlog: 40 });
  });

  it.each([
    ['another system', queue('orders.created', 'billing', { system: 'kafka' }), consumer('billing')],
    ['another group', queue('orders.created', 'shipping'), consumer('billing')],
    ['another subject', queue('orders.paid', 'billing'), consumer('billing')],
  ])('are left as they are for %s', (_what, one, fact) => {
    expect(join([one], [{ ...fact, isDurable: false }])).toEqual([one]);
  });

  it('tell consumers of the same name in two streams apart by their subjects', () => {
    const consumers = [
      consumer('worker', { stream: 'MAIL', subjects: ['mail.>'], pending: 1 }),
      consumer('worker', { subjects: ['orders.>'], pending: 2 }),
    ];
    const queues = join([queue('mail.queued', 'worker'), queue('orders.*.paid', 'worker')], consumers);
    expect(queues.map(({ broker }) => [broker?.stream, broker?.pending])).toEqual([
      ['MAIL', 1],
      ['ORDERS', 2],
    ]);
  });

  it('show the figures of a consumer on each of its queues, and drain them by what it does on all', () => {
    const queues = join(
      [
        queue('orders.created', 'audit', { publishedPerSecond: 1, processedPerSecond: 4 }),
        queue('orders.paid', 'audit', { publishedPerSecond: 2, processedPerSecond: 1 }),
      ],
      [consumer('audit', { subjects: ['orders.created', 'orders.paid'] })],
    );
    expect(queues.map(({ backlog, drainSeconds }) => [backlog, drainSeconds])).toEqual([
      [40, 20],
      [40, 20],
    ]);
  });

  it('promise no end where the backlog does not shrink, or is gone', () => {
    const slow = queue('orders.created', 'billing', { processedPerSecond: 1, drainSeconds: 7 });
    expect(join([slow], [consumer('billing')])[0]).not.toHaveProperty('drainSeconds');
    const done = queue('orders.created', 'billing', { drainSeconds: 7 });
    expect(join([done], [consumer('billing', { pending: 0 })])[0]).not.toHaveProperty('drainSeconds');
  });

  it('add a durable consumer that no span mentions, for each of its subjects', () => {
    const down = consumer('email', { subjects: ['mail.queued', 'orders.>'], status: undefined });
    const queues = join([queue('orders.created', 'billing')], [down]);
    expect(queues.map((one) => [one.destination, one.consumerGroup])).toEqual([
      ['mail.queued', 'email'],
      ['orders.>', 'email'],
      ['orders.created', 'billing'],
    ]);
    expect(queues[0]).toMatchObject({
      status: 'unknown',
      backlog: 40,
      lagSeconds: 12,
      publishedPerSecond: 0,
      processedPerSecond: 0,
      exemplars: [],
    });
  });

  it('put such a consumer in the place of a queue that nobody seemed to consume', () => {
    const queues = join(
      [queue('orders.created', '', { status: 'unknown', processedPerSecond: 0 })],
      [consumer('billing', { status: 'stopped' })],
    );
    expect(queues).toHaveLength(1);
    expect(queues[0]).toMatchObject({
      consumerGroup: 'billing',
      status: 'stopped',
      publishedPerSecond: 2,
      exemplars: [EXEMPLAR],
    });
  });

  it('do not add consumers that go with their client', () => {
    expect(join([], [consumer('kv-watcher', { isDurable: false })])).toEqual([]);
  });

  it('say that a consumer is paused', () => {
    expect(join([], [consumer('billing', { isPaused: true })])[0]?.broker).toMatchObject({ paused: true });
  });
});
