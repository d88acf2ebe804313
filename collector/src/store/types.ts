import type { SpanBatch } from '../batch/index.ts';
import type { Span, TraceId, UnixNanos } from '../model/index.ts';

/** A request as it came, after decompression: what the log keeps until its spans are in blocks. */
export interface Payload {
  readonly encoding: 'protobuf' | 'json';
  readonly body: Uint8Array;
  /** Wall clock; retention goes by it, so that senders' clocks cannot expire anything. */
  readonly receivedAt: UnixNanos;
}

/** What search filters and sorts by, beside the summary that it returns. */
export interface TraceIndex {
  readonly traceId: TraceId;
  readonly start: UnixNanos;
  /** Of the entry span, ns. */
  readonly responseDuration: number;
  readonly rootName: string;
  readonly services: readonly string[];
  readonly errorCount: number;
  readonly queueHops: number;
  /** ns; 0 where nothing waited. */
  readonly longestWait: number;
}

/** `summary` is opaque to the store. */
export interface IndexedTrace extends TraceIndex {
  readonly summary: string;
}

export const TRACE_SORTS = ['newest', 'slowest', 'longest-wait'] as const;
export type TraceSort = (typeof TRACE_SORTS)[number];

export interface TraceFilter {
  /** [start, end) by the trace's start. */
  readonly start: UnixNanos;
  readonly end: UnixNanos;
  readonly service?: string;
  /** Part of the entry's name, any case. */
  readonly name?: string;
  readonly errors?: boolean;
  readonly crossesQueue?: boolean;
  /** Of the response, ns. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
}

export interface TraceSearch {
  readonly filter: TraceFilter;
  readonly sort: TraceSort;
  readonly limit: number;
  /** Continues after this trace of an earlier page. */
  readonly after?: { readonly value: bigint; readonly traceId: TraceId };
}

/** A trace to which spans may still come: received, and not analysed since its last span. */
export interface OpenTrace {
  readonly traceId: TraceId;
  readonly spanCount: number;
  /** Grows with every new span: a cache of what was derived from the trace is good for one version. */
  readonly version: number;
}

/** One trace with what analysis derived from it. */
export interface SettledTrace {
  readonly index: IndexedTrace;
  /** Other names under which the trace is looked up: messages it produced or consumed, traces it links to. */
  readonly joins: readonly string[];
}

/** A row of derived data; `bucket` is Unix seconds, `kind`, `key` and `stat` are opaque to the store. */
export interface DerivedRow {
  readonly kind: string;
  readonly bucket: number;
  readonly key: string;
  readonly stat: Uint8Array;
}

export interface StoreFigures {
  readonly path: string;
  readonly bytes: number;
  /** In blocks; the head's own count is apart. */
  readonly spans: number;
  readonly traces: number;
  readonly blocks: number;
  readonly oldest: UnixNanos | null;
  readonly newest: UnixNanos | null;
  /** `open`: traces that wait for their analysis. */
  readonly head: {
    readonly traces: number;
    readonly open: number;
    readonly spans: number;
    readonly bytes: number;
  };
}

/**
 * Keeps spans and what is derived from them. One process writes; every method but `append` is immediate.
 *
 * A trace is open while spans come, settled once it was analysed, and sealed in a block with others. A span that
 * comes later opens it again.
 *
 * The contract, proved for each implementation by `store-contract.ts`:
 * - `append` resolves once the payload would survive a power cut, and rejects where it would not.
 * - A span is readable as soon as its append resolved, once, however often it was sent.
 * - `seal` moves the settled traces, derived rows and the end of their payloads in one step, or not at all.
 */
export interface Store {
  /** Rejects with `StoreFullError` or `StoreUnavailableError`; then nothing of it is kept. */
  append(payload: Payload, batch: SpanBatch): Promise<void>;

  /** Every known span of the trace in order of start; empty where the trace is unknown. */
  spans(traceId: TraceId): readonly Span[];
  /** Those of `spans` that the last analysis of the trace covered. */
  analysedSpans(traceId: TraceId): readonly Span[];

  openTraces(): Iterable<OpenTrace>;
  /** Open traces that rested for the settle time, or must go on because the head is full. */
  rested(): readonly TraceId[];
  settle(traces: readonly SettledTrace[]): void;
  /** Traces that were settled, not sealed, and are open again: what was derived from them is no longer whole. */
  reopened(): readonly TraceId[];
  /** Forgets the last analysis of open traces, which the caller took back from what it derived. */
  unsettle(traceIds: readonly TraceId[]): void;

  /** Whether the settled traces should be sealed now. */
  readonly isSealDue: boolean;
  /** Seals all settled traces. No trace may be reopened then, since `derived` would count it twice. */
  seal(derived: readonly DerivedRow[]): void;

  /** Settled and sealed traces; the caller adds the open ones, whose summaries it makes itself. */
  search(search: TraceSearch): readonly IndexedTrace[];
  /** What the last analysis of the trace left. */
  indexed(traceId: TraceId): IndexedTrace | undefined;
  /** Settled and sealed traces that were given this name by `SettledTrace.joins`. */
  joined(name: string): readonly TraceId[];
  /** Rows with `from <= bucket < to`. */
  derived(kind: string | undefined, from: number, to: number): Iterable<DerivedRow>;
  derivedRow(kind: string, bucket: number, key: string): DerivedRow | undefined;

  /** Small named values that survive restarts: alert states, baselines. */
  state(key: string): string | undefined;
  saveState(key: string, value: string): void;

  /** Forgets what was received before the given time, and the oldest while the file is over `maxBytes`. */
  expire(before: UnixNanos, maxBytes: number): { readonly traces: number };
  figures(): StoreFigures;
  close(): void;
}

/** The disk or the quota is full: try again later. */
export class StoreFullError extends Error {
  override name = 'StoreFullError';
}

/** The file cannot be written now; the message says why. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}

/** The file cannot be opened; the message says what to do. */
export class StoreOpenError extends Error {
  override name = 'StoreOpenError';
}

export interface StoreOptions {
  /** Rest in milliseconds after which a trace is settled. */
  readonly settleMs: number;
  /** Settled spans that make a block. */
  readonly blockRows: number;
  /** Milliseconds after which settled traces are sealed though they do not fill a block. */
  readonly sealAfterMs: number;
  /** Bytes that the head may hold before traces must be settled and sealed early. */
  readonly headBytes: number;
  /** Milliseconds on a clock that never steps; for rest and age. */
  readonly monotonic: () => number;
}
