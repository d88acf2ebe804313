import type Database from 'better-sqlite3';
import { decodeFilter, type Filter, FilterBuilder, openColumn, sealColumn } from '../columns/index.ts';
import type { Span, TraceId, UnixNanos } from '../model/index.ts';
import { type BlockReader, encodeBlock, openBlock } from './blocks/index.ts';
import { LeastRecentlyUsed } from './cache.ts';
import type { RowRef } from './head.ts';
import { encodeNameIndex, findName, hashName, type NameHash } from './name-index.ts';
import { compareBy, matches, searchAmong } from './search.ts';
import { decodeTraceList, encodeTraceList } from './trace-list.ts';
import type { IndexedTrace, SettledTrace, TraceSearch } from './types.ts';

/** Readers keep the columns that they decoded: about 4 MB a block. */
const OPEN_READERS = 16;
const OPEN_LISTS = 64;

/** What is known of a block without reading its columns. */
interface Block {
  readonly id: number;
  readonly rows: number;
  readonly traces: number;
  readonly minStart: bigint;
  readonly maxStart: bigint;
  readonly meta: Uint8Array;
  /** Asked only whether the block may have a trace, so that it holds no other column. */
  readonly filter: BlockReader;
  readonly names: Filter;
}

export interface ShelfTotals {
  readonly spans: number;
  readonly traces: number;
  readonly blocks: number;
  readonly oldest: UnixNanos | null;
  readonly newest: UnixNanos | null;
}

/** SQLite's integers are signed: a hostile time beyond the year 2262 counts as that year. */
const MAX_INTEGER = (1n << 63n) - 1n;
const integer = (value: bigint): bigint => (value > MAX_INTEGER ? MAX_INTEGER : value);

/** The blocks of a file: small facts of all of them in memory, their columns in the file and read when asked for. */
export class BlockShelf {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #readers = new LeastRecentlyUsed<number, BlockReader>(OPEN_READERS);
  readonly #lists = new LeastRecentlyUsed<number, ReadonlyMap<TraceId, IndexedTrace>>(OPEN_LISTS);
  /** Newest last. */
  #blocks: Block[];

  constructor(db: Database.Database) {
    this.#statements = prepareStatements(db);
    this.#blocks = (this.#statements.blocks.all() as BlockRow[]).map((row) => this.#blockOf(row));
  }

  /** Writes a block of whole traces, inside the caller's transaction; `shelve` it after the commit. */
  write(traces: readonly SettledTrace[], rows: readonly RowRef[], receivedAt: UnixNanos): Block {
    const { columns, metaBytes } = encodeBlock(rows);
    const indexes = traces.map(({ index }) => index);
    const names = traces.flatMap(({ joins }, place) => joins.map((name) => [hashName(name), place] as const));
    const starts = indexes.map(({ start }) => start);
    const row: Omit<BlockRow, 'id'> = {
      rows: rows.length,
      traces: traces.length,
      min_start: integer(starts.reduce((a, b) => (b < a ? b : a))),
      max_start: integer(starts.reduce((a, b) => (b > a ? b : a))),
      meta: metaBytes,
      name_filter: filterOf(names.map(([hash]) => hash)),
    };
    const { lastInsertRowid } = this.#statements.addBlock.run({
      ...row,
      received_at: receivedAt,
      name_index: encodeNameIndex(names),
      trace_list: encodeTraceList(indexes),
    });
    const id = Number(lastInsertRowid);
    for (const { column, bytes } of columns) this.#statements.addColumn.run(id, column, bytes);
    for (const { traceId } of indexes) {
      if (this.#blocksWith(traceId).length > 0) this.#statements.amend.run(Buffer.from(traceId, 'hex'), id);
    }
    return this.#blockOf({ ...row, id });
  }

  shelve(block: Block): void {
    this.#blocks.push(block);
  }

  drop(id: number): void {
    this.#blocks = this.#blocks.filter((block) => block.id !== id);
    this.#readers.delete(id);
    this.#lists.delete(id);
  }

  spans(traceId: TraceId): Span[] {
    return this.#blocksWith(traceId).flatMap((block) => this.#reader(block).spans(traceId));
  }

  /** The newest account of the trace. */
  indexed(traceId: TraceId): IndexedTrace | undefined {
    const [newest] = this.#blocksWith(traceId).slice(-1);
    return newest && this.#list(newest).get(traceId);
  }

  joined(name: string): TraceId[] {
    const hash = hashName(name);
    const found = new Set<TraceId>();
    for (const block of this.#blocks) {
      if (!block.names.mayHave(hash)) continue;
      const places = findName(this.#statements.nameIndex.get(block.id) as Uint8Array, hash);
      if (places.length === 0) continue;
      const ids = [...this.#list(block).keys()];
      for (const place of places) found.add(ids[place] as TraceId);
    }
    return [...found];
  }

  search(search: TraceSearch): IndexedTrace[] {
    const { filter, sort, limit } = search;
    const within = this.#blocks.filter(
      (block) => block.maxStart >= filter.start && block.minStart < filter.end,
    );
    // From the newest block on: once a page is full, older blocks cannot add to the newest traces.
    within.sort((a, b) => (a.maxStart > b.maxStart ? -1 : 1));
    let found: IndexedTrace[] = [];
    for (const block of within) {
      const last = found[limit - 1];
      if (sort === 'newest' && last && block.maxStart < last.start) break;
      const candidates = [...this.#list(block).values()].filter(
        (trace) => matches(trace, filter) && this.#isNewest(trace, block),
      );
      found = searchAmong([...found, ...candidates], search);
    }
    return found.sort(compareBy(sort));
  }

  get totals(): ShelfTotals {
    let spans = 0;
    let traces = 0;
    let oldest: bigint | null = null;
    let newest: bigint | null = null;
    for (const block of this.#blocks) {
      spans += block.rows;
      traces += block.traces;
      if (oldest === null || block.minStart < oldest) oldest = block.minStart;
      if (newest === null || block.maxStart > newest) newest = block.maxStart;
    }
    const amended = this.#statements.countAmended.get() as number;
    return {
      spans,
      traces: traces - amended,
      blocks: this.#blocks.length,
      oldest: oldest as UnixNanos | null,
      newest: newest as UnixNanos | null,
    };
  }

  /** A trace that was amended counts in its newest block only. */
  #isNewest(trace: IndexedTrace, block: Block): boolean {
    const amended = this.#statements.amended.get(Buffer.from(trace.traceId, 'hex')) as number | undefined;
    return amended === undefined || amended === block.id;
  }

  /** In order of writing; the filters let a wrong one pass now and then, whose list does not have the trace. */
  #blocksWith(traceId: TraceId): Block[] {
    return this.#blocks.filter(
      (block) => block.filter.mayHaveTrace(traceId) && this.#list(block).has(traceId),
    );
  }

  #reader(block: Block): BlockReader {
    return this.#readers.get(block.id, () => this.#open(block.id, block.meta));
  }

  #list(block: Block): ReadonlyMap<TraceId, IndexedTrace> {
    return this.#lists.get(block.id, () => {
      const traces = decodeTraceList(this.#statements.traceList.get(block.id) as Uint8Array);
      return new Map(traces.map((trace) => [trace.traceId, trace]));
    });
  }

  #open(id: number, meta: Uint8Array): BlockReader {
    return openBlock((column) => this.#statements.column.get(id, column) as Uint8Array | undefined, meta);
  }

  #blockOf(row: BlockRow): Block {
    const id = Number(row.id);
    return {
      id,
      rows: Number(row.rows),
      traces: Number(row.traces),
      minStart: row.min_start,
      maxStart: row.max_start,
      meta: row.meta,
      filter: this.#open(id, row.meta),
      names: decodeFilter(openColumn(row.name_filter)),
    };
  }
}

interface BlockRow {
  readonly id: number;
  readonly rows: number;
  readonly traces: number;
  readonly min_start: bigint;
  readonly max_start: bigint;
  readonly meta: Uint8Array;
  readonly name_filter: Uint8Array;
}

const filterOf = (hashes: readonly NameHash[]): Uint8Array => {
  const builder = new FilterBuilder(hashes.length);
  for (const hash of hashes) builder.add(hash);
  return sealColumn(builder.finish());
};

const prepareStatements = (db: Database.Database) => ({
  blocks: db
    .prepare('SELECT id, rows, traces, min_start, max_start, meta, name_filter FROM block ORDER BY id')
    .safeIntegers(),
  addBlock: db.prepare(`
    INSERT INTO block (received_at, rows, traces, min_start, max_start, meta, name_filter, name_index, trace_list)
    VALUES (@received_at, @rows, @traces, @min_start, @max_start, @meta, @name_filter, @name_index, @trace_list)`),
  addColumn: db.prepare('INSERT INTO block_column (block_id, number, data) VALUES (?, ?, ?)'),
  column: db.prepare('SELECT data FROM block_column WHERE block_id = ? AND number = ?').pluck(),
  nameIndex: db.prepare('SELECT name_index FROM block WHERE id = ?').pluck(),
  traceList: db.prepare('SELECT trace_list FROM block WHERE id = ?').pluck(),
  amend: db.prepare('INSERT OR REPLACE INTO amended (trace_id, block_id) VALUES (?, ?)'),
  amended: db.prepare('SELECT block_id FROM amended WHERE trace_id = ?').pluck(),
  countAmended: db.prepare('SELECT count(*) FROM amended').pluck(),
});
