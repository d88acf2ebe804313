import type { Attributes } from '@opentelemetry/api';
import type { DeliveryInfo } from './ack-subject.ts';
import type { ProtocolLike } from './client.ts';

/** Names of attributes, semantic conventions first; `messaging.nats.*` is this package's own. */
export const ATTR = {
  system: 'messaging.system',
  systemName: 'messaging.system.name',
  destination: 'messaging.destination.name',
  template: 'messaging.destination.template',
  temporary: 'messaging.destination.temporary',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  messageId: 'messaging.message.id',
  bodySize: 'messaging.message.body.size',
  group: 'messaging.consumer.group.name',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  errorType: 'error.type',
  stream: 'messaging.nats.stream.name',
  consumer: 'messaging.nats.consumer.name',
  streamSequence: 'messaging.nats.message.stream_sequence',
  deliveryCount: 'messaging.nats.message.delivery_count',
  pending: 'messaging.nats.message.pending',
  /** Unix nanoseconds, decimal digits in a string. */
  storedAt: 'messaging.nats.message.stored_at',
  /** Nanoseconds between arrival in the client and the handler. */
  clientWait: 'messaging.nats.message.client_wait',
  duplicate: 'messaging.nats.publish.duplicate',
  /** Present (false) only where the context could not travel with the message. */
  contextInjected: 'messaging.nats.context_injected',
  settle: 'messaging.nats.settle',
  settleDelay: 'messaging.nats.settle.delay',
  settleReason: 'messaging.nats.settle.reason',
  attempt: 'messaging.nats.attempt',
} as const;

export const SETTLE_EVENT = 'messaging.nats.settle';
export const ATTEMPT_EVENT = 'messaging.nats.attempt';

const serverAttributes = new WeakMap<object, Attributes>();

/** Address and port of the server that the connection talks to; empty while it is not connected. */
export const serverOf = (protocol: ProtocolLike | undefined): Attributes => {
  const server = protocol?.getServer?.();
  if (!server) return {};
  let attributes = serverAttributes.get(server);
  if (!attributes) {
    attributes = {
      ...(server.hostname === undefined ? {} : { [ATTR.serverAddress]: server.hostname }),
      ...(server.port === undefined ? {} : { [ATTR.serverPort]: server.port }),
    };
    serverAttributes.set(server, attributes);
  }
  return attributes;
};

/** What every NATS span has. */
export const operationAttributes = (
  operation: 'publish' | 'request' | 'process' | 'receive',
  destination: string,
  protocol: ProtocolLike | undefined,
): Attributes => ({
  [ATTR.system]: 'nats',
  [ATTR.systemName]: 'nats',
  [ATTR.operationName]: operation,
  [ATTR.operationType]: operation === 'publish' || operation === 'request' ? 'send' : operation,
  [ATTR.destination]: destination,
  ...serverOf(protocol),
});

export const deliveryAttributes = (info: DeliveryInfo): Attributes => ({
  [ATTR.stream]: info.stream,
  [ATTR.consumer]: info.consumer,
  [ATTR.streamSequence]: info.streamSequence,
  [ATTR.deliveryCount]: info.deliveryCount,
  [ATTR.pending]: info.pending,
  [ATTR.storedAt]: info.storedAt,
});

/** The id under which producer and consumer of a stored message meet. */
export const storedMessageId = (stream: string, sequence: number): string => `${stream}:${sequence}`;

/** UTF-8 bytes of a payload; undefined for what the client will refuse. */
export const payloadSize = (payload: unknown): number | undefined => {
  if (payload === undefined) return 0;
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return payload instanceof Uint8Array ? payload.byteLength : undefined;
};
