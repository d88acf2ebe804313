import { chmodSync, closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { type Span, type SpanId, type TraceId, type UnixNanos, unixNanos } from '../model/index.ts';
import { FileLock } from './file-lock.ts';
import { Head } from './head.ts';
import { PayloadLog } from './payload-log.ts';
import { expireTraces, fileBytes } from './retention.ts';
import { prepareSchema } from './schema.ts';
import { decodeSpans, encodeSpans } from './span-codec.ts';
import { inOrderOfStart } from './span-order.ts';
import { type StoreTotals, TraceTable } from './trace-table.ts';
import {
  type DerivedRow,
  type IndexedTrace,
  type Payload,
  type SealedTrace,
  type Store,
  type StoreFigures,
  StoreOpenError,
  type StoreOptions,
  type TraceSearch,
} from './types.ts';

export interface SqliteStoreOptions extends StoreOptions {
  readonly path: string;
  /** Reads a payload of the log again after a restart. */
  readonly decode: (payload: Payload) => readonly Span[];
}

/** Spans in one SQLite file: payload log, head in memory, sealed traces. See the decision on the store's design. */
export class SqliteStore implements Store {
  readonly #path: string;
  readonly #lock: FileLock;
  readonly #db: Database.Database;
  readonly #log: PayloadLog;
  readonly #head: Head;
  readonly #traces: TraceTable;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #totals: StoreTotals;

  /** Throws `StoreOpenError`. Spans of the log are back in the head when it returns. */
  static open(options: SqliteStoreOptions): SqliteStore {
    assertWritable(options.path);
    const lock = FileLock.acquire(options.path);
    try {
      return new SqliteStore(options, lock);
    } catch (cause) {
      lock.release();
      if (cause instanceof StoreOpenError) throw cause;
      throw new StoreOpenError(
        `${options.path} cannot be opened: ${messageOf(cause)}. Name another file with --db`,
        {
          cause,
        },
      );
    }
  }

  private constructor(options: SqliteStoreOptions, lock: FileLock) {
    this.#path = options.path;
    this.#lock = lock;
    this.#db = new Database(options.path);
    chmodSync(options.path, 0o600);
    prepareSchema(this.#db, options.path);
    this.#db.pragma('journal_mode = WAL');
    // FULL syncs the WAL at every commit: what was acknowledged survives a power cut.
    this.#db.pragma('synchronous = FULL');
    this.#statements = prepareStatements(this.#db);
    this.#head = new Head(options);
    this.#traces = new TraceTable(this.#db);
    this.#totals = this.#traces.totals();
    this.#log = new PayloadLog(this.#db, (id, receivedAt, spans) => this.#head.add(id, receivedAt, spans));
    this.#log.replay(options.decode);
  }

  append(payload: Payload, spans: readonly Span[]): Promise<void> {
    return this.#log.append(payload, spans);
  }

  spans(traceId: TraceId): readonly Span[] {
    const spans = this.#sealed(traceId);
    for (const span of this.#head.spans(traceId)) if (!spans.has(span.spanId)) spans.set(span.spanId, span);
    return inOrderOfStart(spans.values());
  }

  sealedSpans(traceId: TraceId): readonly Span[] {
    return inOrderOfStart(this.#sealed(traceId).values());
  }

  #sealed(traceId: TraceId): Map<SpanId, Span> {
    const spans = new Map<SpanId, Span>();
    const parts = this.#statements.parts.all(blobOf(traceId)) as Buffer[];
    for (const part of parts) for (const span of decodeSpans(part)) spans.set(span.spanId, span);
    return spans;
  }

  openTraces() {
    return this.#head.openTraces();
  }

  settled(): readonly TraceId[] {
    return this.#head.settled();
  }

  seal(traces: readonly SealedTrace[], derived: readonly DerivedRow[]): void {
    const ids = traces.map((trace) => trace.index.traceId);
    let totals = this.#totals;
    this.#db.transaction(() => {
      for (const trace of traces) totals = plus(totals, this.#sealOne(trace));
      for (const row of derived) this.#statements.putDerived.run(row.kind, row.bucket, row.key, row.stat);
      this.#log.forget(this.#head.finishedBy(ids));
    })();
    // Only after the commit: where it failed, the head still has everything.
    this.#head.remove(ids);
    this.#totals = totals;
  }

  /** Returns what it added. */
  #sealOne(trace: SealedTrace): StoreTotals {
    const id = trace.index.traceId;
    const sealed = this.#sealed(id);
    const fresh = [...this.#head.spans(id)].filter((span) => !sealed.has(span.spanId));
    // A replayed payload can bring back a trace that was sealed before the restart, with nothing new in it.
    if (fresh.length === 0) return { traces: 0, spans: 0, blocks: 0 };
    this.#statements.addPart.run(blobOf(id), encodeSpans(fresh));
    const receivedAt = this.#head.receivedAt(id) ?? unixNanos(0n);
    this.#traces.put(trace, sealed.size + fresh.length, receivedAt);
    return { traces: sealed.size === 0 ? 1 : 0, spans: fresh.length, blocks: 1 };
  }

  indexed(traceId: TraceId): IndexedTrace | undefined {
    return this.#traces.get(traceId);
  }

  search(search: TraceSearch): readonly IndexedTrace[] {
    return this.#traces.search(search);
  }

  joined(name: string): readonly TraceId[] {
    return this.#traces.joined(name);
  }

  *derived(kind: string | undefined, from: number, to: number): Iterable<DerivedRow> {
    const { derivedOfKind, derivedOfAll } = this.#statements;
    const rows = kind === undefined ? derivedOfAll.all(from, to) : derivedOfKind.all(kind, from, to);
    yield* rows as DerivedRow[];
  }

  derivedRow(kind: string, bucket: number, key: string): DerivedRow | undefined {
    return this.#statements.derivedRow.get(kind, bucket, key) as DerivedRow | undefined;
  }

  state(key: string): string | undefined {
    return this.#statements.state.get(key) as string | undefined;
  }

  saveState(key: string, value: string): void {
    this.#statements.putState.run(key, value);
  }

  expire(before: UnixNanos, maxBytes: number): { readonly traces: number } {
    const gone = expireTraces(this.#db, before, maxBytes);
    this.#totals = plus(this.#totals, { traces: -gone.traces, spans: -gone.spans, blocks: -gone.blocks });
    return gone;
  }

  figures(): StoreFigures {
    return {
      path: this.#path,
      bytes: fileBytes(this.#db),
      ...this.#totals,
      ...this.#traces.extent(),
      head: this.#head.figures,
    };
  }

  close(): void {
    this.#log.close();
    try {
      this.#db.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // No space to copy it into the database: the write-ahead log keeps it for the next start.
    }
    this.#db.close();
    this.#lock.release();
  }
}

const plus = (a: StoreTotals, b: StoreTotals): StoreTotals => ({
  traces: a.traces + b.traces,
  spans: a.spans + b.spans,
  blocks: a.blocks + b.blocks,
});

const prepareStatements = (db: Database.Database) => ({
  parts: db.prepare('SELECT spans FROM part WHERE trace_id = ? ORDER BY id').pluck(),
  addPart: db.prepare('INSERT INTO part (trace_id, spans) VALUES (?, ?)'),
  putDerived: db.prepare('INSERT OR REPLACE INTO derived (kind, bucket, key, stat) VALUES (?, ?, ?, ?)'),
  derivedOfAll: db.prepare('SELECT kind, bucket, key, stat FROM derived WHERE bucket >= ? AND bucket < ?'),
  derivedOfKind: db.prepare(
    'SELECT kind, bucket, key, stat FROM derived WHERE kind = ? AND bucket >= ? AND bucket < ?',
  ),
  derivedRow: db.prepare(
    'SELECT kind, bucket, key, stat FROM derived WHERE kind = ? AND bucket = ? AND key = ?',
  ),
  state: db.prepare('SELECT value FROM state WHERE key = ?').pluck(),
  putState: db.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)'),
});

/** SQLite's own message for a path that cannot be written is "unable to open database file", which helps nobody. */
const assertWritable = (path: string): void => {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const what =
      code === 'ENOENT'
        ? `the folder ${dirname(path)} does not exist: create it`
        : code === 'EISDIR'
          ? 'it is a folder: name a file in it'
          : code === 'EACCES' || code === 'EROFS' || code === 'EPERM'
            ? 'it may not be written: check its permissions'
            : messageOf(cause);
    throw new StoreOpenError(`cannot write the database ${path}: ${what}, or name another file with --db`, {
      cause,
    });
  }
};

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const blobOf = (id: string): Buffer => Buffer.from(id, 'hex');
