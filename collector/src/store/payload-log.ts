import Database from 'better-sqlite3';
import type { SpanBatch } from '../batch/index.ts';
import type { UnixNanos } from '../model/index.ts';
import { type Payload, StoreFullError, StoreUnavailableError } from './types.ts';
import { compress, decompress } from './zstd.ts';

interface Waiting {
  readonly payload: Payload;
  readonly batch: SpanBatch;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

type OnLogged = (id: number, receivedAt: UnixNanos, batch: SpanBatch) => void;

/** What was received, in order, on disk before it is acknowledged. */
export class PayloadLog {
  readonly #db: Database.Database;
  readonly #onLogged: OnLogged;
  readonly #insert: Database.Statement;
  readonly #delete: Database.Statement;
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(db: Database.Database, onLogged: OnLogged) {
    this.#db = db;
    this.#onLogged = onLogged;
    this.#insert = db.prepare('INSERT INTO payload (received_at, encoding, body) VALUES (?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM payload WHERE id = ?');
  }

  /** Resolves once the payload is synced to disk; all that wait at the same moment share one sync. */
  append(payload: Payload, batch: SpanBatch): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError('the store is closed'));
    // No trace would ever let go of an empty payload.
    if (batch.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, batch, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#commit());
    });
  }

  /** Hands every payload of the file to the head again, oldest first. */
  replay(decode: (payload: Payload) => SpanBatch): void {
    const rows = this.#db
      .prepare('SELECT id, received_at, encoding, body FROM payload ORDER BY id')
      .safeIntegers();
    for (const row of rows.all() as LoggedRow[]) {
      const payload: Payload = {
        encoding: row.encoding,
        body: decompress(row.body),
        receivedAt: row.received_at,
      };
      this.#onLogged(Number(row.id), payload.receivedAt, decode(payload));
    }
  }

  /** Drops payloads whose spans are all in blocks; runs inside the caller's transaction. */
  forget(ids: readonly number[]): void {
    for (const id of ids) this.#delete.run(id);
  }

  close(): void {
    this.#commit();
    this.#closed = true;
  }

  #commit(): void {
    const group = this.#waiting;
    if (group.length === 0) return;
    this.#waiting = [];
    let ids: number[];
    try {
      ids = this.#db.transaction(() => group.map(({ payload }) => this.#write(payload)))();
    } catch (cause) {
      const error = storeError(cause);
      for (const waiting of group) waiting.reject(error);
      return;
    }
    for (const [index, { payload, batch, resolve }] of group.entries()) {
      this.#onLogged(ids[index] as number, payload.receivedAt, batch);
      resolve();
    }
  }

  #write(payload: Payload): number {
    const result = this.#insert.run(payload.receivedAt, payload.encoding, compress(payload.body));
    return Number(result.lastInsertRowid);
  }
}

interface LoggedRow {
  readonly id: bigint;
  readonly received_at: UnixNanos;
  readonly encoding: Payload['encoding'];
  readonly body: Buffer;
}

const storeError = (cause: unknown): Error => {
  const code = cause instanceof Database.SqliteError ? cause.code : '';
  if (code === 'SQLITE_FULL') return new StoreFullError('the disk is full: free some space', { cause });
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnavailableError(`the database cannot be written: ${message}`, { cause });
};
