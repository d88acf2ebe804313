import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import type * as legacyClient from 'nats';
import { NatsInstrumentation } from '../src/nats/instrumentation.ts';

/** Real spans in memory, with a count of those that were started and not ended. */
class OpenSpans implements SpanProcessor {
  open = 0;
  onStart(): void {
    this.open += 1;
  }
  onEnd(): void {
    this.open -= 1;
  }
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

const exporter = new InMemorySpanExporter();
const openSpans = new OpenSpans();
const provider = new NodeTracerProvider({ spanProcessors: [openSpans, new SimpleSpanProcessor(exporter)] });
provider.register();

/** Waits are short here, so that tests see them end. */
export const instrumentation = new NatsInstrumentation({ respondWait: 60, ackWait: 200 });
instrumentation.setTracerProvider(provider);

export const tracer = trace.getTracer('test');

export const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
export const resetSpans = (): void => exporter.reset();
export const openSpanCount = (): number => openSpans.open;

/** Resolves once no span is open any more; fails after two seconds. */
export const allSpansEnded = async (): Promise<void> => {
  const deadline = Date.now() + 2_000;
  while (openSpans.open > 0 && Date.now() < deadline) await pause(5);
  if (openSpans.open !== 0) throw new Error(`${openSpans.open} spans are open`);
};

/** Waits until a span with the name ended; fails after two seconds with the names there were. */
export const spanNamed = async (name: string, count = 1): Promise<ReadableSpan> => {
  const found = await spansNamed(name, count);
  return found[count - 1] as ReadableSpan;
};

export const spansNamed = async (name: string, count: number): Promise<ReadableSpan[]> => {
  const deadline = Date.now() + 2_000;
  while (Date.now() < deadline) {
    const found = spans().filter((span) => span.name === name);
    if (found.length >= count) return found;
    await pause(5);
  }
  throw new Error(`no ${count} x "${name}" among: ${spans().map((span) => span.name)}`);
};

const collect = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
};

/** Bytes in use once all garbage is gone. */
export const heapAfterCollection = (): number => {
  collect()();
  return process.memoryUsage().heapUsed;
};

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const isChildOf = (child: ReadableSpan, parent: ReadableSpan): boolean =>
  child.parentSpanContext?.spanId === parent.spanContext().spanId &&
  child.spanContext().traceId === parent.spanContext().traceId;

export const linksTo = (span: ReadableSpan, target: ReadableSpan): boolean =>
  span.links.some((link) => link.context.spanId === target.spanContext().spanId);

export const eventsOf = (span: ReadableSpan, name: string): unknown[] =>
  span.events.filter((event) => event.name === name).map((event) => event.attributes);

/** Runs `work` as a request of a service would run: inside an active SERVER span. */
export const inSpan = async <T>(name: string, work: (span: Span) => Promise<T> | T): Promise<T> => {
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } finally {
    span.end();
  }
};

/** A span where the caller is: what user code in a handler would start. */
export const mark = (name: string): void => tracer.startSpan(name).end();

/** One generation of the client behind the parts of the API that both have. */
export interface Generation {
  readonly name: string;
  connect(options: ConnectionOptions): Promise<NatsConnection>;
  jetstream(connection: NatsConnection): JetStreamClient;
  manager(connection: NatsConnection): Promise<JetStreamManager>;
  headers(): ReturnType<typeof legacyClient.headers>;
}

const load = createRequire(__filename);

export const legacy = load('nats') as typeof legacyClient;
const transport = load('@nats-io/transport-node') as typeof import('@nats-io/transport-node');
const jetstreamClient = load('@nats-io/jetstream') as typeof import('@nats-io/jetstream');

const ofLegacy = (connection: NatsConnection): legacyClient.NatsConnection =>
  connection as unknown as legacyClient.NatsConnection;

export const generations: Generation[] = [
  {
    name: 'nats 2.x',
    connect: async (options) => (await legacy.connect(options as never)) as unknown as NatsConnection,
    jetstream: (connection) => ofLegacy(connection).jetstream() as unknown as JetStreamClient,
    manager: async (connection) =>
      (await ofLegacy(connection).jetstreamManager()) as unknown as JetStreamManager,
    headers: () => legacy.headers(),
  },
  {
    name: '@nats-io 3.x',
    connect: (options) => transport.connect(options),
    jetstream: (connection) => jetstreamClient.jetstream(connection),
    manager: (connection) => jetstreamClient.jetstreamManager(connection),
    headers: () => transport.headers() as unknown as ReturnType<typeof legacyClient.headers>,
  },
];
