import { jetstreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startNatsServer } from '../../../tools/nats-server.ts';
import { STREAMS } from '../kit/messages.ts';

/** The mark by which the demo knows its own streams on somebody's NATS server. */
const DESCRIPTION = 'Tailrace demo shop';

export interface RunningBroker {
  readonly url: string;
  /** Undefined where the server is the user's own. */
  readonly pid: number | undefined;
  /** Settles when our own server is gone; never for the user's. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

const createStreams = async (connection: NatsConnection): Promise<void> => {
  const manager = await jetstreamManager(connection);
  for (const [name, subjects] of Object.entries(STREAMS)) {
    const existing = await manager.streams.info(name).catch(() => undefined);
    if (existing && existing.config.description !== DESCRIPTION) {
      throw new Error(
        `the NATS server already has a stream ${name} that is not the demo's. Unset NATS_URL to let the demo start a server of its own.`,
      );
    }
    if (existing) await manager.streams.delete(name);
    await manager.streams.add({
      name,
      subjects: [...subjects],
      description: DESCRIPTION,
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      max_msgs: 1_000_000,
    });
  }
};

const deleteStreams = async (connection: NatsConnection): Promise<void> => {
  const manager = await jetstreamManager(connection);
  for (const name of Object.keys(STREAMS)) await manager.streams.delete(name).catch(() => undefined);
};

const withConnection = async (
  url: string,
  use: (connection: NatsConnection) => Promise<void>,
): Promise<void> => {
  const connection = await connect({ servers: url, name: 'tailrace-demo' });
  try {
    await use(connection);
  } finally {
    await connection.close();
  }
};

/** The user's NATS server where a URL is given, else a real one of our own; with the shop's streams in it. */
export const startBroker = async (url: string | undefined, storeDir: string): Promise<RunningBroker> => {
  if (url) {
    await withConnection(url, createStreams);
    return {
      url,
      pid: undefined,
      exited: new Promise(() => undefined),
      stop: () => withConnection(url, deleteStreams),
    };
  }
  const server = await startNatsServer({ storeDir, detached: true });
  const exited = new Promise<string>((resolve) => {
    server.process.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`),
    );
  });
  try {
    await withConnection(server.url, createStreams);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url, pid: server.process.pid, exited, stop: () => server.stop() };
};
