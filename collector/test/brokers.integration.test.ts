import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AckPolicy, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  freePort,
  type NatsServer,
  type NatsServerOptions,
  startNatsServer,
} from '../../tools/nats-server.ts';
import { Queues, Status } from '../src/contract/index.ts';
import { fromMillis, NANOS_PER_MS } from '../src/model/index.ts';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { otlpJson, postJson } from './otlp-json.ts';
import { EPOCH, nats, span } from './spans.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

const startNats = async (options: NatsServerOptions = {}): Promise<NatsServer> => {
  const server = await startNatsServer(options);
  closers.push(() => server.stop());
  return server;
};

const startCollector = async (natsUrl: string): Promise<CollectorProcess> => {
  const collector = await startCollectorProcess({ args: ['--settle', '200ms', '--nats', natsUrl] });
  closers.push(() => collector.stop());
  return collector;
};

const clientOf = async (server: NatsServer, login = {}): Promise<NatsConnection> => {
  const client = await connect({ servers: server.url, ...login });
  closers.push(() => client.close());
  return client;
};

/**
 * A stream with orders and a durable consumer that took none of them.
 * Resolves with the time just before the first order was stored, Unix milliseconds.
 */
const ordersFor = async (client: NatsConnection, count: number): Promise<number> => {
  const manager = await jetstreamManager(client);
  await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>', 'returns.>'] });
  await manager.consumers.add('ORDERS', {
    durable_name: 'billing',
    filter_subject: 'orders.created',
    ack_policy: AckPolicy.Explicit,
  });
  // Older than what the consumer waits for, so it must not count as lag.
  await jetstream(client).publish('returns.asked', '{}');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const from = Date.now();
  for (let n = 0; n < count; n++) await jetstream(client).publish('orders.created', '{}');
  return from;
};

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'tailrace-brokers-'));
  closers.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const getJson = async (collector: CollectorProcess, path: string): Promise<unknown> =>
  (await fetch(`${collector.ui}/api/v1${path}`)).json();

const queues = async (collector: CollectorProcess, range = '') =>
  Queues.parse(await getJson(collector, `/queues${range}`)).queues;

const brokers = async (collector: CollectorProcess) =>
  Status.parse(await getJson(collector, '/status')).brokers ?? [];

const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 200 });

describe('broker facts', { timeout: 90_000 }, () => {
  it('show a consumer that is down, though no span mentions it', async () => {
    const server = await startNats();
    const from = await ordersFor(await clientOf(server), 5);
    const collector = await startCollector(server.url);
    await eventually(async () => expect(await queues(collector)).toHaveLength(1));
    const [queue] = await queues(collector);
    expect(queue).toMatchObject({
      system: 'nats',
      destination: 'orders.created',
      consumerGroup: 'billing',
      status: 'unknown',
      backlog: 5,
      processedPerSecond: 0,
      exemplars: [],
      broker: { stream: 'ORDERS', pending: 5, ackPending: 0, redelivered: 0 },
    });
    const asOf = Number(BigInt(queue?.broker?.asOf ?? 0) / 1_000_000n);
    expect(queue?.lagSeconds).toBeGreaterThan(0);
    // The older message of the other subject, of a second before, does not count.
    expect(queue?.lagSeconds).toBeLessThan((asOf - from) / 1_000 + 0.5);
    expect(await brokers(collector)).toEqual([{ url: server.url, connected: true }]);
    expect(collector.output.stderr).toBe('');
  });

  it('join what spans tell of a consumer that falls behind, for ranges that end now', async () => {
    const server = await startNats();
    const client = await clientOf(server);
    await ordersFor(client, 5);
    const consumer = await jetstream(client).consumers.get('ORDERS', 'billing');
    const messages = await consumer.fetch({ max_messages: 2, expires: 2_000 });
    let handled = 0;
    // Settles the first, and holds the second.
    for await (const message of messages) if (++handled === 1) await message.ackAck();
    expect(handled).toBe(2);

    const collector = await startCollector(server.url);
    const at = Number(fromMillis(Date.now()) - EPOCH) / NANOS_PER_MS - 1_000;
    const group = { 'messaging.consumer.group.name': 'billing' };
    const spans = [
      span({
        id: 'p',
        trace: 't',
        service: 'orders',
        kind: 'producer',
        at,
        attributes: nats('publish', 'orders.created'),
      }),
      span({
        id: 'c',
        parent: 'p',
        trace: 't',
        service: 'billing',
        kind: 'consumer',
        at: at + 10,
        attributes: { ...nats('process', 'orders.created'), ...group },
      }),
    ];
    expect((await postJson(collector.otlpHttp, otlpJson(spans))).status).toBe(200);
    await eventually(async () =>
      expect(await queues(collector)).toMatchObject([{ backlog: 3, exemplars: [expect.any(String)] }]),
    );
    const [queue] = await queues(collector);
    expect(queue).toMatchObject({
      destination: 'orders.created',
      consumerGroup: 'billing',
      broker: { stream: 'ORDERS', pending: 3, ackPending: 1 },
    });
    expect(queue?.lagSeconds).toBeGreaterThan(0.05);
    expect(queue?.processedPerSecond).toBeGreaterThan(0);

    const lastHour = String(fromMillis(Date.now() - 3_600_000));
    expect(await queues(collector, `?end=${lastHour}`)).toEqual([]);
  });

  it('come once the broker is there, and the collector is ready long before', async () => {
    const port = await freePort();
    const url = `nats://127.0.0.1:${port}`;
    const collector = await startCollector(url);
    expect((await fetch(`${collector.ui}/readyz`)).status).toBe(200);
    const line = `tailrace: NATS at ${url} is unreachable (connection refused): broker facts are missing until it answers; check --nats\n`;
    await eventually(async () => expect(collector.output.stderr).toBe(line));
    expect(await brokers(collector)).toEqual([
      { url, connected: false, message: line.slice('tailrace: '.length, -1) },
    ]);
    const server = await startNats({ port });
    await ordersFor(await clientOf(server), 2);
    await eventually(async () => expect(await queues(collector)).toMatchObject([{ backlog: 2 }]));
    expect(collector.output.stderr).toBe(
      `${line}tailrace: NATS at ${url} answers: broker facts are there again\n`,
    );
  });

  it('come back after the broker was restarted', async () => {
    const options = { port: await freePort(), storeDir: folder() };
    const first = await startNats(options);
    const client = await clientOf(first);
    await ordersFor(client, 2);
    await client.close();
    const collector = await startCollector(first.url);
    await eventually(async () => expect(await queues(collector)).toMatchObject([{ backlog: 2 }]));
    await first.stop();
    await eventually(async () =>
      expect(await brokers(collector)).toMatchObject([
        { connected: false, message: expect.stringMatching(/unreachable/) },
      ]),
    );
    const second = await startNats(options);
    await jetstream(await clientOf(second)).publish('orders.created', '{}');
    await eventually(async () => expect(await queues(collector)).toMatchObject([{ backlog: 3 }]));
    expect(await brokers(collector)).toEqual([{ url: first.url, connected: true }]);
    const lines = collector.output.stderr.trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/is unreachable \(/),
      expect.stringMatching(/answers: broker facts are there again/),
    ]);
  });

  it('are asked for with the credentials of the URL, which are shown nowhere', async () => {
    const server = await startNats({ args: ['--user', 'shop', '--pass', 's3cr3t:12@/x'] });
    await ordersFor(await clientOf(server, { user: 'shop', pass: 's3cr3t:12@/x' }), 1);
    const host = `127.0.0.1:${server.port}`;
    const collector = await startCollector(`nats://shop:${encodeURIComponent('s3cr3t:12@/x')}@${host}`);
    await eventually(async () => expect(await queues(collector)).toMatchObject([{ backlog: 1 }]));
    expect(await brokers(collector)).toEqual([{ url: `nats://${host}`, connected: true }]);

    const wrong = await startCollector(`nats://shop:s3cr3t-no@${host}`);
    await eventually(async () => expect(wrong.output.stderr).toContain('Authorization Violation'));
    expect(wrong.output.stderr).toBe(
      `tailrace: NATS at nats://${host} does not let us in (Authorization Violation): broker facts are missing until it does; check user and password, or the token, in --nats\n`,
    );
    const said = [collector, wrong].map(({ output }) => output.stdout + output.stderr);
    const answered = await Promise.all([collector, wrong].map((one) => getJson(one, '/status')));
    expect(`${said}${JSON.stringify(answered)}`).not.toMatch(/s3cr3t|shop/);

    const malformed = startCollectorProcess({ args: ['--nats', `http://shop:s3cr3t@${host}`] });
    await expect(malformed).rejects.toThrow(
      `"http://***@${host}" is not a URL such as nats://127.0.0.1:4222`,
    );
    await expect(malformed).rejects.not.toThrow(/s3cr3t/);
  });

  it('are missing with a reason where the account has no JetStream or may not ask', async () => {
    const config = join(folder(), 'nats.conf');
    writeFileSync(
      config,
      `accounts {
        SHOP: { jetstream: enabled, users: [
          { user: owner, password: p }
          { user: nobody, password: p, permissions: { publish: { deny: "$JS.API.>" } } }
          { user: lister, password: p, permissions: { publish: { deny: "$JS.API.STREAM.MSG.GET.>" } } }
        ] }
        OTHER: { users: [{ user: other, password: p }] }
      }`,
    );
    const server = await startNats({ args: ['-c', config] });
    await ordersFor(await clientOf(server, { user: 'owner', pass: 'p' }), 1);
    const as = (user: string) => startCollector(`nats://${user}:p@127.0.0.1:${server.port}`);
    for (const [user, message] of [
      ['nobody', /does not let us look \(Permissions Violation for Publish to "\$JS\.API\.STREAM\.LIST"\)/],
      ['other', /has no JetStream for us \(JetStream not enabled for account\)/],
    ] as const) {
      const collector = await as(user);
      await eventually(async () => expect(collector.output.stderr).toMatch(message));
      expect(await brokers(collector)).toMatchObject([
        { connected: false, message: expect.stringMatching(message) },
      ]);
      expect(await queues(collector)).toEqual([]);
    }
    const lister = await as('lister');
    await eventually(async () =>
      expect(await queues(lister)).toMatchObject([{ backlog: 1, lagSeconds: null }]),
    );
    expect(await brokers(lister)).toMatchObject([
      { connected: true, message: expect.stringMatching(/does not let us read messages/) },
    ]);
    expect(lister.output.stderr).toMatch(/^tailrace: NATS at \S+ does not let us read messages .*\n$/);
  });

  it('tell of every consumer, however many pages they fill', async () => {
    const server = await startNats();
    const manager = await jetstreamManager(await clientOf(server));
    await manager.streams.add({ name: 'ORDERS', subjects: ['orders.*'], storage: StorageType.Memory });
    // nats-server lists 256 consumers a page.
    const names = Array.from({ length: 260 }, (_, n) => `worker-${n}`);
    for (const name of names) {
      await manager.consumers.add('ORDERS', { durable_name: name, ack_policy: AckPolicy.Explicit });
    }
    const collector = await startCollector(server.url);
    await eventually(async () => expect(await queues(collector)).toHaveLength(names.length));
    const groups = (await queues(collector)).map(({ consumerGroup }) => consumerGroup);
    expect(groups.sort()).toEqual(names.sort());
  });

  it('are asked for over WebSockets as well', async () => {
    const port = await freePort();
    const config = join(folder(), 'nats.conf');
    writeFileSync(config, `websocket { listen: "127.0.0.1:${port}", no_tls: true }`);
    const server = await startNats({ args: ['-c', config] });
    await ordersFor(await clientOf(server), 1);
    const collector = await startCollector(`ws://127.0.0.1:${port}`);
    await eventually(async () => expect(await queues(collector)).toMatchObject([{ backlog: 1 }]));
  });
});
