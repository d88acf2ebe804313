import { numberAttribute, stringAttribute } from './attributes.ts';
import type { Span } from './span.ts';
import type { UnixNanos } from './time.ts';
import { parseUnixNanos } from './time.ts';

/**
 * What a span does with messages. `request` and `respond` are the two sides of a request over a broker
 * (the caller waits); `send` does not wait for the consumer; `receive` fetches, `process` handles.
 */
export type MessagingRole = 'send' | 'receive' | 'process' | 'request' | 'respond' | 'settle';

export interface Messaging {
  readonly system: string;
  readonly destination: string;
  /** The destination's template where the sender named one: of low cardinality. */
  readonly template: string | undefined;
  /** A reply inbox or another destination that lives for one conversation. */
  readonly temporary: boolean;
  readonly role: MessagingRole | undefined;
  readonly messageId: string | undefined;
  readonly conversationId: string | undefined;
  readonly consumerGroup: string | undefined;
  readonly batchCount: number | undefined;
  /** `partition:offset` of Kafka-like logs. */
  readonly logPosition: string | undefined;
  /** `stream:sequence` of JetStream. */
  readonly streamPosition: string | undefined;
  readonly deliveryCount: number | undefined;
  readonly pending: number | undefined;
  /** When the broker stored the message, by the broker's clock. */
  readonly storedAt: UnixNanos | undefined;
  /** From the message's arrival in the client's buffer to its handler, ns. */
  readonly clientWait: number | undefined;
}

const SYSTEMS: Readonly<Record<string, string>> = {
  amazonsqs: 'aws_sqs',
  'aws.sqs': 'aws_sqs',
  sqs: 'aws_sqs',
  amazonsns: 'aws.sns',
  'azure.servicebus': 'servicebus',
  'azure.eventhubs': 'eventhubs',
};

const OPERATIONS: Readonly<Record<string, MessagingRole>> = {
  send: 'send',
  publish: 'send',
  create: 'send',
  produce: 'send',
  request: 'request',
  receive: 'receive',
  poll: 'receive',
  fetch: 'receive',
  next: 'receive',
  process: 'process',
  deliver: 'process',
  consume: 'process',
  handle: 'process',
  settle: 'settle',
  ack: 'settle',
  nack: 'settle',
  nak: 'settle',
};

const TEMPORARY = /^(_INBOX\.|amq\.rabbitmq\.reply-to|amq\.gen-)/;

/** The messaging side of a span, or undefined where it has none. */
export const messagingOf = (span: Span): Messaging | undefined => {
  const a = span.attributes;
  const system = stringAttribute(a, 'messaging.system.name', 'messaging.system');
  const destination = stringAttribute(
    a,
    'messaging.destination.name',
    'messaging.destination',
    'messaging.source.name',
  );
  if (system === undefined && destination === undefined) return undefined;
  const partition = stringOrNumber(
    span,
    'messaging.destination.partition.id',
    'messaging.kafka.destination.partition',
    'messaging.kafka.source.partition',
    'messaging.kafka.partition',
  );
  const offset = stringOrNumber(span, 'messaging.kafka.offset', 'messaging.kafka.message.offset');
  const stream = stringAttribute(a, 'messaging.nats.stream.name');
  const sequence = stringOrNumber(span, 'messaging.nats.message.stream_sequence');
  const lowerSystem = system?.toLowerCase() ?? 'unknown';
  const name = destination ?? 'unknown';
  return {
    system: SYSTEMS[lowerSystem] ?? lowerSystem,
    destination: name,
    template: stringAttribute(a, 'messaging.destination.template'),
    temporary: a.get('messaging.destination.temporary') === true || TEMPORARY.test(name),
    role: roleOf(span),
    messageId: stringAttribute(a, 'messaging.message.id', 'messaging.message_id'),
    conversationId: stringAttribute(a, 'messaging.message.conversation_id', 'messaging.conversation_id'),
    consumerGroup: stringAttribute(
      a,
      'messaging.consumer.group.name',
      'messaging.kafka.consumer.group',
      'messaging.destination.subscription.name',
      'messaging.consumer_group',
      'messaging.rocketmq.client_group',
    ),
    batchCount: numberAttribute(a, 'messaging.batch.message_count', 'messaging.batch_size'),
    logPosition: partition !== undefined && offset !== undefined ? `${partition}:${offset}` : undefined,
    streamPosition: stream !== undefined && sequence !== undefined ? `${stream}:${sequence}` : undefined,
    deliveryCount: numberAttribute(
      a,
      'messaging.nats.message.delivery_count',
      'messaging.message.delivery_attempt',
      'messaging.servicebus.message.delivery_count',
      'messaging.gcp_pubsub.message.delivery_attempt',
    ),
    pending: numberAttribute(a, 'messaging.nats.message.pending'),
    storedAt: storedAtOf(span),
    clientWait: numberAttribute(a, 'messaging.nats.message.client_wait'),
  };
};

/** By the operation first and by the kind second: libraries disagree more on kinds. */
const roleOf = (span: Span): MessagingRole | undefined => {
  const a = span.attributes;
  const named = stringAttribute(a, 'messaging.operation.name')?.toLowerCase();
  const typed = stringAttribute(a, 'messaging.operation.type', 'messaging.operation')?.toLowerCase();
  if (span.kind === 'server') return 'respond';
  if (named === 'request' || typed === 'request') return 'request';
  const role = OPERATIONS[typed ?? ''] ?? OPERATIONS[named ?? ''];
  if (role !== undefined) return role;
  if (span.kind === 'producer') return 'send';
  if (span.kind === 'consumer') return 'process';
  return undefined;
};

/** The broker's own time of a message: JetStream's in ns, Service Bus' in seconds or milliseconds. */
const storedAtOf = (span: Span): UnixNanos | undefined => {
  const raw = span.attributes.get('messaging.nats.message.stored_at');
  if (typeof raw === 'bigint') return raw > 0n ? (raw as UnixNanos) : undefined;
  if (typeof raw === 'string') return parseUnixNanos(raw);
  const enqueued = numberAttribute(span.attributes, 'messaging.servicebus.message.enqueued_time');
  if (enqueued === undefined || enqueued <= 0) return undefined;
  const seconds = enqueued < 1e11;
  return (BigInt(Math.round(enqueued)) * (seconds ? 1_000_000_000n : 1_000_000n)) as UnixNanos;
};

const stringOrNumber = (span: Span, ...keys: readonly string[]): string | undefined => {
  const text = stringAttribute(span.attributes, ...keys);
  if (text !== undefined) return text;
  const number = numberAttribute(span.attributes, ...keys);
  return number === undefined ? undefined : String(number);
};

export type Settlement = 'ack' | 'nak' | 'term' | 'none';

const SETTLEMENTS: Readonly<Record<string, Settlement>> = {
  ack: 'ack',
  ackack: 'ack',
  ack_ack: 'ack',
  nak: 'nak',
  nack: 'nak',
  term: 'term',
};

/**
 * How the handler settled its message, by the last settling event on its span (`working` settles nothing).
 * `none` where the broker waited for a settlement that the span does not show; undefined where nobody knows.
 */
export const settlementOf = (span: Span): Settlement | undefined => {
  for (let i = span.events.length - 1; i >= 0; i--) {
    const event = span.events[i]!;
    if (event.name !== 'messaging.nats.settle') continue;
    for (const value of event.attributes.values()) {
      const settlement = typeof value === 'string' ? SETTLEMENTS[value.toLowerCase()] : undefined;
      if (settlement !== undefined) return settlement;
    }
  }
  const jetStream = span.attributes.has('messaging.nats.consumer.name');
  return jetStream ? 'none' : undefined;
};
