import type { SpanBatch } from '../batch/index.ts';
import type { Span, TraceId, UnixNanos } from '../model/index.ts';
import type { OpenTrace, SettledTrace, StoreOptions } from './types.ts';

/** A row of a batch: a span that is not a block's yet. */
export interface RowRef {
  readonly batch: SpanBatch;
  readonly row: number;
}

interface HeadTrace {
  readonly rows: RowRef[];
  readonly payloads: Set<number>;
  /** Wall clock of the newest payload with a span of it. */
  receivedAt: UnixNanos;
  touchedAt: number;
  version: number;
  /** The first rows, which the last analysis covered. */
  analysed: number;
  /** What the last analysis derived. */
  settled: SettledTrace | undefined;
  /** Whether spans came since. */
  open: boolean;
}

interface LivePayload {
  openTraces: number;
  readonly bytes: number;
}

/**
 * Received spans that are in no block yet, by trace, in the batches in which they came. A trace is *open* while spans
 * come, *settled* once it was analysed, and leaves when it is sealed. A payload is done when its last trace leaves.
 */
export class Head {
  /** By the 16 bytes of the id as Latin-1: a key costs one native call and no hexadecimal. */
  readonly #traces = new Map<string, HeadTrace>();
  readonly #payloads = new Map<number, LivePayload>();
  readonly #options: StoreOptions;
  #rows = 0;
  #settledRows = 0;
  #bytes = 0;
  #versions = 0;
  #oldestSettled: number | undefined;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get figures(): { traces: number; open: number; spans: number; bytes: number } {
    let open = 0;
    for (const trace of this.#traces.values()) if (trace.open) open++;
    return { traces: this.#traces.size, open, spans: this.#rows, bytes: this.#bytes };
  }

  /** Earliest and latest start of the settled traces; null where there are none. */
  get extent(): { oldest: UnixNanos | null; newest: UnixNanos | null } {
    let oldest: UnixNanos | null = null;
    let newest: UnixNanos | null = null;
    for (const { index } of this.settled()) {
      if (oldest === null || index.start < oldest) oldest = index.start;
      if (newest === null || index.start > newest) newest = index.start;
    }
    return { oldest, newest };
  }

  add(payload: number, receivedAt: UnixNanos, batch: SpanBatch): void {
    const now = this.#options.monotonic();
    const live: LivePayload = { openTraces: 0, bytes: batch.byteLength };
    let lastKey = '';
    let trace: HeadTrace | undefined;
    for (let row = 0; row < batch.length; row++) {
      const key = batch.traceKey(row);
      if (key !== lastKey || !trace) {
        trace = this.#open(key, receivedAt);
        lastKey = key;
        if (!trace.payloads.has(payload)) {
          trace.payloads.add(payload);
          live.openTraces++;
        }
        if (!trace.open) {
          this.#settledRows -= trace.rows.length;
          trace.open = true;
        }
        trace.touchedAt = now;
        trace.receivedAt = receivedAt;
        trace.version = ++this.#versions;
      }
      trace.rows.push({ batch, row });
    }
    this.#rows += batch.length;
    this.#bytes += live.bytes;
    this.#payloads.set(payload, live);
  }

  /** Every row of the trace in order of arrival; the same span may come twice. */
  rows(traceId: TraceId): readonly RowRef[] {
    return this.#get(traceId)?.rows ?? [];
  }

  /** The rows that the last analysis covered. */
  analysedRows(traceId: TraceId): readonly RowRef[] {
    const trace = this.#get(traceId);
    return trace ? trace.rows.slice(0, trace.analysed) : [];
  }

  receivedAt(traceId: TraceId): UnixNanos | undefined {
    return this.#get(traceId)?.receivedAt;
  }

  *openTraces(): Iterable<OpenTrace> {
    for (const trace of this.#traces.values()) {
      if (!trace.open) continue;
      const [first] = trace.rows as [RowRef];
      yield { traceId: first.batch.traceId(first.row), spanCount: trace.rows.length, version: trace.version };
    }
  }

  /** Open traces that rested for the settle time, or must go on because the head is full. */
  rested(): TraceId[] {
    const restedSince = this.#options.monotonic() - this.#options.settleMs;
    let surplus = this.#bytes - this.#options.headBytes;
    const bytesPerRow = this.#rows === 0 ? 0 : this.#bytes / this.#rows;
    const rested: TraceId[] = [];
    // The map is in order of first arrival: under pressure the oldest traces go first.
    for (const trace of this.#traces.values()) {
      if (trace.touchedAt > restedSince && surplus <= 0) continue;
      surplus -= trace.rows.length * bytesPerRow;
      const [first] = trace.rows as [RowRef];
      if (trace.open) rested.push(first.batch.traceId(first.row));
    }
    return rested;
  }

  settle(settled: SettledTrace): void {
    const trace = this.#get(settled.index.traceId);
    if (!trace) return;
    if (trace.open) this.#settledRows += trace.rows.length;
    trace.open = false;
    trace.settled = settled;
    trace.analysed = trace.rows.length;
    this.#oldestSettled ??= this.#options.monotonic();
  }

  *settled(): Iterable<SettledTrace> {
    for (const trace of this.#traces.values()) if (trace.settled && !trace.open) yield trace.settled;
  }

  /** Traces that were settled and got more spans since: their last analysis is still counted. */
  *reopened(): Iterable<TraceId> {
    for (const { open, settled } of this.#traces.values()) if (open && settled) yield settled.index.traceId;
  }

  /** Forgets the last analysis of a trace, as if it had never been settled. */
  unsettle(traceId: TraceId): void {
    const trace = this.#get(traceId);
    if (!trace?.open) return;
    trace.settled = undefined;
    trace.analysed = 0;
  }

  settledTrace(traceId: TraceId): SettledTrace | undefined {
    return this.#get(traceId)?.settled;
  }

  /** Whether enough is settled for a block, or what is settled has waited long enough, or the head is full. */
  get isSealDue(): boolean {
    if (this.#settledRows === 0 || this.#oldestSettled === undefined) return false;
    return (
      this.#settledRows >= this.#options.blockRows ||
      this.#bytes > this.#options.headBytes ||
      this.#options.monotonic() - this.#oldestSettled >= this.#options.sealAfterMs
    );
  }

  /** The payloads of which no trace is left in the head once these traces have gone. */
  finishedBy(traceIds: readonly TraceId[]): number[] {
    const leaving = new Map<number, number>();
    for (const traceId of traceIds) {
      for (const payload of this.#get(traceId)?.payloads ?? []) {
        leaving.set(payload, (leaving.get(payload) ?? 0) + 1);
      }
    }
    return [...leaving]
      .filter(([id, count]) => this.#payloads.get(id)?.openTraces === count)
      .map(([id]) => id);
  }

  remove(traceIds: readonly TraceId[]): void {
    for (const traceId of traceIds) {
      const key = keyOf(traceId);
      const trace = this.#traces.get(key);
      if (!trace) continue;
      this.#traces.delete(key);
      this.#rows -= trace.rows.length;
      if (!trace.open) this.#settledRows -= trace.rows.length;
      for (const payload of trace.payloads) this.#leave(payload);
    }
    this.#oldestSettled = this.#settledRows > 0 ? this.#options.monotonic() : undefined;
  }

  #leave(id: number): void {
    const payload = this.#payloads.get(id);
    if (!payload || --payload.openTraces > 0) return;
    this.#payloads.delete(id);
    this.#bytes -= payload.bytes;
  }

  #get(traceId: TraceId): HeadTrace | undefined {
    return this.#traces.get(keyOf(traceId));
  }

  #open(key: string, receivedAt: UnixNanos): HeadTrace {
    let trace = this.#traces.get(key);
    if (!trace) {
      trace = {
        rows: [],
        payloads: new Set(),
        receivedAt,
        touchedAt: 0,
        version: 0,
        analysed: 0,
        settled: undefined,
        open: true,
      };
      this.#traces.set(key, trace);
    }
    return trace;
  }
}

const keyOf = (traceId: TraceId): string => Buffer.from(traceId, 'hex').toString('latin1');

/** The spans of the rows, each once: the first of those with the same id. */
export const spansOfRows = (rows: readonly RowRef[], known: ReadonlySet<string> = new Set()): Span[] =>
  distinctRows(rows, known).map(({ batch, row }) => batch.span(row));

/** The rows whose span ids are not known, each span once. */
export const distinctRows = (rows: readonly RowRef[], known: ReadonlySet<string> = new Set()): RowRef[] => {
  const seen = new Set(known);
  return rows.filter(({ batch, row }) => {
    const id = batch.spanId(row);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
};
