import { DiagConsoleLogger, diag } from '@opentelemetry/api';
import { diagLogLevelFromString, getBooleanFromEnv, getStringFromEnv } from '@opentelemetry/core';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { HttpInstrumentation, type HttpInstrumentationConfig } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  BatchSpanProcessor,
  ConsoleSpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import type { NatsInstrumentationConfig } from '../nats/host.ts';
import { NatsInstrumentation } from '../nats/instrumentation.ts';
import { CollectorExporter } from './collector-exporter.ts';
import { flushOnExit } from './flush-on-exit.ts';
import { loadEarly } from './load-early.ts';
import { PreciseStart } from './precise-start.ts';
import { tailraceResource } from './resource.ts';

export interface TailraceOptions {
  /** Default: `OTEL_SERVICE_NAME`, then the name in package.json. */
  serviceName?: string;
  /** Default: `OTEL_RESOURCE_ATTRIBUTES`, then the version in package.json. */
  serviceVersion?: string;
  /** URL to post traces to. Default: the `OTEL_EXPORTER_OTLP_*` variables, then `http://127.0.0.1:4318/v1/traces`. */
  url?: string;
  http?: HttpInstrumentationConfig;
  nats?: NatsInstrumentationConfig;
  /** Further instrumentations, beside HTTP, undici (fetch), gRPC and NATS. */
  instrumentations?: Instrumentation[];
  /** Further span processors, beside the exporter. */
  spanProcessors?: SpanProcessor[];
}

export interface Tailrace {
  /** Sends all finished spans; resolves when they are sent or could not be. */
  flush(): Promise<void>;
  /** Flushes and stops for good. */
  shutdown(): Promise<void>;
}

const STARTED = Symbol.for('tailrace.started');
const DEFAULT_URL = 'http://127.0.0.1:4318/v1/traces';
/** Spans are to be seen within a second of their end; the SDK's default is 5 s. Milliseconds. */
const SCHEDULE_DELAY_MS = 500;

const report = (line: string): void => {
  process.stderr.write(`tailrace: ${line}\n`);
};

const configuredUrl = (): string | undefined =>
  (getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? getStringFromEnv('OTEL_EXPORTER_OTLP_ENDPOINT'))
    ? undefined
    : DEFAULT_URL;

const logDiagnostics = (): void => {
  const logLevel = diagLogLevelFromString(getStringFromEnv('OTEL_LOG_LEVEL'));
  if (logLevel !== undefined) diag.setLogger(new DiagConsoleLogger(), { logLevel });
};

interface Output {
  readonly processors: SpanProcessor[];
  flush(): Promise<void>;
}

const outputOf = (options: TailraceOptions): Output => {
  const kind = getStringFromEnv('OTEL_TRACES_EXPORTER') ?? 'otlp';
  if (kind === 'none') return { processors: [], flush: async () => {} };
  if (kind === 'console') {
    return { processors: [new SimpleSpanProcessor(new ConsoleSpanExporter())], flush: async () => {} };
  }
  if (kind !== 'otlp') report(`OTEL_TRACES_EXPORTER: ${kind} is not supported, otlp is used`);
  const exporter = new CollectorExporter({ url: options.url ?? configuredUrl(), report });
  const configuredDelay = getStringFromEnv('OTEL_BSP_SCHEDULE_DELAY');
  const processor = new BatchSpanProcessor(
    exporter,
    configuredDelay === undefined ? { scheduledDelayMillis: SCHEDULE_DELAY_MS } : {},
  );
  return { processors: [processor], flush: () => exporter.forceFlush() };
};

const start = (options: TailraceOptions): Tailrace => {
  logDiagnostics();
  const output = outputOf(options);
  const nats = new NatsInstrumentation(options.nats);
  const spanProcessors = [new PreciseStart(), ...output.processors, ...(options.spanProcessors ?? [])];
  const sdk = new NodeSDK({
    resource: tailraceResource({
      ...(options.serviceName === undefined ? {} : { name: options.serviceName }),
      ...(options.serviceVersion === undefined ? {} : { version: options.serviceVersion }),
    }),
    // The resource is ours, made without waiting: the SDK's detectors would ask clouds over the network.
    autoDetectResources: false,
    spanProcessors,
    // Traces only: a collector that takes no metrics and logs would be asked in vain.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation(options.http),
      new UndiciInstrumentation(),
      new GrpcInstrumentation(),
      nats,
      ...(options.instrumentations ?? []),
    ],
  });
  sdk.start();
  loadEarly(process.argv[1]);
  const flush = async () => {
    await Promise.all(spanProcessors.map((processor) => processor.forceFlush()));
    await output.flush();
  };
  const stopListening = flushOnExit(() => {
    nats.endUnsettled();
    return flush();
  });
  return {
    flush,
    shutdown: async () => {
      stopListening();
      nats.endUnsettled();
      await sdk.shutdown();
    },
  };
};

const DISABLED: Tailrace = { flush: async () => {}, shutdown: async () => {} };

/**
 * Starts tracing of this process: HTTP, fetch, gRPC and NATS, exported to a collector. Call it before the
 * application loads any of them, or use `--import @tailrace/instrumentation/register`. A second call returns
 * what the first one started. Does nothing where `OTEL_SDK_DISABLED` is true.
 */
export const startTailrace = (options: TailraceOptions = {}): Tailrace => {
  const global = globalThis as { [STARTED]?: Tailrace };
  global[STARTED] ??= getBooleanFromEnv('OTEL_SDK_DISABLED') ? DISABLED : start(options);
  return global[STARTED];
};
