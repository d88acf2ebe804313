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

/** A trace in the head: received, not yet in a block. */
export interface OpenTrace {
  readonly traceId: TraceId;
  readonly spanCount: number;
  /** Grows with every new span: a cache of what was derived from the trace is good for one version. */
  readonly version: number;
}

/** One trace to move from the head into blocks, with what was derived from it. */
export interface SealedTrace {
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
  readonly head: { readonly traces: number; readonly spans: number };
}

/**
 * Keeps spans and what is derived from them. One process writes; every method but `append` is immediate.
 *
 * The contract, proved for each implementation by `contract.ts`:
 * - `append` resolves once the payload would survive a power cut, and rejects where it would not.
 * - A span is readable as soon as its append resolved, once, however often it was sent.
 * - `seal` moves traces, derived rows and the end of their payloads in one step, or not at all.
 */
export interface Store {
  /** Rejects with `StoreFullError` or `StoreUnavailableError`; then nothing of it is kept. */
  append(payload: Payload, spans: readonly Span[]): Promise<void>;

  /** Every known span of the trace in order of start; empty where the trace is unknown. */
  spans(traceId: TraceId): readonly Span[];
  /** Those of `spans` that are already in blocks. */
  sealedSpans(traceId: TraceId): readonly Span[];

  openTraces(): Iterable<OpenTrace>;
  /** Traces of the head that rested for the settle time, or must go because the head is full. */
  settled(): readonly TraceId[];
  seal(traces: readonly SealedTrace[], derived: readonly DerivedRow[]): void;

  /** The row of a sealed trace as it was last put. */
  indexed(traceId: TraceId): IndexedTrace | undefined;
  /** Sealed traces only: the caller adds the head's, whose summaries it makes itself. */
  search(search: TraceSearch): readonly IndexedTrace[];
  /** Sealed traces that were given this name by `SealedTrace.joins`. */
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
  /** Spans that the head may hold before the oldest traces must go. */
  readonly headSpans: number;
  /** Milliseconds on a clock that never steps; for rest and age. */
  readonly monotonic: () => number;
}
