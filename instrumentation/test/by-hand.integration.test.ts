import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../../tools/nats-server.ts';
import { instrumentConnection, withMessageContext } from '../src/index.ts';
import {
  allSpansEnded,
  inSpan,
  instrumentation,
  isChildOf,
  mark,
  pause,
  resetSpans,
  spanNamed,
  spans,
} from './harness.ts';

let server: NatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});

afterAll(() => server.stop());

beforeEach(resetSpans);
afterEach(allSpansEnded);

type Transport = typeof import('@nats-io/transport-node');
type JetStream = typeof import('@nats-io/jetstream');

const load = createRequire(__filename);

describe('what the hooks cannot see', () => {
  it('gives work on a message from next() a span of its own', async () => {
    const nc = await (load('@nats-io/transport-node') as Transport).connect({ servers: server.url });
    const { jetstream, jetstreamManager } = load('@nats-io/jetstream') as JetStream;
    const manager = await jetstreamManager(nc);
    await manager.streams.add({ name: 'JOBS', subjects: ['jobs'] });
    await manager.consumers.add('JOBS', { durable_name: 'worker', ack_policy: 'explicit' });
    await jetstream(nc).publish('jobs', '1');
    const consumer = await jetstream(nc).consumers.get('JOBS', 'worker');
    const message = await consumer.next({ expires: 1_000 });
    const result = await withMessageContext(message!, async () => {
      await pause(2);
      mark('work');
      message!.ack();
      return 'done';
    });
    expect(result).toBe('done');
    const process = await spanNamed('process jobs');
    expect(isChildOf(process, await spanNamed('publish jobs'))).toBe(true);
    expect(isChildOf(await spanNamed('work'), process)).toBe(true);

    const failure = new Error('no');
    await jetstream(nc).publish('jobs', '2');
    const second = await consumer.next({ expires: 1_000 });
    second!.ack();
    await expect(withMessageContext(second!, () => Promise.reject(failure))).rejects.toBe(failure);
    await manager.streams.delete('JOBS');
    await nc.close();
  });

  it('lets a worker outside of the loop go on in the span of the message', async () => {
    const nc = await (load('@nats-io/transport-node') as Transport).connect({ servers: server.url });
    nc.subscribe('handed.on', {
      callback: (_, message) => void setImmediate(() => withMessageContext(message, () => mark('worker'))),
    });
    nc.publish('handed.on', '');
    expect(isChildOf(await spanNamed('worker'), await spanNamed('process handed.on'))).toBe(true);
    await nc.close();
  });

  it('traces the connections of bundled code by the classes behind one of them', async () => {
    // A bundle's own copy of the client is one that no hook has touched.
    instrumentation.disable();
    try {
      const { connect } = load('@nats-io/transport-node') as Transport;
      const nc = instrumentConnection(await connect({ servers: server.url }));
      instrumentConnection(nc);
      nc.subscribe('bundled.question', { callback: (_, message) => void message.respond('answer') });
      const loop = (async () => {
        for await (const message of nc.subscribe('bundled.loop', { max: 1 }))
          mark(`loop ${message.string()}`);
      })();
      await inSpan('entry', async () => {
        await nc.request('bundled.question', '');
        nc.publish('bundled.loop', 'x');
      });
      await loop;
      expect(isChildOf(await spanNamed('loop x'), await spanNamed('process bundled.loop'))).toBe(true);
      const request = await spanNamed('request bundled.question');
      expect(isChildOf(await spanNamed('process bundled.question'), request)).toBe(true);
      expect(spans().length).toBe(6);
      await nc.close();
    } finally {
      instrumentation.enable();
    }
  });
});
