import type Database from 'better-sqlite3';
import type { UnixNanos } from '../model/index.ts';

/** Traces that one pass takes away: short enough that ingest hardly waits for it. */
const BATCH = 1_000;

/** Bytes in use: the file's pages without the free ones, which new data fills first. */
export const fileBytes = (db: Database.Database): number =>
  pragma(db, 'page_size') * (pragma(db, 'page_count') - pragma(db, 'freelist_count'));

const pragma = (db: Database.Database, name: string): number => db.pragma(name, { simple: true }) as number;

/**
 * Takes away a batch of the oldest traces if they were received before `before` or the file is over `maxBytes`.
 * Returns how many went; the caller comes again while there is more.
 */
export const expireTraces = (db: Database.Database, before: UnixNanos, maxBytes: number): number => {
  const isOver = fileBytes(db) > maxBytes;
  const expired = db
    .prepare(`SELECT trace_id FROM trace WHERE received_at < ? OR ? ORDER BY received_at LIMIT ?`)
    .pluck()
    .all(before, isOver ? 1 : 0, BATCH) as Buffer[];
  db.transaction(() => {
    for (const table of ['trace', 'part', 'join_name']) {
      const remove = db.prepare(`DELETE FROM ${table} WHERE trace_id = ?`);
      for (const id of expired) remove.run(id);
    }
    db.prepare('DELETE FROM derived WHERE bucket < ?').run(before / 1_000_000_000n);
  })();
  if (expired.length > 0) db.pragma('incremental_vacuum');
  return expired.length;
};
