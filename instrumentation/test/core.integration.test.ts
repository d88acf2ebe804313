import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/nats-core';
import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../../tools/nats-server.ts';
import {
  allSpansEnded,
  generations,
  heapAfterCollection,
  inSpan,
  isChildOf,
  linksTo,
  mark,
  openSpanCount,
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

describe.each(generations)('core NATS with $name', (generation) => {
  let nc: NatsConnection;

  beforeEach(async () => {
    nc = await generation.connect({ servers: server.url });
    resetSpans();
  });

  afterEach(async () => {
    await nc.close();
    await allSpansEnded();
  });

  const headersWith = (fields: Record<string, string>): MsgHdrs => {
    const headers = generation.headers();
    for (const [name, value] of Object.entries(fields)) headers.set(name, value);
    return headers as unknown as MsgHdrs;
  };

  it('makes the processing of a published message a child of its publish and links to it', async () => {
    nc.subscribe('things.*', { queue: 'workers', callback: () => mark('inside') });
    await inSpan('entry', () => nc.publish('things.made', 'hello'));

    const process = await spanNamed('process things.*');
    const publish = await spanNamed('publish things.made');
    expect(isChildOf(publish, await spanNamed('entry'))).toBe(true);
    expect(isChildOf(process, publish)).toBe(true);
    expect(linksTo(process, publish)).toBe(true);
    expect(isChildOf(await spanNamed('inside'), process)).toBe(true);
    expect([publish.kind, process.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
    expect(publish.attributes).toEqual({
      'messaging.system': 'nats',
      'messaging.system.name': 'nats',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'things.made',
      'messaging.message.body.size': 5,
      'server.address': '127.0.0.1',
      'server.port': server.port,
    });
    expect(process.attributes).toMatchObject({
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'things.made',
      'messaging.destination.template': 'things.*',
      'messaging.consumer.group.name': 'workers',
      'messaging.message.body.size': 5,
    });
    expect(process.attributes['messaging.nats.message.client_wait']).toBeGreaterThanOrEqual(0);
  });

  it('runs the body of a loop in the context of its message, also after an await', async () => {
    const subscription = nc.subscribe('loop');
    const loop = (async () => {
      for await (const message of subscription) {
        mark(`start ${message.string()}`);
        await pause(2);
        mark(`end ${message.string()}`);
        if (message.string() === '2') break;
      }
    })();
    for (const payload of ['1', '2']) await inSpan(`entry ${payload}`, () => nc.publish('loop', payload));
    await loop;

    const [first, second] = await spansNamed('process loop', 2);
    for (const [payload, process] of [
      ['1', first!],
      ['2', second!],
    ] as const) {
      const publish = spans().find((span) => span.name === 'publish loop' && isChildOf(process, span))!;
      expect(isChildOf(publish, await spanNamed(`entry ${payload}`))).toBe(true);
      expect(isChildOf(await spanNamed(`start ${payload}`), process)).toBe(true);
      expect(isChildOf(await spanNamed(`end ${payload}`), process)).toBe(true);
    }
  });

  it('leaves the context of the caller that starts a loop alone', async () => {
    const subscription = nc.subscribe('caller');
    const work = async () => {
      for await (const _ of subscription) break;
    };
    await inSpan('caller', async () => {
      const before = context.active();
      const running = work();
      expect(context.active()).toBe(before);
      nc.publish('caller', '');
      await spanNamed('publish caller');
      await running;
      expect(context.active()).toBe(before);
      mark('after the loop');
    });
    await spanNamed('process caller');
    expect(isChildOf(await spanNamed('after the loop'), await spanNamed('caller'))).toBe(true);
  });

  it('gives the code after a loop the context from before it, however the loop ends', async () => {
    // Asked in the function that has the loop: its callers keep their own context anyway.
    const ends: Record<string, (subscription: AsyncIterable<Msg>) => Promise<Span | undefined>> = {
      break: async (subscription) => {
        for await (const _ of subscription) break;
        return trace.getActiveSpan();
      },
      throw: async (subscription) => {
        try {
          for await (const _ of subscription) throw new Error('in the body');
        } catch {
          return trace.getActiveSpan();
        }
      },
      drain: async (subscription) => {
        for await (const _ of subscription) void nc.drain();
        return trace.getActiveSpan();
      },
    };
    for (const [how, run] of Object.entries(ends)) {
      const subscription = nc.subscribe(`ending.${how}`);
      nc.publish(`ending.${how}`, '');
      expect(await run(subscription), how).toBeUndefined();
      const process = await spanNamed(`process ending.${how}`);
      // A body that throws looks like a break to the iterator, so nothing can be said about success.
      expect(process.status.code, how).toBe(SpanStatusCode.UNSET);
    }
  });

  it('lets work that nobody awaits keep the context of the message that started it', async () => {
    const subscription = nc.subscribe('later', { max: 2 });
    const late: Promise<void>[] = [];
    nc.publish('later', 'a');
    nc.publish('later', 'b');
    for await (const message of subscription) {
      const name = message.string();
      late.push(pause(10).then(() => mark(`late ${name}`)));
    }
    await Promise.all(late);
    const [a, b] = await spansNamed('process later', 2);
    expect(isChildOf(await spanNamed('late a'), a!)).toBe(true);
    expect(isChildOf(await spanNamed('late b'), b!)).toBe(true);
  });

  it('keeps concurrent loops apart', async () => {
    const loops = ['x', 'y'].map(async (name) => {
      for await (const message of nc.subscribe(`side.${name}`, { max: 5 })) {
        await pause(1);
        mark(`side ${name} ${message.string()}`);
      }
    });
    for (let i = 0; i < 5; i += 1) for (const name of ['x', 'y']) nc.publish(`side.${name}`, `${i}`);
    await Promise.all(loops);
    for (const name of ['x', 'y']) {
      const processes = await spansNamed(`process side.${name}`, 5);
      for (const [i, process] of processes.entries()) {
        expect(isChildOf(await spanNamed(`side ${name} ${i}`), process)).toBe(true);
      }
    }
  });

  it('never chains the messages of a long loop, and lets none of its spans stay open', async () => {
    const count = 300;
    const subscription = nc.subscribe('long', { max: count });
    for (let i = 0; i < count; i += 1) nc.publish('long', `${i}`);
    for await (const message of subscription) mark(`turn ${message.string()}`);
    const processes = await spansNamed('process long', count);
    expect(new Set(processes.map((span) => span.spanContext().traceId)).size).toBe(count);
    expect(openSpanCount()).toBe(0);
  });

  it('holds on to nothing after many messages', async () => {
    const turn = async (count: number) => {
      const subscription = nc.subscribe('many', { max: count });
      for (let i = 0; i < count; i += 1) {
        nc.publish('many', 'x');
        if (i % 500 === 0) {
          await nc.flush();
          resetSpans();
        }
      }
      for await (const _ of subscription);
      resetSpans();
    };
    await turn(2_000);
    const before = heapAfterCollection();
    await turn(20_000);
    // A hundred bytes a message would be two megabytes.
    expect(heapAfterCollection() - before).toBeLessThan(1_500_000);
  });

  it('shows a request as CLIENT and SERVER, with nothing for the inbox', async () => {
    nc.subscribe('sum', { callback: (_, message) => void message.respond('3') });
    const answer = await inSpan('entry', () => nc.request('sum', '1+2'));
    expect(answer.string()).toBe('3');

    const request = await spanNamed('request sum');
    const process = await spanNamed('process sum');
    expect([request.kind, process.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER]);
    expect(isChildOf(process, request)).toBe(true);
    expect(
      spans()
        .map((span) => span.name)
        .sort(),
    ).toEqual(['entry', 'process sum', 'request sum']);
  });

  it('keeps the SERVER span open until a loop answers, even after its turn', async () => {
    const subscription = nc.subscribe('slow.sum', { max: 1 });
    const loop = (async () => {
      for await (const message of subscription) {
        void pause(20).then(() => message.respond('done'));
      }
    })();
    await nc.request('slow.sum', '');
    await loop;
    const process = await spanNamed('process slow.sum');
    expect(process.duration[1]).toBeGreaterThan(15e6);
  });

  it.each([{ noMux: false }, { noMux: true }])(
    'tells no responders from a timeout ($noMux)',
    async ({ noMux }) => {
      await expect(nc.request('nobody', '', { timeout: 500, noMux })).rejects.toThrow();
      nc.subscribe('silent', { callback: () => {} });
      await expect(nc.request('silent', '', { timeout: 30, noMux })).rejects.toThrow();
      const [nobody, silent] = [await spanNamed('request nobody'), await spanNamed('request silent')];
      expect(nobody.attributes['error.type']).toBe('no_responders');
      expect(silent.attributes['error.type']).toBe('timeout');
      expect(silent.status.code).toBe(SpanStatusCode.ERROR);
      // The silent responder returned at once; its span waited for an answer, and tells of none.
      const unanswered = await spanNamed('process silent');
      expect(unanswered.duration[1]).toBeLessThan(20e6);
    },
  );

  it('covers a request for many answers until its iterator closes', async () => {
    for (const id of ['a', 'b']) nc.subscribe('who', { callback: (_, message) => void message.respond(id) });
    const answers = await nc.requestMany('who', '', { maxWait: 1_000, maxMessages: 2, strategy: 'count' });
    const got: string[] = [];
    for await (const answer of answers) got.push(answer.string());
    expect(got.sort()).toEqual(['a', 'b']);
    const request = await spanNamed('request who');
    for (const process of await spansNamed('process who', 2)) expect(isChildOf(process, request)).toBe(true);
  });

  it('does not make messages children of the request in which the connection was opened', async () => {
    const own = await inSpan('request that connects', async () => {
      const connection = await generation.connect({ servers: server.url });
      connection.subscribe('unrelated', { callback: () => mark('handler') });
      await connection.flush();
      return connection;
    });
    const other = await generation.connect({ servers: server.url });
    other.publish('unrelated', '');
    const process = await spanNamed('process unrelated');
    const connecting = await spanNamed('request that connects');
    expect(process.spanContext().traceId).not.toBe(connecting.spanContext().traceId);
    expect(isChildOf(await spanNamed('handler'), process)).toBe(true);
    await own.close();
    await other.close();
  });

  it('never writes into the headers object of the application', async () => {
    const headers = headersWith({ kind: 'test' });
    const seen: Msg[] = [];
    nc.subscribe('copy', { callback: (_, message) => void seen.push(message) });
    nc.publish('copy', '', { headers });
    nc.publish('copy', '', { headers });
    const [first, second] = await spansNamed('process copy', 2);
    expect(headers.keys()).toEqual(['kind']);
    expect(seen[1]?.headers?.get('kind')).toBe('test');
    expect(first!.spanContext().traceId).not.toBe(second!.spanContext().traceId);
  });

  it('replaces the context of a forwarded message, whatever the case of its name', async () => {
    nc.subscribe('first', {
      callback: (_, message) => nc.publish('second', '', { headers: message.headers! }),
    });
    nc.subscribe('second', { callback: () => {} });
    nc.publish('first', '', {
      headers: headersWith({ Traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }),
    });
    const forwarded = await spanNamed('publish second');
    const second = await spanNamed('process second');
    const first = await spanNamed('process first');
    expect(first.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    expect(isChildOf(forwarded, first)).toBe(true);
    expect(isChildOf(second, forwarded)).toBe(true);
  });

  it('keeps a context that the application chose for the message, and links the publish to it', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    nc.subscribe('outbox', { callback: () => {} });
    await inSpan('poller', () => nc.publish('outbox', '', { headers: headersWith({ traceparent }) }));
    const process = await spanNamed('process outbox');
    expect(process.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
    const publish = await spanNamed('publish outbox');
    expect(publish.links.map((link) => link.context.spanId)).toEqual(['b7ad6b7169203331']);
  });

  it('sends a message of the greatest size as it is rather than making it too great', async () => {
    const limit = nc.info!.max_payload;
    const sizes: number[] = [];
    nc.subscribe('big', { callback: (_, message) => void sizes.push(message.data.length) });
    nc.publish('big', new Uint8Array(limit));
    const process = await spanNamed('process big');
    const publish = await spanNamed('publish big');
    expect(publish.attributes['messaging.nats.context_injected']).toBe(false);
    expect(process.parentSpanContext).toBeUndefined();
    expect(sizes).toEqual([limit]);
  });

  it('marks a handler that fails and leaves its rejection unhandled, as it was', async () => {
    const rejections: unknown[] = [];
    const listener = (reason: unknown) => rejections.push(reason);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    try {
      const failure = new Error('cannot');
      nc.subscribe('fails', { callback: () => Promise.reject(failure) });
      nc.publish('fails', '');
      const span = await spanNamed('process fails');
      await pause(10);
      expect(rejections).toEqual([failure]);
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'cannot' });
      expect(span.attributes['error.type']).toBe('Error');
      expect(span.events.map((event) => event.name)).toEqual(['exception']);
    } finally {
      process.removeListener('unhandledRejection', listener);
      for (const other of others) process.on('unhandledRejection', other);
    }
  });

  it('makes an answer to a subject of its own a message of its own', async () => {
    nc.subscribe('ask', { callback: (_, message) => void message.respond('ok') });
    nc.subscribe('answers', { callback: () => {} });
    nc.publish('ask', '', { reply: 'answers' });
    const answer = await spanNamed('publish answers');
    expect(isChildOf(answer, await spanNamed('process ask'))).toBe(true);
    expect(isChildOf(await spanNamed('process answers'), answer)).toBe(true);
  });
});
