import { type Span, type SpanId, type TraceId, type UnixNanos, unixNanos } from '../model/index.ts';
import { Head } from './head.ts';
import { searchAmong } from './search.ts';
import { inOrderOfStart } from './span-order.ts';
import type {
  DerivedRow,
  IndexedTrace,
  Payload,
  SealedTrace,
  Store,
  StoreFigures,
  StoreOptions,
  TraceSearch,
} from './types.ts';

interface Kept extends SealedTrace {
  readonly spans: Map<SpanId, Span>;
  receivedAt: UnixNanos;
}

/** The plain reference that the contract suite holds real stores against. Durable for as long as the process. */
export class MemoryStore implements Store {
  readonly #head: Head;
  readonly #traces = new Map<TraceId, Kept>();
  readonly #derived = new Map<string, DerivedRow>();
  readonly #state = new Map<string, string>();
  #payloads = 0;

  constructor(options: StoreOptions) {
    this.#head = new Head(options);
  }

  async append(payload: Payload, spans: readonly Span[]): Promise<void> {
    this.#head.add(++this.#payloads, payload.receivedAt, spans);
  }

  spans(traceId: TraceId): readonly Span[] {
    const spans = new Map(this.#traces.get(traceId)?.spans);
    for (const span of this.#head.spans(traceId)) if (!spans.has(span.spanId)) spans.set(span.spanId, span);
    return inOrderOfStart(spans.values());
  }

  sealedSpans(traceId: TraceId): readonly Span[] {
    return inOrderOfStart(this.#traces.get(traceId)?.spans.values() ?? []);
  }

  openTraces() {
    return this.#head.openTraces();
  }

  settled(): readonly TraceId[] {
    return this.#head.settled();
  }

  seal(traces: readonly SealedTrace[], derived: readonly DerivedRow[]): void {
    for (const trace of traces) {
      const id = trace.index.traceId;
      const spans = new Map(this.spans(id).map((span) => [span.spanId, span]));
      const joins = [...new Set([...(this.#traces.get(id)?.joins ?? []), ...trace.joins])];
      const receivedAt = this.#head.receivedAt(id) ?? unixNanos(0n);
      this.#traces.set(id, { index: trace.index, joins, spans, receivedAt });
    }
    for (const row of derived) this.#derived.set(derivedKey(row.kind, row.bucket, row.key), row);
    this.#head.remove(traces.map((trace) => trace.index.traceId));
  }

  indexed(traceId: TraceId): IndexedTrace | undefined {
    return this.#traces.get(traceId)?.index;
  }

  search(search: TraceSearch): readonly IndexedTrace[] {
    return searchAmong(
      [...this.#traces.values()].map((trace) => trace.index),
      search,
    );
  }

  joined(name: string): readonly TraceId[] {
    return [...this.#traces.values()]
      .filter((trace) => trace.joins.includes(name))
      .map((trace) => trace.index.traceId);
  }

  *derived(kind: string | undefined, from: number, to: number): Iterable<DerivedRow> {
    for (const row of this.#derived.values()) {
      if ((kind === undefined || row.kind === kind) && row.bucket >= from && row.bucket < to) yield row;
    }
  }

  derivedRow(kind: string, bucket: number, key: string): DerivedRow | undefined {
    return this.#derived.get(derivedKey(kind, bucket, key));
  }

  state(key: string): string | undefined {
    return this.#state.get(key);
  }

  saveState(key: string, value: string): void {
    this.#state.set(key, value);
  }

  expire(before: UnixNanos): { readonly traces: number } {
    let traces = 0;
    for (const [id, trace] of this.#traces) {
      if (trace.receivedAt >= before) continue;
      this.#traces.delete(id);
      traces++;
    }
    const firstBucket = Number(before / 1_000_000_000n);
    for (const [key, row] of this.#derived) if (row.bucket < firstBucket) this.#derived.delete(key);
    return { traces };
  }

  figures(): StoreFigures {
    const starts = [...this.#traces.values()]
      .map((trace) => trace.index.start)
      .sort((a, b) => (a < b ? -1 : 1));
    let spans = 0;
    for (const trace of this.#traces.values()) spans += trace.spans.size;
    return {
      path: ':memory:',
      bytes: 0,
      spans,
      traces: this.#traces.size,
      blocks: 0,
      oldest: starts[0] ?? null,
      newest: starts.at(-1) ?? null,
      head: this.#head.figures,
    };
  }

  close(): void {}
}

const derivedKey = (kind: string, bucket: number, key: string): string =>
  `${kind}\u0000${bucket}\u0000${key}`;
