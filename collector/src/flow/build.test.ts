import { describe, expect, it } from 'vitest';
import { grpc, http, httpOut, jetStream, nats, span } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { NANOS_PER_MS } from '../model/index.ts';
import { buildFlow } from './index.ts';
import type { Flow } from './types.ts';

const flowOf = (spans: readonly Span[]): Flow => {
  const flow = buildFlow(spans);
  if (flow === undefined) throw new Error('no flow');
  return flow;
};

const ms = (nanos: number | undefined) => (nanos === undefined ? undefined : nanos / NANOS_PER_MS);

/**
 * gateway   |POST /orders ------------------ 480|
 *             |POST orders ---------------- 470|
 * orders        |Create (gRPC) ---------- 450|
 *                 |Charge ----- 300|
 * payment           |Charge --- 290|
 *                                    |publish orders.created|
 * shipping (other trace)                                        .. 9.5 s ..  |process 2.9 s|
 */
const order = (): Span[] => [
  span({
    id: 'gw',
    service: 'gateway',
    kind: 'server',
    at: 0,
    for: 480,
    attributes: http('POST', '/orders'),
  }),
  span({
    id: 'gw>orders',
    parent: 'gw',
    service: 'gateway',
    kind: 'client',
    at: 5,
    for: 470,
    attributes: grpc('shop.Orders', 'Create'),
  }),
  span({
    id: 'orders',
    parent: 'gw>orders',
    service: 'orders',
    kind: 'server',
    at: 15,
    for: 450,
    attributes: grpc('shop.Orders', 'Create'),
  }),
  span({
    id: 'orders>payment',
    parent: 'orders',
    service: 'orders',
    kind: 'client',
    at: 20,
    for: 300,
    attributes: httpOut('POST', 'payment', '/charges/8472'),
  }),
  span({
    id: 'payment',
    parent: 'orders>payment',
    service: 'payment',
    kind: 'server',
    at: 25,
    for: 290,
    attributes: http('POST', '/charges/:id'),
  }),
  span({
    id: 'publish',
    parent: 'orders',
    service: 'orders',
    kind: 'producer',
    at: 400,
    for: 10,
    attributes: nats('publish', 'orders.created'),
  }),
  span({
    id: 'ship',
    trace: 'u',
    links: [['t', 'publish']],
    service: 'shipping',
    kind: 'consumer',
    at: 9_910,
    for: 2_970,
    attributes: nats(
      'process',
      'orders.created',
      jetStream({ sequence: 7, group: 'shipping', pending: 3, storedAt: 405 }),
    ),
    events: [{ name: 'messaging.nats.settle', attributes: { 'messaging.nats.settlement': 'ack' } }],
  }),
];

describe('a flow across HTTP, gRPC and a queue', () => {
  it('joins client and server into one hop and shows the queue as a party', () => {
    const { hops } = flowOf(order());
    expect(hops.map((h) => [h.protocol, h.mode, h.from.name, h.to.name, h.operation])).toEqual([
      ['grpc', 'sync', 'gateway', 'orders', 'shop.Orders/Create'],
      ['http', 'sync', 'orders', 'payment', 'POST /charges/:id'],
      ['messaging', 'async', 'orders', 'orders.created', 'orders.created'],
      ['messaging', 'async', 'orders.created', 'shipping', 'orders.created'],
    ]);
  });

  it('measures the time in queue by the broker and tells the settlement', () => {
    const [delivery] = flowOf(order()).deliveries;
    expect(delivery).toMatchObject({
      consumerGroup: 'shipping',
      clock: 'broker',
      settlement: 'ack',
      attempt: 1,
      pending: 3,
    });
    expect(ms(delivery?.timeInQueue)).toBe(9_505);
  });

  it('tells the story with numbers', () => {
    const flow = flowOf(order());
    expect(flow.sentence).toBe(
      'The user waited 480 ms, 60 % of it in payment. The work finished 12.4 s later: it lay 9.5 s in orders.created.',
    );
    expect(flow.grade).toBe('complete');
    expect(flow.syncDepth).toBe(2);
    expect(flow.segments.map((s) => s.service)).toEqual(['gateway', 'shipping']);
  });

  it('partitions both durations into steps', () => {
    const flow = flowOf(order());
    const sum = (steps: Flow['responsePath']) => steps.reduce((total, step) => total + step.duration, 0);
    expect(sum(flow.responsePath)).toBe(flow.responseDuration);
    expect(sum(flow.completionPath)).toBe(flow.completionDuration);
    expect(ms(flow.completionDuration)).toBe(12_880);
    expect(flow.responsePath.map((s) => [s.kind, s.service, ms(s.duration)])).toEqual([
      ['self', 'gateway', 5],
      ['network', 'gateway', 10],
      ['self', 'orders', 5],
      ['network', 'orders', 5],
      ['self', 'payment', 290],
      ['network', 'orders', 5],
      ['self', 'orders', 80],
      ['self', 'orders', 10],
      ['self', 'orders', 55],
      ['network', 'gateway', 10],
      ['self', 'gateway', 5],
    ]);
  });
});

describe('the sentence', () => {
  it('says who handled the message twice', () => {
    const again = span({
      id: 'again',
      trace: 'u',
      links: [['t', 'publish']],
      service: 'shipping',
      kind: 'consumer',
      at: 39_910,
      for: 100,
      attributes: nats('process', 'orders.created', jetStream({ sequence: 7, group: 'shipping', count: 2 })),
    });
    expect(flowOf([...order(), again]).sentence).toMatch(/, and shipping handled it more than once\.$/);
  });

  it('says that the user got an error', () => {
    const failed = span({ id: 'a', kind: 'server', for: 20, error: true, attributes: http('GET', '/') });
    expect(flowOf([failed]).sentence).toBe('The user waited 20 ms and got an error.');
  });

  it('speaks of the service where nobody waits', () => {
    expect(flowOf([span({ id: 'job', service: 'cron', for: 1_500 })]).sentence).toBe(
      'cron worked for 1.5 s.',
    );
  });
});
