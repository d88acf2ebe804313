import {
  analyseTrace,
  type Chain,
  chainsOf,
  type Finding,
  findingsOf,
  type MapEdge,
  type MapNode,
  mapOf,
  type Queue,
  queuesOf,
  type RollupEntry,
  type Series,
  type SeriesRequest,
  seriesOf,
  type TimeRange,
  type TraceSummary,
} from '../analysis/index.ts';
import type { SpanBatch } from '../batch/index.ts';
import type { Flow as WireFlow, Trace as WireTrace } from '../contract/index.ts';
import { buildFlow } from '../flow/index.ts';
import {
  addNanos,
  fromMillis,
  NANOS_PER_SECOND,
  type Resource,
  serviceOf,
  stringAttribute,
  type TraceId,
} from '../model/index.ts';
import { decodeSpans, type Encoding } from '../otlp/index.ts';
import { type Store, type StoreFigures, searchAmong, type TraceSearch } from '../store/index.ts';
import { ChangeLog } from './change-log.ts';
import { Counters, type IngestCounters, type Sender, type Transport } from './counters.ts';
import { FlowGatherer } from './gather.ts';
import { HeadSummaries } from './head-summaries.ts';
import { presentFlow, presentSpan } from './present.ts';
import { type Clocks, RetentionClock } from './retention-clock.ts';
import { RollupOverlay } from './rollup-overlay.ts';
import { sealSettled, settleRested } from './settling.ts';
import { endAt, searchSpans, type TracePage } from './span-search.ts';
import { fromIndexed, toIndexed } from './summaries.ts';

export interface IngestRequest {
  readonly transport: Transport;
  readonly encoding: Encoding;
  /** After decompression. */
  readonly body: Uint8Array;
}

export interface IngestResult {
  readonly accepted: number;
  readonly rejected: number;
  readonly reason: string;
}

export interface EngineStatus {
  readonly storage: StoreFigures;
  readonly ingest: {
    readonly http: IngestCounters;
    readonly grpc: IngestCounters;
    readonly spansPerSecond: number;
  };
  readonly senders: readonly Sender[];
}

export interface EngineOptions extends Clocks {
  readonly store: Store;
  readonly retentionMs: number;
  readonly maxBytes: number;
}

/** Requests wait meanwhile: a search by spans gives way after this long and is continued by its cursor. */
const SEARCH_MS = 400;

/** Retention deletes in batches; this many per call keep requests waiting only briefly. */
const EXPIRE_ROUNDS = 5;
/** Age moves slowly, and looking for it is not free; size is looked at in every call. */
const EXPIRE_BY_AGE_EVERY_MS = 60_000;

/** What the collector knows and does with spans: takes them in, seals them, answers questions. One per file. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #store: Store;
  readonly #gatherer: FlowGatherer;
  readonly #head: HeadSummaries;
  readonly #counters = new Counters();
  readonly #changes = new ChangeLog();
  readonly #retentionClock: RetentionClock;
  #expireByAgeAt = 0;
  readonly #rollups: RollupOverlay;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#retentionClock = new RetentionClock(options);
    this.#store = options.store;
    this.#gatherer = new FlowGatherer(options.store);
    this.#head = new HeadSummaries(options.store);
    this.#rollups = new RollupOverlay(options.store);
  }

  /**
   * Resolves once the spans are on disk. Throws `MalformedError`, `StoreFullError` or `StoreUnavailableError`;
   * then nothing of the request is kept.
   */
  async ingest({ transport, encoding, body }: IngestRequest): Promise<IngestResult> {
    try {
      const { batch, rejected, reason } = decodeSpans(encoding, body);
      const receivedAt = fromMillis(this.#retentionClock.stamp());
      await this.#store.append({ encoding, body, receivedAt }, batch);
      this.#counters.took(transport, body.length, batch.length, rejected);
      for (const traceId of tracesOf(batch)) this.#changes.add(traceId);
      for (const [resource, count] of countByResource(batch)) {
        this.#counters.sent(serviceOf({ resource }), count, receivedAt, sdkOf(resource));
      }
      return { accepted: batch.length, rejected, reason };
    } catch (error) {
      this.#counters.failed(transport);
      throw error;
    }
  }

  /** Analyses what has rested; call it several times a second. Returns how many traces there were. */
  settle(): number {
    const summaries = settleRested(this.#store, this.#gatherer, this.#rollups);
    for (const summary of summaries) this.#changes.add(summary.traceId, summary);
    return summaries.length;
  }

  /** Seals what has settled where that is due; call it now and then. Returns whether it did. */
  seal(): boolean {
    const isDue = this.#store.isSealDue;
    if (isDue) sealSettled(this.#store, this.#rollups);
    return isDue;
  }

  /** Forgets what is too old or too much; call it about once a second. Returns how many traces went. */
  expire(): number {
    const { monotonic, retentionMs, maxBytes } = this.#options;
    const isOver = this.#store.figures().bytes > maxBytes;
    if (!isOver && monotonic() < this.#expireByAgeAt) return 0;
    const before = fromMillis(this.#retentionClock.ageFrom() - retentionMs);
    let gone = 0;
    for (let round = 0; round < EXPIRE_ROUNDS; round++) {
      const { traces } = this.#store.expire(before, maxBytes);
      gone += traces;
      if (traces === 0) {
        this.#expireByAgeAt = monotonic() + EXPIRE_BY_AGE_EVERY_MS;
        break;
      }
    }
    return gone;
  }

  status(): EngineStatus {
    return {
      storage: this.#store.figures(),
      ingest: {
        ...this.#counters.byTransport(),
        spansPerSecond: this.#counters.spansPerSecond(this.#options.monotonic()),
      },
      senders: this.#counters.senders(),
    };
  }

  /** One page. With TraceQL it may be short, or empty, though `next` says that there is more to look through. */
  search(search: TraceSearch, traceQl?: string): TracePage {
    if (traceQl === undefined) return this.#searchSummaries(search);
    const begin = this.#options.monotonic();
    return searchSpans(traceQl, search, {
      pageOf: (page) => this.#searchSummaries(page),
      spansOf: (traceId) => this.#store.spans(traceId),
      isTimeUp: () => this.#options.monotonic() - begin > SEARCH_MS,
    });
  }

  #searchSummaries(search: TraceSearch): TracePage {
    const open = this.#head.all();
    // One more tells whether there is a next page; those that are open too are left out below.
    const sealed = this.#store.search({ ...search, limit: search.limit + 1 + open.size });
    // A trace that is in both grew after it was sealed: the head's summary is the newer one.
    const candidates = [
      ...sealed.filter((trace) => !open.has(trace.traceId)),
      ...[...open.values()].map((summary) => toIndexed(summary)),
    ];
    const found = searchAmong(candidates, { ...search, limit: search.limit + 1 });
    const traces = found.slice(0, search.limit).map((trace) => open.get(trace.traceId) ?? fromIndexed(trace));
    const last = traces.at(-1);
    return { traces, ...(last && found.length > traces.length ? { next: endAt(last, search.sort) } : {}) };
  }

  /** Spans `from` to `from + limit` of the trace in order of start; undefined where it is unknown. */
  trace(traceId: TraceId, from: number, limit: number): WireTrace | undefined {
    const spans = this.#store.spans(traceId);
    if (spans.length === 0) return undefined;
    return {
      traceId,
      spans: spans.slice(from, from + limit).map(presentSpan),
      total: spans.length,
      warnings:
        from + limit < spans.length ? [`spans ${from + limit} to ${spans.length} are on further pages`] : [],
    };
  }

  flow(traceId: TraceId): WireFlow | undefined {
    const gathered = this.#gatherer.gather(traceId);
    const flow = gathered && buildFlow(gathered.spans);
    if (!gathered || !flow) return undefined;
    const { entries } = analyseTrace(gathered.spans, []);
    const range = {
      start: flow.start,
      end: addNanos(flow.start, flow.completionDuration + NANOS_PER_SECOND),
    };
    const findings = findingsOf(entries, bucketRange(range), range.end);
    const warnings = gathered.isCut ? ['the flow goes on in more traces than are shown'] : [];
    return presentFlow({ ...flow, warnings: [...flow.warnings, ...warnings] }, findings);
  }

  /** Traces that came or grew or were sealed since the given mark, newest first, and the mark to go on from. */
  changes(mark: number, limit: number): { latest: number; traces: TraceSummary[] } {
    const open = this.#head.all();
    const changes = this.#changes.since(mark).slice(0, limit);
    return {
      latest: this.#changes.latest,
      traces: changes.flatMap((change) => open.get(change.traceId) ?? change.summary ?? []),
    };
  }

  map(range: TimeRange): { nodes: MapNode[]; edges: MapEdge[] } {
    return mapOf(this.#entries(range), this.#observed(range));
  }

  chains(range: TimeRange): Chain[] {
    return chainsOf(this.#entries(range), this.#observed(range));
  }

  queues(range: TimeRange): Queue[] {
    return queuesOf(this.#entries(range), this.#observed(range), fromMillis(this.#options.now()));
  }

  /** All types where none is named. */
  findings(range: TimeRange, type?: string): Finding[] {
    const findings = findingsOf(this.#entries(range), this.#observed(range), fromMillis(this.#options.now()));
    return type === undefined ? findings : findings.filter((finding) => finding.type === type);
  }

  series(range: TimeRange, request: SeriesRequest): Series {
    return seriesOf(this.#entries(range), range, request);
  }

  loadState(key: string): string | undefined {
    return this.#store.state(key);
  }

  saveState(key: string, value: string): void {
    this.#store.saveState(key, value);
  }

  close(): void {
    this.#store.close();
  }

  /**
   * The part of the range in which there can be data: rates of a collector that started a minute ago are of that
   * minute, not of the quarter of an hour that was asked for.
   */
  #observed(range: TimeRange): TimeRange {
    const { oldest } = this.#store.figures();
    if (oldest === null || oldest <= range.start || oldest >= range.end) return range;
    return { start: bucketRange({ start: oldest, end: range.end }).start, end: range.end };
  }

  #entries(range: TimeRange): Iterable<RollupEntry> {
    const seconds = bucketRange(range);
    return this.#rollups.entries(toSeconds(seconds.start), toSeconds(seconds.end));
  }
}

const BUCKET_NANOS = 10_000_000_000n;

const toSeconds = (time: bigint): number => Number(time / 1_000_000_000n);

/** Widened to whole buckets, so that the one in which the range starts counts. */
const bucketRange = (range: TimeRange): TimeRange => ({
  start: (range.start - (range.start % BUCKET_NANOS)) as TimeRange['start'],
  end: range.end,
});

/** Each trace of the batch once, without a text for every row. */
const tracesOf = (batch: SpanBatch): TraceId[] => {
  const traces = new Map<string, TraceId>();
  for (let row = 0; row < batch.length; row++) {
    const key = batch.traceKey(row);
    if (!traces.has(key)) traces.set(key, batch.traceId(row));
  }
  return [...traces.values()];
};

const countByResource = (batch: SpanBatch): Map<Resource, number> => {
  const counts = new Map<Resource, number>();
  for (let row = 0; row < batch.length; row++) {
    const resource = batch.resources[batch.resourceIndexes.get(row)] as Resource;
    counts.set(resource, (counts.get(resource) ?? 0) + 1);
  }
  return counts;
};

const sdkOf = ({ attributes }: Resource): string | undefined => {
  const parts = ['name', 'language', 'version'].map((part) =>
    stringAttribute(attributes, `telemetry.sdk.${part}`),
  );
  return parts.some((part) => part !== undefined) ? parts.filter(Boolean).join(' ') : undefined;
};
