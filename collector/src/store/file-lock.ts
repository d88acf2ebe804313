import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { StoreOpenError } from './types.ts';

/**
 * Holds the right to write a store. The lock is one that the operating system takes back when the process dies,
 * so that a kill -9 never leaves a file that somebody must delete; the pid beside it is only for the message.
 */
export class FileLock {
  readonly #db: Database.Database;
  readonly #files: readonly string[];

  private constructor(db: Database.Database, files: readonly string[]) {
    this.#db = db;
    this.#files = files;
  }

  static acquire(storePath: string): FileLock {
    const lockPath = `${storePath}.lock`;
    const pidPath = `${storePath}.pid`;
    const db = new Database(lockPath, { timeout: 0 });
    try {
      // Nothing is ever written to it, so it needs no journal file beside it.
      db.pragma('journal_mode = MEMORY');
      db.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      db.close();
      if (!(cause instanceof Database.SqliteError) || !cause.code.startsWith('SQLITE_BUSY')) throw cause;
      throw new StoreOpenError(
        `${storePath} is in use by another tailrace${pidText(pidPath)}: stop that one, or name another file with --db`,
        { cause },
      );
    }
    writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 });
    return new FileLock(db, [lockPath, pidPath]);
  }

  release(): void {
    // Removed while still held, so that nobody's new lock can be deleted.
    for (const file of this.#files) rmSync(file, { force: true });
    this.#db.close();
  }
}

const pidText = (path: string): string => {
  try {
    return ` (pid ${readFileSync(path, 'utf8').trim()})`;
  } catch {
    return '';
  }
};
