import type {
  Attributes,
  AttributeValue,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanId,
  SpanKind,
  StatusCode,
  TraceId,
} from '../src/model/index.ts';
import { addNanos, NANOS_PER_MS, NO_ATTRIBUTES, spanId, traceId, unixNanos } from '../src/model/index.ts';

/** 2026-09-21T14:13:20Z: the moment that `at: 0` means. */
export const EPOCH = unixNanos(1_790_000_000_000_000_000n);

/** A span in words: names stand for ids, times are milliseconds after EPOCH. */
export interface SpanWords {
  /** Unique name of the span; its id is made from it. */
  readonly id: string;
  /** Name of the trace, `t` by default. */
  readonly trace?: string;
  /** Name of the parent, in the same trace. */
  readonly parent?: string;
  /** Names of linked spans; `[trace, id]` where they are of another trace. */
  readonly links?: readonly (string | readonly [trace: string, id: string])[];
  readonly service?: string;
  readonly host?: string;
  readonly name?: string;
  readonly kind?: SpanKind;
  readonly at?: number;
  readonly for?: number;
  readonly error?: boolean;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly events?: readonly {
    name: string;
    at?: number;
    attributes?: Readonly<Record<string, AttributeValue>>;
  }[];
}

/** FNV-1a, enough to give every name its own id. */
const hash = (text: string, seed: number): string => {
  let value = seed >>> 0;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value.toString(16).padStart(8, '0');
};

export const spanIdOf = (name: string): SpanId => spanId(hash(name, 0x811c9dc5) + hash(name, 0x1234567))!;

export const traceIdOf = (name: string): TraceId =>
  traceId(hash(name, 1) + hash(name, 2) + hash(name, 3) + hash(name, 4))!;

const attributesOf = (record: Readonly<Record<string, AttributeValue>> | undefined): Attributes =>
  record === undefined ? NO_ATTRIBUTES : new Map(Object.entries(record));

const SCOPE: Scope = {
  name: 'test',
  version: '1.0.0',
  attributes: NO_ATTRIBUTES,
  droppedAttributesCount: 0,
  schemaUrl: '',
};

const resources = new Map<string, Resource>();

const resourceOf = (service: string, host: string | undefined): Resource => {
  const key = `${service}\n${host ?? ''}`;
  let resource = resources.get(key);
  if (resource === undefined) {
    const attributes = attributesOf({
      'service.name': service,
      ...(host === undefined ? {} : { 'host.name': host }),
    });
    resource = { attributes, droppedAttributesCount: 0, entityRefs: [], schemaUrl: '' };
    resources.set(key, resource);
  }
  return resource;
};

/** The span that the words describe: an internal one of 10 ms of service `app` unless they say otherwise. */
export const span = (words: SpanWords): Span => {
  const trace = words.trace ?? 't';
  const start = addNanos(EPOCH, (words.at ?? 0) * NANOS_PER_MS);
  const code: StatusCode = words.error === true ? 'error' : 'unset';
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(words.id),
    parentSpanId: words.parent === undefined ? undefined : spanIdOf(words.parent),
    traceState: '',
    flags: 1,
    name: words.name ?? words.id,
    kind: words.kind ?? 'internal',
    start,
    end: addNanos(start, (words.for ?? 10) * NANOS_PER_MS),
    status: { code, message: '' },
    attributes: attributesOf(words.attributes),
    droppedAttributesCount: 0,
    events: (words.events ?? []).map(
      (event): SpanEvent => ({
        time: addNanos(EPOCH, (event.at ?? words.at ?? 0) * NANOS_PER_MS),
        name: event.name,
        attributes: attributesOf(event.attributes),
        droppedAttributesCount: 0,
      }),
    ),
    droppedEventsCount: 0,
    links: (words.links ?? []).map((link) => {
      const [linkedTrace, id] = typeof link === 'string' ? [trace, link] : link;
      return {
        traceId: traceIdOf(linkedTrace),
        spanId: spanIdOf(id),
        traceState: '',
        attributes: NO_ATTRIBUTES,
        droppedAttributesCount: 0,
        flags: 1,
      };
    }),
    droppedLinksCount: 0,
    resource: resourceOf(words.service ?? 'app', words.host),
    scope: SCOPE,
  };
};

/** Attributes of the usual kinds of span. */
export const http = (method: string, route: string, more: Readonly<Record<string, AttributeValue>> = {}) => ({
  'http.request.method': method,
  'http.route': route,
  ...more,
});

export const httpOut = (
  method: string,
  host: string,
  path = '/',
  more: Readonly<Record<string, AttributeValue>> = {},
) => ({
  'http.request.method': method,
  'server.address': host,
  'url.full': `http://${host}${path}`,
  ...more,
});

export const grpc = (service: string, method: string, status = 0) => ({
  'rpc.system': 'grpc',
  'rpc.service': service,
  'rpc.method': method,
  'rpc.grpc.status_code': BigInt(status),
});

export const nats = (
  operation: 'publish' | 'process' | 'receive' | 'request',
  destination: string,
  more: Readonly<Record<string, AttributeValue>> = {},
) => ({
  'messaging.system': 'nats',
  'messaging.operation.name': operation,
  'messaging.destination.name': destination,
  ...more,
});

/** What JetStream tells with a delivery. `storedAt` in milliseconds after EPOCH. */
export const jetStream = (message: {
  stream?: string;
  sequence: number;
  group: string;
  count?: number;
  pending?: number;
  storedAt?: number;
}): Readonly<Record<string, AttributeValue>> => ({
  'messaging.nats.stream.name': message.stream ?? 'ORDERS',
  'messaging.nats.consumer.name': message.group,
  'messaging.consumer.group.name': message.group,
  'messaging.nats.message.stream_sequence': BigInt(message.sequence),
  'messaging.message.id': `${message.stream ?? 'ORDERS'}:${message.sequence}`,
  'messaging.nats.message.delivery_count': BigInt(message.count ?? 1),
  ...(message.pending === undefined ? {} : { 'messaging.nats.message.pending': BigInt(message.pending) }),
  ...(message.storedAt === undefined
    ? {}
    : { 'messaging.nats.message.stored_at': String(addNanos(EPOCH, message.storedAt * NANOS_PER_MS)) }),
});

/** A repeatable source of chance (mulberry32). */
export const chance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export const shuffled = <T>(items: readonly T[], random: () => number): T[] => {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
};
