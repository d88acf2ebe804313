import type Database from 'better-sqlite3';
import type { TraceId, UnixNanos } from '../model/index.ts';
import { sortValue } from './search.ts';
import type { IndexedTrace, SealedTrace, TraceSearch, TraceSort } from './types.ts';

/** SQLite's integers are signed: a hostile time beyond the year 2262 sorts as that year. */
const MAX_INTEGER = (1n << 63n) - 1n;
const integer = (value: bigint): bigint => (value > MAX_INTEGER ? MAX_INTEGER : value);

const SORT_COLUMN: Record<TraceSort, string> = {
  newest: 'start',
  slowest: 'response',
  'longest-wait': 'longest_wait',
};

const COLUMNS = 'trace_id, start, response, longest_wait, root_name, services, errors, queue_hops, summary';

interface TraceRow {
  readonly trace_id: Buffer;
  readonly start: UnixNanos;
  readonly response: bigint;
  readonly longest_wait: bigint;
  readonly root_name: string;
  readonly services: string;
  readonly errors: bigint;
  readonly queue_hops: bigint;
  readonly summary: string;
}

/** The rows of sealed traces, their other names, and the search over them. */
export class TraceTable {
  readonly #db: Database.Database;
  readonly #put: Database.Statement;
  readonly #name: Database.Statement;
  readonly #joined: Database.Statement;
  readonly #oldest: Database.Statement;
  readonly #newest: Database.Statement;
  readonly #byId: Database.Statement;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#put = db.prepare(`
      INSERT OR REPLACE INTO trace
        (trace_id, received_at, start, response, longest_wait, root_name, services, errors, queue_hops, span_count, summary)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#name = db.prepare('INSERT OR IGNORE INTO join_name (name, trace_id) VALUES (?, ?)');
    this.#joined = db
      .prepare('SELECT lower(hex(trace_id)) FROM join_name WHERE name = ? ORDER BY trace_id')
      .pluck();
    this.#oldest = db.prepare('SELECT min(start) FROM trace').pluck().safeIntegers();
    this.#newest = db.prepare('SELECT max(start) FROM trace').pluck().safeIntegers();
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM trace WHERE trace_id = ?`).safeIntegers();
  }

  put(trace: SealedTrace, spanCount: number, receivedAt: UnixNanos): void {
    const { index } = trace;
    const id = Buffer.from(index.traceId, 'hex');
    this.#put.run(
      id,
      receivedAt,
      integer(index.start),
      sortValue(index, 'slowest'),
      sortValue(index, 'longest-wait'),
      index.rootName,
      JSON.stringify(index.services),
      index.errorCount,
      index.queueHops,
      spanCount,
      index.summary,
    );
    for (const name of trace.joins) this.#name.run(name, id);
  }

  joined(name: string): readonly TraceId[] {
    return this.#joined.all(name) as TraceId[];
  }

  search({ filter, sort, limit, after }: TraceSearch): readonly IndexedTrace[] {
    const column = SORT_COLUMN[sort];
    const conditions = ['start >= ?', 'start < ?'];
    const values: unknown[] = [integer(filter.start), integer(filter.end)];
    const add = (condition: string, ...parameters: unknown[]): void => {
      conditions.push(condition);
      values.push(...parameters);
    };
    if (filter.service !== undefined) {
      add('EXISTS (SELECT 1 FROM json_each(services) WHERE value = ?)', filter.service);
    }
    if (filter.name !== undefined) add('instr(lower(root_name), lower(?)) > 0', filter.name);
    if (filter.errors !== undefined) add(filter.errors ? 'errors > 0' : 'errors = 0');
    if (filter.crossesQueue !== undefined) add(filter.crossesQueue ? 'queue_hops > 0' : 'queue_hops = 0');
    if (filter.minDuration !== undefined) add('response >= ?', filter.minDuration);
    if (filter.maxDuration !== undefined) add('response <= ?', filter.maxDuration);
    if (after) {
      const id = Buffer.from(after.traceId, 'hex');
      add(
        `(${column} < ? OR (${column} = ? AND trace_id > ?))`,
        integer(after.value),
        integer(after.value),
        id,
      );
    }
    const rows = this.#db
      .prepare(`
        SELECT ${COLUMNS} FROM trace
        WHERE ${conditions.join(' AND ')} ORDER BY ${column} DESC, trace_id LIMIT ?`)
      .safeIntegers()
      .all(...values, limit) as TraceRow[];
    return rows.map(indexedTrace);
  }

  get(traceId: TraceId): IndexedTrace | undefined {
    const row = this.#byId.get(Buffer.from(traceId, 'hex')) as TraceRow | undefined;
    return row && indexedTrace(row);
  }

  /** Counted by a walk through the table: once, at the opening. */
  totals(): StoreTotals {
    return this.#db
      .prepare(`
        SELECT (SELECT count(*) FROM trace) AS traces, (SELECT total(span_count) FROM trace) AS spans,
               (SELECT count(*) FROM part) AS blocks`)
      .get() as StoreTotals;
  }

  /** Starts of the oldest and the newest trace, from the index. */
  extent(): { readonly oldest: UnixNanos | null; readonly newest: UnixNanos | null } {
    return { oldest: this.#oldest.get() as UnixNanos | null, newest: this.#newest.get() as UnixNanos | null };
  }
}

/** What the sealed part of a store holds; adding and taking away keeps it up to date. */
export interface StoreTotals {
  readonly traces: number;
  readonly spans: number;
  readonly blocks: number;
}

const indexedTrace = (row: TraceRow): IndexedTrace => ({
  traceId: row.trace_id.toString('hex') as TraceId,
  start: row.start,
  responseDuration: Number(row.response),
  longestWait: Number(row.longest_wait),
  rootName: row.root_name,
  services: JSON.parse(row.services) as string[],
  errorCount: Number(row.errors),
  queueHops: Number(row.queue_hops),
  summary: row.summary,
});
