import { describe, expect, it } from 'vitest';
import { jetStream, nats, span, spanIdOf } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { buildFlow } from './index.ts';
import type { Delivery } from './types.ts';

const deliveriesOf = (spans: readonly Span[]): readonly Delivery[] => buildFlow(spans)!.deliveries;

const ms = (nanos: number | undefined) => (nanos === undefined ? undefined : nanos / 1e6);

const publish = (more: object = {}) =>
  span({
    id: 'p',
    service: 'orders',
    kind: 'producer',
    at: 0,
    for: 10,
    attributes: nats('publish', 'orders.created'),
    ...more,
  });

const consume = (id: string, at: number, message: Parameters<typeof jetStream>[0], more: object = {}) =>
  span({
    id,
    parent: 'p',
    links: ['p'],
    service: message.group,
    kind: 'consumer',
    at,
    for: 5,
    attributes: nats('process', 'orders.created', jetStream(message)),
    ...more,
  });

const plain = (at: number, more: object = {}) =>
  span({
    id: 'c',
    parent: 'p',
    service: 'mail',
    kind: 'consumer',
    at,
    attributes: nats('process', 'orders.created'),
    ...more,
  });

describe('time in queue', () => {
  it('runs from the end of the publish to the start of the handling', () => {
    const [delivery] = deliveriesOf([publish(), plain(40)]);
    expect(ms(delivery!.timeInQueue)).toBe(30);
    expect(delivery).toMatchObject({ clock: 'producer', consumerService: 'mail', producerService: 'orders' });
  });

  //  |publish ------ (slow acknowledgement)|
  //      |consume|
  it('runs from the start of a publish that was still open', () => {
    expect(ms(deliveriesOf([publish({ for: 50 }), plain(20)])[0]!.timeInQueue)).toBe(20);
  });

  it('stays negative where the clocks disagree, and says how unsure it is', () => {
    const [delivery] = deliveriesOf([publish(), plain(-480)]);
    expect(ms(delivery!.timeInQueue)).toBe(-480);
    expect(ms(delivery!.uncertainty)).toBe(480);
  });

  it("prefers the broker's clock and splits what it can", () => {
    const told = {
      ...jetStream({ sequence: 1, group: 'mail', storedAt: 4 }),
      'messaging.nats.message.client_wait': 3_000_000n,
    };
    const [delivery] = deliveriesOf([
      publish(),
      plain(40, { attributes: nats('process', 'orders.created', told) }),
    ]);
    expect(delivery!.clock).toBe('broker');
    expect([ms(delivery!.timeInQueue), ms(delivery!.brokerWait), ms(delivery!.clientWait)]).toEqual([
      36, 33, 3,
    ]);
  });

  it('is surer on one host than between two', () => {
    const between = (host: string) =>
      deliveriesOf([publish({ host: 'h1' }), plain(40, { host })])[0]!.uncertainty;
    expect(between('h1')).toBeLessThan(between('h2'));
  });

  it('is unknown without a publish', () => {
    expect(deliveriesOf([plain(40)])[0]!.timeInQueue).toBeUndefined();
  });
});

describe('deliveries', () => {
  it('are one for a receive and a process span of the same message', () => {
    const spans = [
      publish(),
      span({
        id: 'r',
        trace: 'u',
        links: [['t', 'p']],
        service: 'mail',
        kind: 'client',
        at: 5,
        for: 20,
        attributes: nats('receive', 'orders.created'),
      }),
      span({
        id: 'h',
        trace: 'u',
        parent: 'r',
        links: [['t', 'p']],
        service: 'mail',
        kind: 'consumer',
        at: 30,
        attributes: nats('process', 'orders.created'),
      }),
    ];
    const found = deliveriesOf(spans);
    expect(found).toHaveLength(1);
    expect(found[0]!.consumerSpan).toBe(spanIdOf('h'));
    expect(ms(found[0]!.timeInQueue)).toBe(20);
    const siblings = spans.map((one) => (one.name === 'h' ? { ...one, parentSpanId: undefined } : one));
    expect(deliveriesOf(siblings)).toHaveLength(1);
  });

  it('come from a receive span alone, at its end, where a library makes no other', () => {
    const receive = span({
      id: 'r',
      trace: 'u',
      links: [['t', 'p']],
      service: 'mail',
      kind: 'consumer',
      at: -900,
      for: 950,
      attributes: nats('receive', 'orders.created'),
    });
    expect(ms(deliveriesOf([publish(), receive])[0]!.timeInQueue)).toBe(40);
  });

  it('tell how the message was settled', () => {
    const settled = (how: string) =>
      deliveriesOf([
        publish(),
        consume(
          'c',
          20,
          { sequence: 1, group: 'mail' },
          { events: [{ name: 'messaging.nats.settle', attributes: { 'messaging.nats.settle': how } }] },
        ),
      ])[0]!.settlement;
    expect([settled('ack'), settled('nak'), settled('term'), settled('working')]).toEqual([
      'ack',
      'nak',
      'term',
      'none',
    ]);
  });
});

describe('duplicates', () => {
  const again = { sequence: 7, group: 'billing' };

  it('are later successes of one message in one group', () => {
    const found = deliveriesOf([
      publish(),
      consume('c1', 20, again),
      consume('c2', 30_020, { ...again, count: 2 }),
    ]);
    expect(found.map((delivery) => delivery.duplicateOf)).toEqual([undefined, found[0]!.id]);
    expect(found[1]!.attempt).toBe(2);
  });

  it('are not retries of a failure, other groups or other messages', () => {
    const none = (...spans: Span[]) =>
      expect(deliveriesOf([publish(), ...spans]).map((d) => d.duplicateOf)).toEqual([undefined, undefined]);
    none(consume('c1', 20, again, { error: true }), consume('c2', 40, { ...again, count: 2 }));
    none(consume('c1', 20, again), consume('c2', 40, { ...again, group: 'mail' }));
    none(consume('c1', 20, again), consume('c2', 40, { ...again, sequence: 8 }));
  });

  it('are not two plain subscriptions of one service: each gets every message by right', () => {
    const found = deliveriesOf([publish(), plain(20), plain(21, { id: 'c2' })]);
    expect(found.map((delivery) => delivery.duplicateOf)).toEqual([undefined, undefined]);
  });
});
