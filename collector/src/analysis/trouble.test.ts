import { describe, expect, it } from 'vitest';
import { EPOCH, grpc, http, httpOut, nats, span } from '../../test/spans.ts';
import type { Work } from '../../test/stories.ts';
import { request } from '../../test/stories.ts';
import type { Span } from '../model/index.ts';
import { addNanos, NANOS_PER_SECOND, serviceOf } from '../model/index.ts';
import { analyseTrace, findingsOf } from './index.ts';
import type { Finding } from './types.ts';

const RANGE = { start: EPOCH, end: addNanos(EPOCH, 60 * NANOS_PER_SECOND) };

const found = (count: number, make: (n: number) => readonly Span[], type: string): Finding[] => {
  const entries = Array.from({ length: count }, (_, n) => analyseTrace(make(n)).entries).flat();
  return findingsOf(entries, RANGE, RANGE.end).filter((finding) => finding.type === type);
};

describe('clocks', () => {
  it('that calls show apart are told with their offset', () => {
    const work: Work = {
      service: 'orders',
      operation: 'POST /orders',
      own: 50,
      calls: [{ service: 'payment', operation: 'POST /charges' }],
    };
    const skewed = (n: number) =>
      request(`r${n}`, n * 500, work).map((one) =>
        serviceOf(one) === 'payment'
          ? { ...one, start: addNanos(one.start, 48e7), end: addNanos(one.end, 48e7) }
          : one,
      );
    const [finding] = found(20, skewed, 'clock-skew');
    expect(finding!.title).toMatch(/^payment's clock is 48[01] ms ahead of orders's$/);
  });
});

describe('calls in a loop', () => {
  it('are told with their number and time together', () => {
    const items = (count: number): Work => ({
      service: 'cart',
      operation: 'GET /cart',
      calls: Array.from({ length: count }, () => ({
        service: 'sqlite',
        operation: 'SELECT items',
        database: true,
        own: 12,
      })),
    });
    const [finding] = found(3, (n) => request(`r${n}`, n * 500, items(8)), 'n-plus-one');
    expect(finding!.sentence).toMatch(
      /^cart makes 8 calls of SELECT items to sqlite one after the other, 9\d(\.\d)? ms together, in 3 requests\.$/,
    );
    expect(found(3, (n) => request(`r${n}`, n * 500, items(4)), 'n-plus-one')).toEqual([]);
  });
});

describe('lost context', () => {
  // web |GET / ------|          and elsewhere, without a parent:   discount |GET /d|
  //       |GET ---|
  const dropped = (n: number): Span[][] => [
    [
      span({
        trace: `a${n}`,
        id: `s${n}`,
        service: 'web',
        kind: 'server',
        at: n * 100,
        for: 50,
        attributes: http('GET', '/'),
      }),
      span({
        trace: `a${n}`,
        id: `c${n}`,
        parent: `s${n}`,
        service: 'web',
        kind: 'client',
        at: n * 100 + 5,
        for: 20,
        attributes: httpOut('GET', 'discount.shop', '/d'),
      }),
      ...(n % 2 === 0
        ? [
            span({
              trace: `a${n}`,
              id: `d${n}`,
              parent: `c${n}`,
              service: 'discount',
              kind: 'server',
              at: n * 100 + 8,
              for: 10,
              attributes: http('GET', '/d'),
            }),
          ]
        : []),
    ],
    n % 2 === 0
      ? []
      : [
          span({
            trace: `b${n}`,
            id: `d${n}`,
            service: 'discount',
            kind: 'server',
            at: n * 100 + 8,
            for: 10,
            attributes: http('GET', '/d', { 'server.address': 'discount.shop' }),
          }),
        ],
  ];

  it('is told for the edge on which it happens', () => {
    const traces = Array.from({ length: 40 }, (_, n) => dropped(n))
      .flat()
      .filter((spans) => spans.length > 0);
    const [finding] = found(traces.length, (n) => traces[n]!, 'lost-context');
    expect(finding).toMatchObject({
      where: { from: 'web', to: 'discount' },
      evidence: { figures: { lost: 20, calls: 40 } },
    });
  });

  it('is not claimed of parties that send no spans', () => {
    const external = (n: number) => [
      span({
        trace: `a${n}`,
        id: `s${n}`,
        service: 'web',
        kind: 'server',
        at: n * 100,
        for: 50,
        attributes: http('GET', '/'),
      }),
      span({
        trace: `a${n}`,
        id: `c${n}`,
        parent: `s${n}`,
        service: 'web',
        kind: 'client',
        at: n * 100,
        for: 20,
        attributes: httpOut('GET', 'api.example'),
      }),
    ];
    expect(found(40, external, 'lost-context')).toEqual([]);
  });

  it('is told for messages that carry none', () => {
    const orphan = (n: number) => [
      span({
        trace: `m${n}`,
        id: `m${n}`,
        service: 'mail',
        kind: 'consumer',
        at: n * 100,
        attributes: nats('process', 'q'),
      }),
    ];
    const [finding] = found(20, orphan, 'lost-context');
    expect(finding!.where).toEqual({ system: 'nats', destination: 'q', consumerGroup: 'mail' });
  });
});

describe('gRPC over several instances', () => {
  const call = (n: number, host: string) => [
    span({
      trace: `g${n}`,
      id: `s${n}`,
      service: 'web',
      kind: 'server',
      at: n * 100,
      for: 50,
      attributes: http('GET', '/'),
    }),
    span({
      trace: `g${n}`,
      id: `c${n}`,
      parent: `s${n}`,
      service: 'web',
      kind: 'client',
      at: n * 100 + 1,
      for: 30,
      attributes: grpc('Stock', 'Get'),
    }),
    span({
      trace: `g${n}`,
      id: `t${n}`,
      parent: `c${n}`,
      service: 'stock',
      host,
      kind: 'server',
      at: n * 100 + 5,
      for: 20,
      attributes: grpc('Stock', 'Get'),
    }),
  ];

  it('is uneven where one instance gets nearly all calls', () => {
    const [finding] = found(200, (n) => call(n, n === 0 ? 'b' : 'a'), 'uneven-grpc');
    expect(finding!.sentence).toBe(
      '100 % of 200 gRPC calls from web went to a, one of 2 instances of stock.',
    );
    expect(found(200, (n) => call(n, n % 3 === 0 ? 'b' : 'a'), 'uneven-grpc')).toEqual([]);
    expect(found(200, (n) => call(n, 'a'), 'uneven-grpc')).toEqual([]);
  });
});
