import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../../tools/nats-server.ts';
import { startDemo } from '../src/run.ts';
import { eventually, isRunning } from './processes.ts';

describe("a NATS server of the user's own", () => {
  let server: NatsServer;
  let connection: NatsConnection;

  beforeAll(async () => {
    server = await startNatsServer();
    connection = await connect({ servers: server.url });
  });
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
  });

  const streams = async (): Promise<string[]> => {
    const manager = await jetstreamManager(connection);
    const names: string[] = [];
    for await (const { config } of manager.streams.list()) names.push(config.name);
    return names.sort();
  };

  it("carries the shop's messages, and is left as it was", async () => {
    const demo = await startDemo({ natsUrl: server.url, instrumented: false, rate: 10 });
    try {
      expect(demo.pids).not.toHaveProperty('nats-server');
      await eventually('a message arrived', async () => (await demo.waits()).length > 0);
      expect(await streams()).toEqual(['CHECKS', 'MAIL', 'ORDERS']);
    } finally {
      await demo.stop();
    }
    expect(await streams()).toEqual([]);
    expect(isRunning(server.process.pid ?? 0)).toBe(true);
  });

  it("keeps a stream that only has the name of one of the shop's", async () => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'ORDERS', subjects: ['somebody.orders'] });
    await expect(startDemo({ natsUrl: server.url, instrumented: false })).rejects.toThrow(
      "already has a stream ORDERS that is not the demo's",
    );
    expect((await manager.streams.info('ORDERS')).config.subjects).toEqual(['somebody.orders']);
  });
});
