import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/** What SQLite itself says about the file, read over a connection that cannot write: "ok" where nothing is wrong. */
export const integrityOf = (path: string): string => {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return (db.pragma('integrity_check') as { integrity_check: string }[])
      .map((row) => row.integrity_check)
      .join('; ');
  } finally {
    db.close();
  }
};

/** What a process that was killed left in the file: it died in the middle of a transaction, or of a checkpoint. */
export const traceOfDeath = (path: string): ('commit' | 'checkpoint')[] => [
  ...(diedInCommit(path) ? (['commit'] as const) : []),
  ...(diedInCheckpoint(path) ? (['checkpoint'] as const) : []),
];

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * Whether the write-ahead log ends in frames that belong to no commit. Frames that an earlier round of the log left
 * behind carry another salt and end the search. Offsets: https://sqlite.org/fileformat2.html#walformat
 */
const diedInCommit = (path: string): boolean => {
  if (!existsSync(`${path}-wal`)) return false;
  const wal = readFileSync(`${path}-wal`);
  if (wal.length < WAL_HEADER_BYTES) return false;
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let isOpen = false;
  for (let at = WAL_HEADER_BYTES; at + FRAME_HEADER_BYTES <= wal.length; at += frameBytes) {
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
    const pagesAfterCommit = wal.readUInt32BE(at + 4);
    isOpen = pagesAfterCommit === 0;
  }
  return isOpen;
};

/**
 * Whether a checkpoint had begun to copy frames into the database and had not said that it was done: the index of the
 * log keeps both numbers, in the machine's byte order. Offsets: https://sqlite.org/walformat.html#the_wal_index_header
 */
const diedInCheckpoint = (path: string): boolean => {
  if (!existsSync(`${path}-shm`)) return false;
  const index = readFileSync(`${path}-shm`);
  if (index.length < 136) return false;
  const [copied, attempted] = [index.readUInt32LE(96), index.readUInt32LE(128)];
  return attempted > copied;
};
