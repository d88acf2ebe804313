import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../../tools/nats-server.ts';
import {
  allSpansEnded,
  eventsOf,
  generations,
  inSpan,
  isChildOf,
  linksTo,
  mark,
  pause,
  resetSpans,
  spanNamed,
  spans,
  spansNamed,
} from './harness.ts';

let server: NatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});

afterAll(() => server.stop());

describe.each(generations)('JetStream with $name', (generation) => {
  let nc: NatsConnection;
  let js: JetStreamClient;
  let manager: JetStreamManager;

  beforeEach(async () => {
    nc = await generation.connect({ servers: server.url });
    js = generation.jetstream(nc);
    manager = await generation.manager(nc);
    await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
    resetSpans();
  });

  afterEach(async () => {
    await manager.streams.delete('ORDERS');
    await nc.close();
    await allSpansEnded();
  });

  const addConsumer = async (config: Record<string, unknown> = {}) => {
    await manager.consumers.add('ORDERS', {
      durable_name: 'billing',
      ack_policy: 'explicit',
      ...config,
    });
    return js.consumers.get('ORDERS', 'billing');
  };

  it('makes no spans for its own talk with the server', async () => {
    const consumer = await addConsumer();
    for await (const _ of await consumer.fetch({ max_messages: 1, expires: 1_000 }));
    await manager.streams.info('ORDERS');
    expect(spans().map((span) => span.name)).toEqual([]);
  });

  it('covers a publish until the server stored the message', async () => {
    const ack = await inSpan('entry', () => js.publish('orders.created', 'o1'));
    const publish = await spanNamed('publish orders.created');
    expect(publish.kind).toBe(SpanKind.PRODUCER);
    expect(isChildOf(publish, await spanNamed('entry'))).toBe(true);
    expect(publish.attributes).toMatchObject({
      'messaging.nats.stream.name': 'ORDERS',
      'messaging.nats.message.stream_sequence': ack.seq,
      'messaging.nats.publish.duplicate': false,
      'messaging.message.id': `ORDERS:${ack.seq}`,
    });
    expect(spans().length).toBe(2);
  });

  it('names a message by the id that the application gave it, and tells of duplicates', async () => {
    const consumer = await addConsumer();
    await js.publish('orders.created', '', { msgID: 'order-1' });
    await js.publish('orders.created', '', { msgID: 'order-1' });
    const published = await spansNamed('publish orders.created', 2);
    expect(published.map((span) => span.attributes['messaging.message.id'])).toEqual(['order-1', 'order-1']);
    expect(published.map((span) => span.attributes['messaging.nats.publish.duplicate'])).toEqual([
      false,
      true,
    ]);
    for await (const message of await consumer.consume()) {
      message.ack();
      break;
    }
    const process = await spanNamed('process orders.created');
    expect(process.attributes['messaging.message.id']).toBe('order-1');
    expect(isChildOf(process, published[0]!)).toBe(true);
  });

  it('fails the publish to a subject that no stream wants', async () => {
    await expect(js.publish('unwanted', '', { timeout: 300 })).rejects.toThrow();
    const publish = await spanNamed('publish unwanted');
    expect(publish.status.code).toBe(SpanStatusCode.ERROR);
    expect(publish.attributes['error.type']).toBe('no_responders');
  });

  it('tells attempts of one publish as events of one span', async () => {
    await expect(js.publish('unwanted', '', { timeout: 100, retries: 2 })).rejects.toThrow();
    const publish = await spanNamed('publish unwanted');
    expect(eventsOf(publish, 'messaging.nats.attempt')).toEqual([{ 'messaging.nats.attempt': 2 }]);
  });

  it('runs the loop over consume() in the context of each message and tells how it was settled', async () => {
    const consumer = await addConsumer({ filter_subject: 'orders.*' });
    for (const id of ['1', '2', '3']) await inSpan(`entry ${id}`, () => js.publish('orders.created', id));
    const messages = await consumer.consume();
    for await (const message of messages) {
      await pause(1);
      mark(`turn ${message.string()}`);
      message.ack();
      if (message.string() === '3') break;
    }
    const processes = await spansNamed('process orders.*', 3);
    for (const [i, process] of processes.entries()) {
      const publish = spans().find((span) => isChildOf(process, span))!;
      expect(publish.name).toBe('publish orders.created');
      expect(linksTo(process, publish)).toBe(true);
      expect(isChildOf(publish, await spanNamed(`entry ${i + 1}`))).toBe(true);
      expect(isChildOf(await spanNamed(`turn ${i + 1}`), process)).toBe(true);
      expect(eventsOf(process, 'messaging.nats.settle')).toEqual([{ 'messaging.nats.settle': 'ack' }]);
      expect(process.kind).toBe(SpanKind.CONSUMER);
      expect(process.attributes).toMatchObject({
        'messaging.destination.name': 'orders.created',
        'messaging.message.id': `ORDERS:${i + 1}`,
        'messaging.consumer.group.name': 'billing',
        'messaging.nats.consumer.name': 'billing',
        'messaging.nats.stream.name': 'ORDERS',
        'messaging.nats.message.stream_sequence': i + 1,
        'messaging.nats.message.delivery_count': 1,
        'messaging.nats.message.pending': 2 - i,
      });
      const storedAt = process.attributes['messaging.nats.message.stored_at'] as string;
      expect(storedAt).toMatch(/^\d{19}$/);
      expect(Math.abs(Number(storedAt) / 1e6 - Date.now())).toBeLessThan(60_000);
      expect(process.attributes['messaging.nats.message.client_wait']).toBeGreaterThan(0);
    }
  });

  it('runs the callback of consume() in a span until its promise settles', async () => {
    const consumer = await addConsumer();
    await js.publish('orders.created', 'x');
    const messages = await consumer.consume({
      callback: async (message: JsMsg) => {
        await pause(10);
        mark('in callback');
        message.ack();
      },
    } as never);
    const process = await spanNamed('process orders.created');
    await messages.close();
    expect(isChildOf(await spanNamed('in callback'), process)).toBe(true);
    expect(process.duration[1]).toBeGreaterThan(8e6);
    expect(isChildOf(process, await spanNamed('publish orders.created'))).toBe(true);
  });

  it('gives each delivery of a message its own span with its count', async () => {
    const consumer = await addConsumer();
    await js.publish('orders.created', 'again');
    const messages = await consumer.consume();
    for await (const message of messages) {
      if (!message.redelivered) {
        message.nak(5);
        continue;
      }
      message.term('enough');
      break;
    }
    const [first, second] = await spansNamed('process orders.created', 2);
    const publish = await spanNamed('publish orders.created');
    for (const process of [first!, second!]) {
      expect(isChildOf(process, publish)).toBe(true);
      expect(linksTo(process, publish)).toBe(true);
    }
    expect(first!.attributes['messaging.nats.message.delivery_count']).toBe(1);
    expect(second!.attributes['messaging.nats.message.delivery_count']).toBe(2);
    expect(eventsOf(first!, 'messaging.nats.settle')).toEqual([
      { 'messaging.nats.settle': 'nak', 'messaging.nats.settle.delay': 5 },
    ]);
    expect(eventsOf(second!, 'messaging.nats.settle')).toEqual([
      { 'messaging.nats.settle': 'term', 'messaging.nats.settle.reason': 'enough' },
    ]);
  });

  it('ends with the ack where that comes after the turn of the loop', async () => {
    const consumer = await addConsumer();
    await js.publish('orders.created', '');
    for await (const message of await consumer.consume()) {
      message.working();
      void pause(25).then(() => message.ackAck());
      break;
    }
    const process = await spanNamed('process orders.created');
    expect(eventsOf(process, 'messaging.nats.settle')).toEqual([
      { 'messaging.nats.settle': 'working' },
      { 'messaging.nats.settle': 'ack' },
    ]);
    expect(process.duration[1]).toBeGreaterThan(20e6);
  });

  it('gives up waiting for an ack after the ack wait, and dates the end back to the handler', async () => {
    const consumer = await addConsumer({ ack_wait: 50e6, max_deliver: 1 });
    await js.publish('orders.created', '');
    const before = Date.now();
    for await (const _ of await consumer.consume()) break;
    const process = await spanNamed('process orders.created');
    expect(Date.now() - before).toBeGreaterThanOrEqual(45);
    expect(process.duration[1]).toBeLessThan(40e6);
    expect(eventsOf(process, 'messaging.nats.settle')).toEqual([]);
  });

  it('does not wait for acks where the consumer has no use for them', async () => {
    const consumer = await addConsumer({ ack_policy: 'none', ack_wait: 10_000e6 });
    await js.publish('orders.created', '');
    for await (const _ of await consumer.consume()) break;
    await spanNamed('process orders.created');
  });

  it('traces the loop over fetch()', async () => {
    const consumer = await addConsumer();
    await js.publish('orders.created', '');
    for await (const message of await consumer.fetch({ max_messages: 1, expires: 2_000 })) {
      mark('fetched');
      message.ack();
    }
    expect(isChildOf(await spanNamed('fetched'), await spanNamed('process orders.created'))).toBe(true);
  });

  it('shows next() as a receive that links to the publish', async () => {
    const consumer = await addConsumer();
    await js.publish('orders.created', 'n');
    const message = await inSpan('worker', () => consumer.next({ expires: 2_000 }));
    message?.ack();
    const receive = await spanNamed('receive orders.created');
    expect(receive.kind).toBe(SpanKind.CLIENT);
    expect(isChildOf(receive, await spanNamed('worker'))).toBe(true);
    expect(linksTo(receive, await spanNamed('publish orders.created'))).toBe(true);
    expect(receive.attributes).toMatchObject({
      'messaging.operation.type': 'receive',
      'messaging.message.id': 'ORDERS:1',
      'messaging.consumer.group.name': 'billing',
    });
    expect(spans().filter((span) => span.name.startsWith('process')).length).toBe(0);
  });

  it('traces ordered consumers once, with a loop and with a callback', async () => {
    await js.publish('orders.created', '');
    const looped = await js.consumers.get('ORDERS');
    for await (const _ of await looped.consume()) {
      mark('ordered loop');
      break;
    }
    const called = await js.consumers.get('ORDERS');
    const messages = await called.consume({ callback: () => mark('ordered callback') } as never);
    const processes = await spansNamed('process orders.created', 2);
    await messages.close();
    expect(isChildOf(await spanNamed('ordered loop'), processes[0]!)).toBe(true);
    expect(isChildOf(await spanNamed('ordered callback'), processes[1]!)).toBe(true);
    expect(spans().filter((span) => span.name.startsWith('process')).length).toBe(2);
  });

  it('leaves nothing open when a loop is drained or the connection closes', async () => {
    const consumer = await addConsumer();
    for (let i = 0; i < 20; i += 1) await js.publish('orders.created', `${i}`);
    let seen = 0;
    for await (const message of await consumer.consume()) {
      message.ack();
      seen += 1;
      if (seen === 5) void nc.drain();
      if (seen === 20) break;
    }
    await spansNamed('process orders.created', seen);
    await allSpansEnded();
    nc = await generation.connect({ servers: server.url });
    manager = await generation.manager(nc);
  });
});

describe('push consumers of @nats-io 3.x', () => {
  const [, modern] = generations;
  if (!modern) throw new Error('3.x is missing');

  it('traces them with a loop and with a callback', async () => {
    const nc = await modern.connect({ servers: server.url });
    const js = modern.jetstream(nc);
    const manager = await modern.manager(nc);
    await manager.streams.add({ name: 'PUSHED', subjects: ['pushed'] });
    resetSpans();
    for (const name of ['looped', 'called']) {
      await manager.consumers.add('PUSHED', {
        durable_name: name,
        ack_policy: 'explicit',
        deliver_subject: `deliver.${name}`,
        deliver_group: `group-${name}`,
      });
    }
    await js.publish('pushed', '');
    const looped = await js.consumers.getPushConsumer('PUSHED', 'looped');
    for await (const message of await looped.consume()) {
      mark('push loop');
      message.ack();
      break;
    }
    const called = await js.consumers.getPushConsumer('PUSHED', 'called');
    await called.consume({
      callback: (message) => {
        mark('push callback');
        message.ack();
      },
    });
    const [first, second] = await spansNamed('process pushed', 2);
    expect(isChildOf(await spanNamed('push loop'), first!)).toBe(true);
    expect(isChildOf(await spanNamed('push callback'), second!)).toBe(true);
    expect([first, second].map((span) => span!.attributes['messaging.consumer.group.name'])).toEqual([
      'looped',
      'called',
    ]);
    await manager.streams.delete('PUSHED');
    await nc.close();
    await allSpansEnded();
  });
});
