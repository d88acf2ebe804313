import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { type PostOptions, type PostResult, post } from './post.ts';

/** Batches waiting for the collector. With the span processor's 512 spans a batch, some megabytes at most. */
const MAX_WAITING = 16;
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 5_000;

export interface CollectorExporterOptions {
  /** Full URL of the traces endpoint; default: the `OTEL_EXPORTER_OTLP_*` variables, then the local collector. */
  readonly url?: string | undefined;
  /** Gets one line when the collector cannot be reached, and one when it can again. */
  readonly report: (line: string) => void;
}

type HttpConfiguration = ReturnType<typeof convertLegacyHttpOptions>;

/**
 * OTLP over HTTP with protobuf, built to be harmless where the stock exporter is not: a missing collector is
 * reported once, retries and sockets do not keep the process alive, and the span processor never waits, so
 * that what piles up is bounded here.
 */
export class CollectorExporter implements SpanExporter {
  private readonly config: HttpConfiguration;
  private readonly report: (line: string) => void;
  private readonly waiting: Uint8Array[] = [];
  private sending: Promise<void> | undefined;
  private target: Promise<PostOptions> | undefined;
  private unreachable = false;
  private hurried = false;
  private wake: (() => void) | undefined;

  constructor({ url, report }: CollectorExporterOptions) {
    this.config = convertLegacyHttpOptions(url ? { url } : {}, 'TRACES', 'v1/traces', {
      'Content-Type': 'application/x-protobuf',
    });
    this.report = report;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    const body = ProtobufTraceSerializer.serializeRequest(spans);
    if (body) this.waiting.push(body);
    // The newest tell more about a service that is in trouble than the oldest.
    while (this.waiting.length > MAX_WAITING) this.waiting.shift();
    this.sending ??= this.drain();
    done({ code: ExportResultCode.SUCCESS });
  }

  /** Resolves when all is sent or has failed once more: here there is no time for retries. */
  async forceFlush(): Promise<void> {
    this.hurried = true;
    this.wake?.();
    try {
      await this.sending;
    } finally {
      this.hurried = false;
    }
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  private async drain(): Promise<void> {
    let backoff = FIRST_BACKOFF_MS;
    while (this.waiting.length > 0) {
      const body = this.waiting[0] as Uint8Array;
      const result = await this.send(body);
      if (result.kind === 'unavailable' && !this.hurried) {
        this.complain(result.reason);
        await this.sleep(result.retryAfter ?? backoff);
        backoff = Math.min(backoff * 2, MAX_BACKOFF_MS);
        continue;
      }
      backoff = FIRST_BACKOFF_MS;
      if (result.kind === 'accepted') this.recovered();
      else this.complain(result.reason);
      // A batch that arrived meanwhile may have pushed this one out.
      if (this.waiting[0] === body) this.waiting.shift();
    }
    this.sending = undefined;
  }

  private async send(body: Uint8Array): Promise<PostResult> {
    try {
      this.target ??= this.prepare();
      return await post(body, await this.target);
    } catch (error) {
      return { kind: 'refused', reason: String(error) };
    }
  }

  private async prepare(): Promise<PostOptions> {
    const { url, headers, agentFactory, compression, timeoutMillis } = this.config;
    return {
      url,
      headers: await headers(),
      agent: await agentFactory(new URL(url).protocol),
      gzip: compression === 'gzip',
      timeout: timeoutMillis,
    };
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private complain(reason: string): void {
    if (this.unreachable) return;
    this.unreachable = true;
    this.report(`cannot send spans to ${this.config.url} (${reason}); the service goes on without`);
  }

  private recovered(): void {
    if (!this.unreachable) return;
    this.unreachable = false;
    this.report(`sends spans to ${this.config.url} again`);
  }
}
