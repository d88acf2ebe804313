import { accessSync, chmodSync, closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { SpanBatch } from '../batch/index.ts';
import { type Span, type TraceId, type UnixNanos, unixNanos } from '../model/index.ts';
import { BlockShelf } from './block-shelf.ts';
import { FileLock } from './file-lock.ts';
import { distinctRows, type RowRef, spansOfRows } from './head.ts';
import { HeadedStore } from './headed-store.ts';
import { PayloadLog } from './payload-log.ts';
import { expireOldestBlock, fileBytes } from './retention.ts';
import { prepareSchema } from './schema.ts';
import { searchAmong } from './search.ts';
import { inOrderOfStart } from './span-order.ts';
import {
  type DerivedRow,
  type IndexedTrace,
  type Payload,
  type SettledTrace,
  type Store,
  type StoreFigures,
  StoreOpenError,
  type StoreOptions,
  type TraceSearch,
} from './types.ts';

export interface SqliteStoreOptions extends StoreOptions {
  readonly path: string;
  /** Reads a payload of the log again after a restart. */
  readonly decode: (payload: Payload) => SpanBatch;
}

/** Spans in one SQLite file: payload log, head in memory, blocks of columns. See the decisions on storage and blocks. */
export class SqliteStore extends HeadedStore implements Store {
  readonly #path: string;
  readonly #lock: FileLock;
  readonly #db: Database.Database;
  readonly #log: PayloadLog;
  readonly #shelf: BlockShelf;
  readonly #statements: ReturnType<typeof prepareStatements>;

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
    super(options);
    this.#path = options.path;
    this.#lock = lock;
    this.#db = new Database(options.path);
    chmodSync(options.path, 0o600);
    prepareSchema(this.#db, options.path);
    this.#db.pragma('journal_mode = WAL');
    // FULL syncs the WAL at every commit: what was acknowledged survives a power cut.
    this.#db.pragma('synchronous = FULL');
    this.#statements = prepareStatements(this.#db);
    this.#shelf = new BlockShelf(this.#db);
    this.#log = new PayloadLog(this.#db, (id, receivedAt, batch) => this.head.add(id, receivedAt, batch));
    this.#log.replay(options.decode);
  }

  append(payload: Payload, batch: SpanBatch): Promise<void> {
    return this.#log.append(payload, batch);
  }

  spans(traceId: TraceId): readonly Span[] {
    return this.#together(traceId, this.head.rows(traceId));
  }

  analysedSpans(traceId: TraceId): readonly Span[] {
    return this.#together(traceId, this.head.analysedRows(traceId));
  }

  #together(traceId: TraceId, rows: readonly RowRef[]): Span[] {
    const sealed = this.#shelf.spans(traceId);
    const known = new Set(sealed.map((span) => span.spanId));
    return inOrderOfStart([...sealed, ...spansOfRows(rows, known)]);
  }

  seal(derived: readonly DerivedRow[]): void {
    const settled = [...this.head.settled()];
    const ids = settled.map(({ index }) => index.traceId);
    const { traces, rows, receivedAt } = this.#fresh(settled);
    const block = this.#db.transaction(() => {
      for (const row of derived) this.#statements.putDerived.run(row.kind, row.bucket, row.key, row.stat);
      this.#log.forget(this.head.finishedBy(ids));
      return rows.length > 0 ? this.#shelf.write(traces, rows, receivedAt) : undefined;
    })();
    // Only after the commit: where it failed, the head still has everything.
    if (block) this.#shelf.shelve(block);
    this.head.remove(ids);
  }

  /**
   * The rows that no block has yet, trace by trace. A replayed payload can bring back a trace that was sealed before
   * the restart with nothing new in it: it leaves the head without a trace.
   */
  #fresh(settled: readonly SettledTrace[]) {
    const traces: SettledTrace[] = [];
    const rows: RowRef[] = [];
    let receivedAt = unixNanos(0n);
    for (const trace of settled) {
      const id = trace.index.traceId;
      const known = new Set(this.#shelf.spans(id).map((span) => span.spanId));
      const fresh = distinctRows(this.head.rows(id), known);
      if (fresh.length === 0) continue;
      traces.push(trace);
      for (const row of fresh) rows.push(row);
      const at = this.head.receivedAt(id) ?? receivedAt;
      if (at > receivedAt) receivedAt = at;
    }
    return { traces, rows, receivedAt };
  }

  search(search: TraceSearch): readonly IndexedTrace[] {
    const settled = new Map([...this.head.settled()].map(({ index }) => [index.traceId, index]));
    const sealed = this.#shelf
      .search({ ...search, limit: search.limit + settled.size })
      .filter((trace) => !settled.has(trace.traceId));
    return searchAmong([...sealed, ...settled.values()], search);
  }

  indexed(traceId: TraceId): IndexedTrace | undefined {
    return this.head.settledTrace(traceId)?.index ?? this.#shelf.indexed(traceId);
  }

  joined(name: string): readonly TraceId[] {
    const found = new Set(this.#shelf.joined(name));
    for (const { index, joins } of this.head.settled()) if (joins.includes(name)) found.add(index.traceId);
    return [...found];
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
    const held = this.#shelf.totals.traces;
    const block = expireOldestBlock(this.#db, before, maxBytes);
    if (block !== undefined) this.#shelf.drop(block);
    return { traces: held - this.#shelf.totals.traces };
  }

  figures(): StoreFigures {
    const totals = this.#shelf.totals;
    const settled = this.head.extent;
    return {
      path: this.#path,
      bytes: fileBytes(this.#db),
      ...totals,
      oldest: least(totals.oldest, settled.oldest, (a, b) => a < b),
      newest: least(totals.newest, settled.newest, (a, b) => a > b),
      head: this.head.figures,
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

/** The one that comes before the other, where there are both. */
const least = <T>(a: T | null, b: T | null, comesBefore: (a: T, b: T) => boolean): T | null =>
  a === null || (b !== null && comesBefore(b, a)) ? b : a;

const prepareStatements = (db: Database.Database) => ({
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
    // The log and the lock stand beside it.
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const what =
      code === 'ENOENT'
        ? `the folder ${dirname(path)} does not exist: create it`
        : code === 'EISDIR'
          ? 'it is a folder: name a file in it'
          : code === 'EACCES' || code === 'EROFS' || code === 'EPERM'
            ? 'it or its folder may not be written: check the permissions'
            : messageOf(cause);
    throw new StoreOpenError(`cannot write the database ${path}: ${what}, or name another file with --db`, {
      cause,
    });
  }
};

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
