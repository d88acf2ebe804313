import {
  AckPolicy,
  type ConsumerMessages,
  DeliverPolicy,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import type { StreamName } from './messages.ts';
import { settings } from './settings.ts';

export interface Broker {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
}

export const connectBroker = async (name: string): Promise<Broker> => {
  const connection = await connect({
    servers: settings.required('NATS_URL'),
    name,
    maxReconnectAttempts: -1,
  });
  return { connection, jetstream: jetstream(connection), manager: await jetstreamManager(connection) };
};

export interface Durable {
  readonly stream: StreamName;
  readonly name: string;
  /** Default: all subjects of the stream. */
  readonly subject?: string;
  readonly ackWaitMs?: number;
  /** How many messages may be out unacknowledged at once. */
  readonly maxAckPending?: number;
}

/** Creates the durable consumer unless it is there already. */
export const ensureDurable = async (broker: Broker, durable: Durable): Promise<void> => {
  await broker.manager.consumers.add(durable.stream, {
    durable_name: durable.name,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(durable.ackWaitMs ?? 30_000),
    max_ack_pending: durable.maxAckPending ?? 100,
    ...(durable.subject ? { filter_subject: durable.subject } : {}),
  });
};

/** One message after the other; a handler that fails gives its message back for a second later. */
export const consumeInTurn = async (
  messages: ConsumerMessages,
  handle: (message: JsMsg) => Promise<void>,
): Promise<void> => {
  for await (const message of messages) {
    try {
      await handle(message);
      message.ack();
    } catch (error) {
      console.error(`${message.subject}: ${error instanceof Error ? error.message : error}`);
      message.nak(1_000);
    }
  }
};
