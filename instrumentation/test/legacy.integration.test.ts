import type { NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../../tools/nats-server.ts';
import {
  allSpansEnded,
  eventsOf,
  inSpan,
  isChildOf,
  legacy,
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

/** What only `nats` 2.x has: the JetStream API from before consumers were objects, key-value, services. */
describe('the older API of nats 2.x', () => {
  let nc: NatsConnection;

  beforeEach(async () => {
    nc = await legacy.connect({ servers: server.url });
    const manager = await nc.jetstreamManager();
    await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
    await manager.consumers.add('ORDERS', {
      durable_name: 'billing',
      ack_policy: legacy.AckPolicy.Explicit,
    });
    resetSpans();
  });

  afterEach(async () => {
    await (await nc.jetstreamManager()).streams.delete('ORDERS');
    await nc.close();
    await allSpansEnded();
  });

  it('traces js.subscribe with a loop, which acks by itself after each turn', async () => {
    const js = nc.jetstream();
    const options = legacy.consumerOpts();
    options.deliverTo(legacy.createInbox());
    options.durable('pushed');
    options.maxMessages(2);
    await js.publish('orders.created', '1');
    await js.publish('orders.created', '2');
    for await (const message of await js.subscribe('orders.>', options)) {
      mark(`turn ${message.string()}`);
    }
    const [first, second] = await spansNamed('process orders.>', 2);
    expect(isChildOf(await spanNamed('turn 1'), first!)).toBe(true);
    expect(isChildOf(await spanNamed('turn 2'), second!)).toBe(true);
    expect(eventsOf(first!, 'messaging.nats.settle')).toEqual([{ 'messaging.nats.settle': 'ack' }]);
    expect(first!.attributes['messaging.consumer.group.name']).toBe('pushed');
  });

  it('traces js.subscribe with a callback', async () => {
    const js = nc.jetstream();
    const options = legacy.consumerOpts();
    options.deliverTo(legacy.createInbox());
    options.manualAck();
    options.callback((_, message) => {
      mark('called');
      message?.ack();
    });
    await js.subscribe('orders.created', options);
    await js.publish('orders.created', '');
    const process = await spanNamed('process orders.created');
    expect(isChildOf(await spanNamed('called'), process)).toBe(true);
    expect(spans().filter((span) => span.name.startsWith('process')).length).toBe(1);
  });

  it('traces js.fetch and links js.pull', async () => {
    const js = nc.jetstream();
    await js.publish('orders.created', 'fetched');
    for await (const message of js.fetch('ORDERS', 'billing', { batch: 1, expires: 1_000 })) {
      mark('fetched');
      message.ack();
    }
    expect(isChildOf(await spanNamed('fetched'), await spanNamed('process orders.created'))).toBe(true);

    await js.publish('orders.paid', 'pulled');
    (await js.pull('ORDERS', 'billing', 1_000)).ack();
    const receive = await spanNamed('receive orders.paid');
    expect(linksTo(receive, await spanNamed('publish orders.paid'))).toBe(true);
  });

  it('traces js.pullSubscribe', async () => {
    const js = nc.jetstream();
    const options = legacy.consumerOpts();
    options.durable('puller');
    options.ackExplicit();
    const subscription = await js.pullSubscribe('orders.>', options);
    await js.publish('orders.created', '');
    subscription.pull({ batch: 1, expires: 1_000 });
    for await (const message of subscription) {
      mark('pulled');
      message.ack();
      break;
    }
    expect(isChildOf(await spanNamed('pulled'), await spanNamed('process orders.>'))).toBe(true);
  });

  it('names key-value writes by bucket, and makes no stored entry a parent', async () => {
    const bucket = await nc.jetstream().views.kv('settings');
    resetSpans();
    const watch = await bucket.watch();
    const watched = (async () => {
      for await (const entry of watch) {
        mark(`saw ${entry.key}`);
        break;
      }
    })();
    await inSpan('write', () => bucket.put('customer.4711', 'x'));
    await watched;
    await bucket.get('customer.4711');
    await pause(10);
    expect(
      spans()
        .map((span) => span.name)
        .sort(),
    ).toEqual(['publish $KV.settings', 'saw customer.4711', 'write']);
    expect((await spanNamed('saw customer.4711')).parentSpanContext).toBeUndefined();
  });

  it('shows a failed call of a service as an error on both sides', async () => {
    const service = await nc.services.add({ name: 'max', version: '1.0.0' });
    service.addEndpoint('max', (error, message) => {
      if (!error) message.respondError(400, 'not numbers');
    });
    await nc.request('max', 'x');
    for (const name of ['request max', 'process max']) {
      const span = await spanNamed(name);
      expect(span.attributes['error.type'], name).toBe('400');
      expect(span.status.message, name).toBe('not numbers');
    }
    await service.stop();
  });
});
