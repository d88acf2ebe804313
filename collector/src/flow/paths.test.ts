import { describe, expect, it } from 'vitest';
import { grpc, http, httpOut, nats, span } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { buildFlow } from './index.ts';
import type { PathStep } from './types.ts';

const shown = (steps: readonly PathStep[]) => steps.map((s) => `${s.service} ${s.kind} ${s.duration / 1e6}`);

const response = (spans: readonly Span[]) => shown(buildFlow(spans)!.responsePath);
const completion = (spans: readonly Span[]) => shown(buildFlow(spans)!.completionPath);

const entry = (time: number) =>
  span({ id: 'e', service: 'web', kind: 'server', for: time, attributes: http('GET', '/') });

const call = (id: string, at: number, time: number, clock = 0): Span[] => [
  span({
    id: `c${id}`,
    parent: 'e',
    service: 'web',
    kind: 'client',
    at,
    for: time,
    attributes: httpOut('GET', id),
  }),
  span({
    id,
    parent: `c${id}`,
    service: id,
    kind: 'server',
    at: at + 1 + clock,
    for: time - 2,
    attributes: http('GET', '/'),
  }),
];

describe('the response path', () => {
  // web |------------------------ 100|
  //      |a ----- 40|
  //      |b ------------ 60|
  it('follows the last to finish of calls in parallel', () => {
    expect(response([entry(100), ...call('a', 10, 40), ...call('b', 10, 60)])).toEqual([
      'web self 10',
      'web network 1',
      'b self 58',
      'web network 1',
      'web self 30',
    ]);
  });

  it('tolerates a child that ends a little after its parent', () => {
    const late = span({ id: 'late', parent: 'e', service: 'web', at: 50, for: 50.5 });
    expect(response([entry(100), late])).toEqual(['web self 50', 'web self 50']);
  });

  it('leaves out work that nobody waited for', () => {
    const background = span({ id: 'bg', parent: 'e', service: 'web', at: 50, for: 500, name: 'background' });
    expect(response([entry(100), background])).toEqual(['web self 100']);
    expect(completion([entry(100), background])).toEqual(['web self 50', 'web self 500']);
  });

  it('calls the whole wait for a party without spans its call', () => {
    const db = span({
      id: 'd',
      parent: 'e',
      service: 'web',
      kind: 'client',
      at: 20,
      for: 50,
      attributes: { 'db.system': 'sqlite' },
    });
    expect(response([entry(100), db])).toEqual(['web self 20', 'web call 50', 'web self 30']);
  });

  // a's clock is 480 ms ahead: its span lies outside of the call that waited for it
  it('moves a callee whose clock is off into the middle of the wait', () => {
    const flow = buildFlow([entry(100), ...call('a', 10, 40, 480)])!;
    expect(shown(flow.responsePath)).toEqual([
      'web self 10',
      'web network 1',
      'a self 38',
      'web network 1',
      'web self 50',
    ]);
    const callee = flow.spans.find(({ span }) => span.name === 'a')!;
    expect(callee.warnings).toEqual(["Its clock is 480 ms ahead of its caller's."]);
    expect(callee.span.start - flow.start).toBe(491_000_000n);
    expect(flow.completionDuration).toBe(100_000_000);
  });
});

describe('the completion path', () => {
  // web |publish| 100     .. 200 ..  mail |process 50|
  it('has the wait in the queue as a step of its own', () => {
    expect(
      completion([
        entry(100),
        span({
          id: 'p',
          parent: 'e',
          service: 'web',
          kind: 'producer',
          at: 20,
          for: 10,
          attributes: nats('publish', 'q'),
        }),
        span({
          id: 'm',
          parent: 'p',
          service: 'mail',
          kind: 'consumer',
          at: 230,
          for: 50,
          attributes: nats('process', 'q'),
        }),
      ]),
    ).toEqual(['web self 20', 'web self 10', 'mail queue 200', 'mail self 50']);
  });

  it('passes over calls between the publish and its cause', () => {
    expect(
      completion([
        entry(100),
        ...call('a', 5, 10),
        span({
          id: 'c',
          parent: 'e',
          service: 'web',
          kind: 'client',
          at: 20,
          for: 60,
          attributes: grpc('Orders', 'Create'),
        }),
        span({
          id: 's',
          parent: 'c',
          service: 'orders',
          kind: 'server',
          at: 22,
          for: 56,
          attributes: grpc('Orders', 'Create'),
        }),
        span({
          id: 'p',
          parent: 's',
          service: 'orders',
          kind: 'producer',
          at: 30,
          for: 4,
          attributes: nats('publish', 'q'),
        }),
        span({
          id: 'm',
          parent: 'p',
          service: 'mail',
          kind: 'consumer',
          at: 134,
          for: 50,
          attributes: nats('process', 'q'),
        }),
      ]),
    ).toEqual([
      'web self 5',
      'web network 1',
      'a self 8',
      'web network 1',
      'web self 5',
      'web network 2',
      'orders self 8',
      'orders self 4',
      'mail queue 100',
      'mail self 50',
    ]);
  });

  it('partitions the time even where the consumer seems to start before the publish', () => {
    const flow = buildFlow([
      entry(100),
      span({
        id: 'p',
        parent: 'e',
        service: 'web',
        kind: 'producer',
        at: 60,
        for: 10,
        attributes: nats('publish', 'q'),
      }),
      span({
        id: 'm',
        parent: 'p',
        service: 'mail',
        kind: 'consumer',
        at: 30,
        for: 200,
        attributes: nats('process', 'q'),
      }),
    ])!;
    expect(flow.completionPath.reduce((sum, step) => sum + step.duration, 0)).toBe(flow.completionDuration);
  });
});
