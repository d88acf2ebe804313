import type Database from 'better-sqlite3';
import type { UnixNanos } from '../model/index.ts';

/** Bytes in use: the file's pages without the free ones, which new data fills first. */
export const fileBytes = (db: Database.Database): number =>
  pragma(db, 'page_size') * (pragma(db, 'page_count') - pragma(db, 'freelist_count'));

const pragma = (db: Database.Database, name: string): number => db.pragma(name, { simple: true }) as number;

/**
 * Takes away the oldest block if it was received before `before` or the file is over `maxBytes`, and derived rows of
 * before. Returns the block's id, or undefined where nothing had to go; the caller comes again while there is more.
 */
export const expireOldestBlock = (
  db: Database.Database,
  before: UnixNanos,
  maxBytes: number,
): number | undefined => {
  const isOver = fileBytes(db) > maxBytes;
  const block = db
    .prepare('SELECT id FROM block WHERE received_at < ? OR ? ORDER BY received_at LIMIT 1')
    .pluck()
    .get(before, isOver ? 1 : 0) as number | undefined;
  db.transaction(() => {
    if (block !== undefined) {
      db.prepare('DELETE FROM block_column WHERE block_id = ?').run(block);
      db.prepare('DELETE FROM amended WHERE block_id = ?').run(block);
      db.prepare('DELETE FROM block WHERE id = ?').run(block);
    }
    db.prepare('DELETE FROM derived WHERE bucket < ?').run(before / 1_000_000_000n);
  })();
  if (block !== undefined) db.pragma('incremental_vacuum');
  return block;
};
