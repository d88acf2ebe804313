import type { Database } from 'better-sqlite3';
import { StoreOpenError } from './types.ts';

/** Marks the file as ours: "TRCE". */
const APPLICATION_ID = 0x54524345;
/** Grows with every change of the layout. Version 1 was never released: it kept a row of spans per trace. */
const SCHEMA_VERSION = 2;

/** Releases before 3.51.3 can lose a WAL that is reset while a reader starts. */
const LEAST_SQLITE = [3, 51, 3] as const;

const TABLES = `
  -- Requests as they came, until every trace in them is sealed.
  CREATE TABLE payload (
    id INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL, -- Unix ns
    encoding TEXT NOT NULL,       -- protobuf | json
    body BLOB NOT NULL            -- zstd
  );
  -- Sealed traces by the thousand, see blocks/FORMAT.md.
  CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL, -- Unix ns, of its newest span
    rows INTEGER NOT NULL,
    traces INTEGER NOT NULL,
    min_start INTEGER NOT NULL,   -- Unix ns, of its traces
    max_start INTEGER NOT NULL,
    meta BLOB NOT NULL,           -- of its columns
    name_filter BLOB NOT NULL,    -- of the names by which its traces are joined
    name_index BLOB NOT NULL,     -- name -> place in trace_list
    trace_list BLOB NOT NULL      -- summaries
  );
  -- Read one by one, so that a query touches only what it needs.
  CREATE TABLE block_column (
    block_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (block_id, number)
  );
  -- Traces with spans in several blocks: the newest block has the account that counts.
  CREATE TABLE amended (
    trace_id BLOB PRIMARY KEY,
    block_id INTEGER NOT NULL
  ) WITHOUT ROWID;
  -- Rollups and findings, by kind and time.
  CREATE TABLE derived (
    kind TEXT NOT NULL,
    bucket INTEGER NOT NULL,      -- Unix seconds
    key TEXT NOT NULL,
    stat BLOB NOT NULL,
    PRIMARY KEY (kind, bucket, key)
  ) WITHOUT ROWID;
  CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** Makes a new file ours, or checks that an old one is; throws `StoreOpenError`. */
export const prepareSchema = (db: Database, path: string): void => {
  checkSqlite(db);
  const version = db.pragma('user_version', { simple: true }) as number;
  const applicationId = db.pragma('application_id', { simple: true }) as number;
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (isEmpty && version === 0) {
    createSchema(db);
    return;
  }
  if (applicationId !== APPLICATION_ID) {
    throw new StoreOpenError(
      `${path} is an SQLite file, but not one of Tailrace's: nothing was changed. Name another file with --db`,
    );
  }
  if (version < SCHEMA_VERSION) {
    throw new StoreOpenError(
      `${path} was written by a development version of Tailrace that was never released (format ${version}): name another file with --db`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreOpenError(
      `${path} was written by a newer Tailrace (format ${version}, this one reads up to ${SCHEMA_VERSION}): update tailrace, or name another file with --db`,
    );
  }
};

const createSchema = (db: Database): void => {
  // Before the first table: lets the file shrink when retention frees pages.
  db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma('journal_mode = WAL');
  db.transaction(() => {
    db.exec(TABLES);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
};

const checkSqlite = (db: Database): void => {
  const text = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const version = text.split('.').map(Number);
  for (const [index, least] of LEAST_SQLITE.entries()) {
    const have = version[index] ?? 0;
    if (have > least) return;
    if (have < least) {
      throw new StoreOpenError(
        `SQLite ${text} can lose data in WAL mode; ${LEAST_SQLITE.join('.')} or newer is needed: reinstall tailrace`,
      );
    }
  }
};
