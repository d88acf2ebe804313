import { describe, expect, it } from 'vitest';
import { grpc, http, jetStream, nats, span } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { addNanos, serviceOf } from '../model/index.ts';
import { buildFlow } from './index.ts';

/**
 * web |POST /orders ------------- 200|
 *       |c ------------------ 180|
 *   orders |Create -------- 160|
 *                |publish|         .. 1 s ..  mail |process|
 *                                                     |c --|
 *                                               stock  |Get|
 */
const order = (storedAt?: number): Span[] => [
  span({ id: 'e', service: 'web', kind: 'server', for: 200, attributes: http('POST', '/orders') }),
  span({
    id: 'wc',
    parent: 'e',
    service: 'web',
    kind: 'client',
    at: 10,
    for: 20,
    attributes: grpc('Stock', 'Get'),
  }),
  span({
    id: 'ws',
    parent: 'wc',
    service: 'stock',
    kind: 'server',
    at: 12,
    for: 16,
    attributes: grpc('Stock', 'Get'),
  }),
  span({
    id: 'c',
    parent: 'e',
    service: 'web',
    kind: 'client',
    at: 40,
    for: 150,
    attributes: grpc('Orders', 'Create'),
  }),
  span({
    id: 's',
    parent: 'c',
    service: 'orders',
    kind: 'server',
    at: 50,
    for: 130,
    attributes: grpc('Orders', 'Create'),
  }),
  span({
    id: 'p',
    parent: 's',
    service: 'orders',
    kind: 'producer',
    at: 100,
    for: 4,
    attributes: nats('publish', 'q'),
  }),
  span({
    id: 'm',
    parent: 'p',
    service: 'mail',
    kind: 'consumer',
    at: 1_104,
    for: 100,
    attributes: nats(
      'process',
      'q',
      jetStream({ sequence: 1, group: 'mail', ...(storedAt === undefined ? {} : { storedAt }) }),
    ),
  }),
  span({
    id: 'mc',
    parent: 'm',
    service: 'mail',
    kind: 'client',
    at: 1_110,
    for: 20,
    attributes: grpc('Stock', 'Get'),
  }),
  span({
    id: 'ms',
    parent: 'mc',
    service: 'stock',
    kind: 'server',
    at: 1_112,
    for: 16,
    attributes: grpc('Stock', 'Get'),
  }),
];

/** The clocks of the named services are ahead by so many ms. */
const skewed = (spans: readonly Span[], ahead: Readonly<Record<string, number>>): Span[] =>
  spans.map((one) => {
    const offset = (ahead[serviceOf(one)] ?? 0) * 1e6;
    return { ...one, start: addNanos(one.start, offset), end: addNanos(one.end, offset) };
  });

const delivered = (spans: readonly Span[]) => buildFlow(spans)!.deliveries[0]!;

describe('time in queue between processes whose clocks differ', () => {
  it.each([
    ['the producer', { orders: 480 }],
    ['the producer, behind', { orders: -480 }],
    ['the consumer', { mail: 480 }],
    ['the entry', { web: 480 }],
    ['two of them', { web: 300, mail: -480 }],
  ])('is right within its uncertainty: %s', (_, ahead) => {
    for (const storedAt of [undefined, 102]) {
      const { timeInQueue, uncertainty } = delivered(skewed(order(storedAt), ahead));
      const truth = storedAt === undefined ? 1_000e6 : 1_002e6;
      expect(Math.abs(timeInQueue! - truth)).toBeLessThanOrEqual(uncertainty);
    }
  });

  it('is left as it is where clocks agree', () => {
    expect(delivered(order())).toMatchObject({ clock: 'producer', timeInQueue: 1_000e6 });
    expect(delivered(order(102))).toMatchObject({ clock: 'broker', timeInQueue: 1_002e6 });
  });

  it('never rewrites the times that were sent', () => {
    const spans = skewed(order(), { orders: 480 });
    const sent = new Map(spans.map((one) => [one.spanId, one.start]));
    for (const { span: shown } of buildFlow(spans)!.spans) expect(shown.start).toBe(sent.get(shown.spanId));
  });

  it('leaves the paths as they would be with right clocks, but for the network', () => {
    const self = (spans: readonly Span[]) =>
      buildFlow(spans)!
        .completionPath.filter((step) => step.kind === 'self')
        .map((step) => [step.service, step.duration]);
    expect(self(skewed(order(), { orders: 480, stock: -90 }))).toEqual(self(order()));
  });

  it('is not misled by one broken span among many calls', () => {
    const calls = Array.from({ length: 9 }, (_, n) => [
      span({
        id: `x${n}`,
        parent: 'e',
        service: 'web',
        kind: 'client',
        at: 20 * n,
        for: 10,
        attributes: grpc('Orders', 'Get'),
      }),
      span({
        id: `y${n}`,
        parent: `x${n}`,
        service: 'orders',
        kind: 'server',
        at: n === 4 ? -9e9 : 20 * n + 1,
        for: 8,
        attributes: grpc('Orders', 'Get'),
      }),
    ]).flat();
    expect(delivered([...order(), ...calls]).timeInQueue).toBe(1_000e6);
  });
});
