import type { SpanBatch } from '../batch/index.ts';
import { type Span, type SpanId, type TraceId, type UnixNanos, unixNanos } from '../model/index.ts';
import { spansOfRows } from './head.ts';
import { HeadedStore } from './headed-store.ts';
import { searchAmong } from './search.ts';
import { inOrderOfStart } from './span-order.ts';
import type {
  DerivedRow,
  IndexedTrace,
  Payload,
  SettledTrace,
  Store,
  StoreFigures,
  TraceSearch,
} from './types.ts';

interface Kept extends SettledTrace {
  readonly spans: Map<SpanId, Span>;
  readonly receivedAt: UnixNanos;
}

/** The plain reference that the contract suite holds real stores against. Durable for as long as the process. */
export class MemoryStore extends HeadedStore implements Store {
  readonly #sealed = new Map<TraceId, Kept>();
  readonly #derived = new Map<string, DerivedRow>();
  readonly #state = new Map<string, string>();
  #payloads = 0;

  async append(payload: Payload, batch: SpanBatch): Promise<void> {
    if (batch.length > 0) this.head.add(++this.#payloads, payload.receivedAt, batch);
  }

  spans(traceId: TraceId): readonly Span[] {
    return this.#together(traceId, spansOfRows(this.head.rows(traceId)));
  }

  analysedSpans(traceId: TraceId): readonly Span[] {
    return this.#together(traceId, spansOfRows(this.head.analysedRows(traceId)));
  }

  #together(traceId: TraceId, more: readonly Span[]): Span[] {
    const spans = new Map(this.#sealed.get(traceId)?.spans);
    for (const span of more) if (!spans.has(span.spanId)) spans.set(span.spanId, span);
    return inOrderOfStart(spans.values());
  }

  seal(derived: readonly DerivedRow[]): void {
    const settled = [...this.head.settled()];
    for (const { index, joins } of settled) {
      const id = index.traceId;
      const spans = new Map(this.spans(id).map((span) => [span.spanId, span]));
      const names = [...new Set([...(this.#sealed.get(id)?.joins ?? []), ...joins])];
      const receivedAt = this.head.receivedAt(id) ?? unixNanos(0n);
      this.#sealed.set(id, { index, joins: names, spans, receivedAt });
    }
    for (const row of derived) this.#derived.set(derivedKey(row.kind, row.bucket, row.key), row);
    this.head.remove(settled.map(({ index }) => index.traceId));
  }

  indexed(traceId: TraceId): IndexedTrace | undefined {
    return (this.head.settledTrace(traceId) ?? this.#sealed.get(traceId))?.index;
  }

  search(search: TraceSearch): readonly IndexedTrace[] {
    return searchAmong(
      this.#known().map(({ index }) => index),
      search,
    );
  }

  joined(name: string): readonly TraceId[] {
    return this.#known()
      .filter(({ joins }) => joins.includes(name))
      .map(({ index }) => index.traceId);
  }

  /** The newest account of each settled or sealed trace. */
  #known(): SettledTrace[] {
    const known = new Map<TraceId, SettledTrace>(this.#sealed);
    for (const settled of this.head.settled()) known.set(settled.index.traceId, settled);
    return [...known.values()];
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
    for (const [id, trace] of this.#sealed) {
      if (trace.receivedAt >= before) continue;
      this.#sealed.delete(id);
      traces++;
    }
    const firstBucket = Number(before / 1_000_000_000n);
    for (const [key, row] of this.#derived) if (row.bucket < firstBucket) this.#derived.delete(key);
    return { traces };
  }

  figures(): StoreFigures {
    const starts = this.#known().map(({ index }) => index.start);
    const inOrder = starts.sort((a, b) => (a < b ? -1 : 1));
    let spans = 0;
    for (const trace of this.#sealed.values()) spans += trace.spans.size;
    return {
      path: ':memory:',
      bytes: 0,
      spans,
      traces: this.#sealed.size,
      blocks: 0,
      oldest: inOrder[0] ?? null,
      newest: inOrder.at(-1) ?? null,
      head: this.head.figures,
    };
  }

  close(): void {}
}

const derivedKey = (kind: string, bucket: number, key: string): string =>
  `${kind}\u0000${bucket}\u0000${key}`;
