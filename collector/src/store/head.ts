import type { Span, SpanId, TraceId, UnixNanos } from '../model/index.ts';
import type { OpenTrace, StoreOptions } from './types.ts';

interface HeadTrace {
  readonly spans: Map<SpanId, Span>;
  readonly payloads: Set<number>;
  /** Wall clock of the newest payload with a span of it. */
  receivedAt: UnixNanos;
  touchedAt: number;
  version: number;
}

/** Received spans that are not in a block yet, by trace; payloads are counted down as their traces leave. */
export class Head {
  readonly #traces = new Map<TraceId, HeadTrace>();
  readonly #openTracesOf = new Map<number, number>();
  readonly #options: StoreOptions;
  #spanCount = 0;
  #versions = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get figures(): { traces: number; spans: number } {
    return { traces: this.#traces.size, spans: this.#spanCount };
  }

  add(payload: number, receivedAt: UnixNanos, spans: readonly Span[]): void {
    const now = this.#options.monotonic();
    for (const span of spans) {
      const trace = this.#open(span.traceId, receivedAt);
      if (!trace.payloads.has(payload)) {
        trace.payloads.add(payload);
        this.#openTracesOf.set(payload, (this.#openTracesOf.get(payload) ?? 0) + 1);
      }
      trace.touchedAt = now;
      trace.receivedAt = receivedAt;
      // A retried request brings the same spans again: the first one stays.
      if (trace.spans.has(span.spanId)) continue;
      trace.spans.set(span.spanId, span);
      trace.version = ++this.#versions;
      this.#spanCount++;
    }
  }

  spans(traceId: TraceId): Iterable<Span> {
    return this.#traces.get(traceId)?.spans.values() ?? [];
  }

  receivedAt(traceId: TraceId): UnixNanos | undefined {
    return this.#traces.get(traceId)?.receivedAt;
  }

  *openTraces(): Iterable<OpenTrace> {
    for (const [traceId, trace] of this.#traces) {
      yield { traceId, spanCount: trace.spans.size, version: trace.version };
    }
  }

  settled(): TraceId[] {
    const restedSince = this.#options.monotonic() - this.#options.settleMs;
    const settled: TraceId[] = [];
    let surplus = this.#spanCount - this.#options.headSpans;
    // The map is in order of first arrival: under pressure the oldest traces go first.
    for (const [traceId, trace] of this.#traces) {
      if (trace.touchedAt > restedSince && surplus <= 0) continue;
      settled.push(traceId);
      surplus -= trace.spans.size;
    }
    return settled;
  }

  /** The payloads of which no trace is left in the head once these traces have gone. */
  finishedBy(traceIds: readonly TraceId[]): number[] {
    const leaving = new Map<number, number>();
    for (const traceId of traceIds) {
      for (const payload of this.#traces.get(traceId)?.payloads ?? []) {
        leaving.set(payload, (leaving.get(payload) ?? 0) + 1);
      }
    }
    return [...leaving]
      .filter(([payload, count]) => this.#openTracesOf.get(payload) === count)
      .map(([id]) => id);
  }

  remove(traceIds: readonly TraceId[]): void {
    for (const traceId of traceIds) {
      const trace = this.#traces.get(traceId);
      if (!trace) continue;
      this.#traces.delete(traceId);
      this.#spanCount -= trace.spans.size;
      for (const payload of trace.payloads) {
        const left = (this.#openTracesOf.get(payload) ?? 1) - 1;
        if (left === 0) this.#openTracesOf.delete(payload);
        else this.#openTracesOf.set(payload, left);
      }
    }
  }

  #open(traceId: TraceId, receivedAt: UnixNanos): HeadTrace {
    let trace = this.#traces.get(traceId);
    if (!trace) {
      trace = { spans: new Map(), payloads: new Set(), receivedAt, touchedAt: 0, version: 0 };
      this.#traces.set(traceId, trace);
    }
    return trace;
  }
}
