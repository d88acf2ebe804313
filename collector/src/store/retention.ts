import type Database from 'better-sqlite3';
import type { UnixNanos } from '../model/index.ts';
import type { StoreTotals } from './trace-table.ts';

/** Traces that one pass takes away: short enough that ingest hardly waits for it. */
const BATCH = 1_000;

/** Bytes in use: the file's pages without the free ones, which new data fills first. */
export const fileBytes = (db: Database.Database): number =>
  pragma(db, 'page_size') * (pragma(db, 'page_count') - pragma(db, 'freelist_count'));

const pragma = (db: Database.Database, name: string): number => db.pragma(name, { simple: true }) as number;

/**
 * Takes away a batch of the oldest traces if they were received before `before` or the file is over `maxBytes`.
 * Returns what went; the caller comes again while there is more.
 */
export const expireTraces = (db: Database.Database, before: UnixNanos, maxBytes: number): StoreTotals => {
  const isOver = fileBytes(db) > maxBytes;
  const expired = db
    .prepare('SELECT trace_id, span_count FROM trace WHERE received_at < ? OR ? ORDER BY received_at LIMIT ?')
    .all(before, isOver ? 1 : 0, BATCH) as { trace_id: Buffer; span_count: number }[];
  const [removeTrace, removeParts, removeNames] = ['trace', 'part', 'join_name'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE trace_id = ?`),
  ) as [Database.Statement, Database.Statement, Database.Statement];
  let spans = 0;
  let blocks = 0;
  db.transaction(() => {
    for (const { trace_id: id, span_count: count } of expired) {
      removeTrace.run(id);
      removeNames.run(id);
      blocks += removeParts.run(id).changes;
      spans += count;
    }
    db.prepare('DELETE FROM derived WHERE bucket < ?').run(before / 1_000_000_000n);
  })();
  if (expired.length > 0) db.pragma('incremental_vacuum');
  return { traces: expired.length, spans, blocks };
};
