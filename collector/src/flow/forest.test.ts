import { describe, expect, it } from 'vitest';
import { http, httpOut, nats, span, spanIdOf } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { buildFlow } from './index.ts';
import type { Flow } from './types.ts';

const flowOf = (spans: readonly Span[], entry?: string): Flow => {
  const flow = buildFlow(spans, entry === undefined ? {} : { entry: spanIdOf(entry) });
  if (flow === undefined) throw new Error('no flow');
  return flow;
};

const names = (flow: Flow) => flow.spans.map(({ span }) => span.name);

const warningsOf = (flow: Flow, name: string) => flow.spans.find(({ span }) => span.name === name)?.warnings;

describe('what a flow holds', () => {
  it('is nothing without spans, and nothing where the entry is unknown', () => {
    expect(buildFlow([])).toBeUndefined();
    expect(buildFlow([span({ id: 'a' })], { entry: spanIdOf('b') })).toBeUndefined();
  });

  // a ─┬─ b ── c        entry b: only what b caused
  //    └─ d
  it('is the forward closure from the entry, without siblings and causes', () => {
    const spans = [
      span({ id: 'a', for: 100 }),
      span({ id: 'b', parent: 'a', at: 1 }),
      span({ id: 'c', parent: 'b', at: 2 }),
      span({ id: 'd', parent: 'a', at: 3 }),
    ];
    expect(names(flowOf(spans, 'b'))).toEqual(['b', 'c']);
    expect(names(flowOf(spans))).toEqual(['a', 'b', 'c', 'd']);
  });

  // trace t: a ── publish ~~link~~> trace u: consume.  Opened by the consumer's trace it starts at a.
  it('starts at the topmost cause, whichever of its traces comes first', () => {
    const spans = [
      span({
        id: 'consume',
        trace: 'u',
        kind: 'consumer',
        links: [['t', 'publish']],
        at: 50,
        attributes: nats('process', 'q'),
      }),
      span({ id: 'a', kind: 'server', for: 20, attributes: http('GET', '/') }),
      span({ id: 'publish', parent: 'a', kind: 'producer', at: 5, attributes: nats('publish', 'q') }),
    ];
    expect(names(flowOf(spans))).toEqual(['a', 'publish', 'consume']);
  });

  // a1 ── p1 ~~> batch <~~ p2 ── a2       batch ─┬─ handle1 ~~> p1
  //                                              └─ handle2 ~~> p2
  it('takes only its share of a batch', () => {
    const order = (n: number) => [
      span({ id: `a${n}`, trace: `t${n}`, kind: 'server', for: 20, attributes: http('POST', '/orders') }),
      span({
        id: `p${n}`,
        trace: `t${n}`,
        parent: `a${n}`,
        kind: 'producer',
        at: 5,
        attributes: nats('publish', 'q'),
      }),
      span({
        id: `handle${n}`,
        trace: 'b',
        parent: 'batch',
        kind: 'consumer',
        links: [[`t${n}`, `p${n}`]],
        at: 60 + n,
        attributes: nats('process', 'q'),
      }),
    ];
    const batch = span({
      id: 'batch',
      trace: 'b',
      kind: 'consumer',
      at: 50,
      for: 30,
      service: 'app',
      links: [
        ['t1', 'p1'],
        ['t2', 'p2'],
      ],
      attributes: nats('receive', 'q'),
    });
    const flow = flowOf([...order(1), ...order(2), batch], 'a1');
    expect(names(flow)).toEqual(['a1', 'p1', 'batch', 'handle1']);
    expect(flow.deliveries).toHaveLength(1);
    expect(flow.grade).toBe('complete');
    expect(names(flowOf([...order(1), ...order(2), batch], 'batch'))).toEqual([
      'batch',
      'handle1',
      'handle2',
    ]);
  });

  it('joins a consumer without any context by the message that it names', () => {
    const message = { 'messaging.message.id': 'm-1' };
    const spans = [
      span({ id: 'publish', kind: 'producer', attributes: nats('publish', 'q', message) }),
      span({
        id: 'consume',
        trace: 'u',
        kind: 'consumer',
        at: 50,
        attributes: nats('process', 'q', message),
      }),
      span({
        id: 'other',
        trace: 'v',
        kind: 'consumer',
        at: 60,
        attributes: nats('process', 'q', { 'messaging.message.id': 'm-2' }),
      }),
    ];
    expect(names(flowOf(spans, 'publish'))).toEqual(['publish', 'consume']);
  });
});

describe('broken data is shown', () => {
  it('hangs orphans under the entry and says so', () => {
    const flow = flowOf([
      span({ id: 'a', for: 100 }),
      span({ id: 'orphan', parent: 'lost', at: 10, service: 'other' }),
      span({ id: 'below', parent: 'orphan', at: 11, service: 'other' }),
    ]);
    expect(names(flow)).toEqual(['a', 'orphan', 'below']);
    expect(warningsOf(flow, 'orphan')).toEqual([`Its parent ${spanIdOf('lost')} is missing.`]);
    expect(flow.grade).toBe('orphaned');
    // Nothing is known of who called it, so no hop is claimed.
    expect(flow.hops).toEqual([]);
  });

  // a <── b <── a, and c its own parent
  it('cuts circles of parents and flags the cut', () => {
    const flow = flowOf([
      span({ id: 'root', for: 100 }),
      span({ id: 'a', parent: 'b', at: 1 }),
      span({ id: 'b', parent: 'a', at: 2 }),
      span({ id: 'c', parent: 'c', at: 3 }),
    ]);
    expect(names(flow)).toEqual(['root', 'a', 'b', 'c']);
    expect(warningsOf(flow, 'a')?.[0]).toMatch(/circle/);
    expect(warningsOf(flow, 'c')?.[0]).toMatch(/circle/);
    expect(warningsOf(flow, 'b')).toEqual([]);
    expect(flow.grade).toBe('orphaned');
  });

  it('shows a flow that is nothing but a circle', () => {
    expect(
      names(flowOf([span({ id: 'a', parent: 'b', at: 1 }), span({ id: 'b', parent: 'a', at: 2 })])),
    ).toEqual(['a', 'b']);
  });

  it('keeps one of copies, the one that tells most, and warns', () => {
    const flow = flowOf([
      span({ id: 'a', for: 1 }),
      span({ id: 'a', for: 100, attributes: http('GET', '/') }),
      span({ id: 'a', for: 100 }),
    ]);
    expect(flow.spans).toHaveLength(1);
    expect(flow.entry.name).toBe('GET /');
    expect(flow.warnings).toEqual(['2 spans came more than once.']);
  });

  it('tolerates an end before the start', () => {
    const flow = flowOf([span({ id: 'a', for: -5 }), span({ id: 'b', parent: 'a', at: 0, for: 3 })]);
    expect(flow.responseDuration).toBe(0);
    expect(flow.responsePath).toEqual([]);
    expect(warningsOf(flow, 'a')).toEqual(['It ends 5 ms before it starts.']);
  });

  it('grades a link to nowhere as dangling and an unread message as unprocessed', () => {
    const consumer = span({
      id: 'c',
      kind: 'consumer',
      links: [['gone', 'p']],
      attributes: nats('process', 'q'),
    });
    expect(flowOf([consumer]).grade).toBe('dangling');
    expect(flowOf([span({ id: 'p', kind: 'producer', attributes: nats('publish', 'q') })]).grade).toBe(
      'unprocessed',
    );
  });

  it('survives a chain of 100 000 spans', () => {
    const chain = Array.from({ length: 100_000 }, (_, n) =>
      span({
        id: `s${n}`,
        ...(n === 0 ? {} : { parent: `s${n - 1}` }),
        service: `service-${n % 7}`,
        kind: n % 2 === 0 ? 'server' : 'client',
        at: n / 1_000,
        for: 1_000 - n / 1_000,
        attributes: n % 2 === 0 ? http('GET', '/x') : httpOut('GET', 'next', '/x'),
      }),
    );
    const flow = flowOf(chain);
    expect(flow.spans).toHaveLength(100_000);
    expect(flow.responsePath.reduce((sum, step) => sum + step.duration, 0)).toBe(flow.responseDuration);
  });
});
