import type { Database } from 'better-sqlite3';
import { StoreOpenError } from './types.ts';

/** Marks the file as ours: "TRCE". */
const APPLICATION_ID = 0x54524345;
/** Version 1 keeps a row of spans per trace; the number grows with every change of the layout. */
const SCHEMA_VERSION = 1;

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
  -- One row a sealed trace: what search filters and sorts by.
  CREATE TABLE trace (
    trace_id BLOB PRIMARY KEY,
    received_at INTEGER NOT NULL, -- Unix ns, of its newest part
    start INTEGER NOT NULL,       -- Unix ns
    response INTEGER NOT NULL,    -- ns
    longest_wait INTEGER NOT NULL,-- ns
    root_name TEXT NOT NULL,
    services TEXT NOT NULL,       -- JSON array
    errors INTEGER NOT NULL,
    queue_hops INTEGER NOT NULL,
    span_count INTEGER NOT NULL,
    summary TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX trace_by_start ON trace (start);
  CREATE INDEX trace_by_receipt ON trace (received_at);
  -- The spans of a sealed trace; late spans come as further parts.
  CREATE TABLE part (
    id INTEGER PRIMARY KEY,
    trace_id BLOB NOT NULL,
    spans BLOB NOT NULL           -- zstd
  );
  CREATE INDEX part_by_trace ON part (trace_id);
  -- Other names of a trace: messages it produced or consumed, traces it links to.
  CREATE TABLE join_name (
    name TEXT NOT NULL,
    trace_id BLOB NOT NULL,
    PRIMARY KEY (name, trace_id)
  ) WITHOUT ROWID;
  CREATE INDEX join_by_trace ON join_name (trace_id);
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
