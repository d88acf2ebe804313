import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { span, traceIdOf } from '../../test/spans.ts';
import { batchOf, describeStore } from '../../test/store-contract.ts';
import { SpanBatch } from '../batch/index.ts';
import { fromMillis, type Span } from '../model/index.ts';
import { type Payload, SqliteStore, type Store, StoreOpenError, type StoreOptions } from './index.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-store-'));
  path = join(folder, 'tailrace.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Payloads of these tests name the spans that they stand for. */
const sent = new Map<string, SpanBatch>();
const decode = (payload: Payload): SpanBatch =>
  sent.get(Buffer.from(payload.body).toString()) ?? new SpanBatch();

const open = (options: Partial<StoreOptions> = {}): Store => {
  const store = SqliteStore.open({
    settleMs: 100,
    sealAfterMs: 1_000,
    blockRows: 1_000,
    headBytes: 1e9,
    monotonic: () => 0,
    ...options,
    path,
    decode,
  });
  const append = store.append.bind(store);
  store.append = (payload, batch) => {
    sent.set(Buffer.from(payload.body).toString(), batch);
    return append(payload, batch);
  };
  return store;
};

describeStore('the SQLite store', {
  open,
  reopen: (store, options) => {
    store.close();
    return open(options);
  },
});

const receivedAt = fromMillis(1_790_000_000_000);
const append = (store: Store, spans: readonly Span[]): Promise<void> =>
  store.append(
    { encoding: 'json', body: Buffer.from(spans.map((one) => one.spanId).join()), receivedAt },
    batchOf(spans),
  );

const openError = (): string => {
  try {
    open().close();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreOpenError);
    return (error as Error).message;
  }
  throw new Error('the store opened');
};

describe('the SQLite file', () => {
  it('is readable by its owner only', () => {
    const store = open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    store.close();
  });

  it('syncs at every commit', async () => {
    const store = open();
    await append(store, [span({ id: 'a' })]);
    // Another connection sees what was acknowledged, and the file is in the mode that survives power cuts.
    const db = new Database(path, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.prepare('SELECT count(*) FROM payload').pluck().get()).toBe(1);
    db.close();
    store.close();
  });

  it('holds no payload any more once all its traces are sealed', async () => {
    const store = open();
    await append(store, [span({ id: 'a', trace: 'one' }), span({ id: 'b', trace: 'two' })]);
    const rows = () => {
      const db = new Database(path, { readonly: true });
      const count = db.prepare('SELECT count(*) FROM payload').pluck().get();
      db.close();
      return count;
    };
    const index = (name: string) => ({
      traceId: traceIdOf(name),
      start: receivedAt,
      responseDuration: 0,
      rootName: '',
      services: [],
      errorCount: 0,
      queueHops: 0,
      longestWait: 0,
      summary: '',
    });
    store.settle([{ index: index('one'), joins: [] }]);
    store.seal([]);
    expect(rows()).toBe(1);
    store.settle([{ index: index('two'), joins: [] }]);
    store.seal([]);
    expect(rows()).toBe(0);
    store.close();
  });

  it('commits what still waits when it closes', async () => {
    const store = open();
    const appended = append(store, [span({ id: 'a' })]);
    store.close();
    await appended;
    const again = open();
    expect(again.spans(traceIdOf('t'))).toHaveLength(1);
    again.close();
    await expect(append(again, [span({ id: 'b' })])).rejects.toThrow(/closed/);
  });

  it('stays below its size while more and more comes', async () => {
    const store = open();
    const maxBytes = 400_000;
    for (let i = 0; i < 60; i++) {
      const noise = Array.from({ length: 400 }, () => Math.random().toString(36)).join('');
      await append(store, [span({ id: 'a', trace: `trace ${i}`, attributes: { noise } })]);
      const index = {
        traceId: traceIdOf(`trace ${i}`),
        start: receivedAt,
        responseDuration: 0,
        rootName: '',
        services: [],
      };
      store.settle([
        { index: { ...index, errorCount: 0, queueHops: 0, longestWait: 0, summary: '' }, joins: [] },
      ]);
      store.seal([]);
      store.expire(fromMillis(0), maxBytes);
    }
    expect(store.figures().traces).toBeGreaterThan(0);
    store.close();
    expect(statSync(path).size).toBeLessThan(maxBytes * 1.5);
  });

  it('cannot be opened by two at once, and says who has it', () => {
    const store = open();
    expect(openError()).toContain(`in use by another tailrace (pid ${process.pid})`);
    store.close();
    open().close();
  });

  it('is refused with advice where it cannot be', () => {
    path = join(folder, 'missing', 'tailrace.db');
    expect(openError()).toMatch(/folder .*missing does not exist: create it/);
    path = folder;
    expect(openError()).toMatch(/it is a folder/);
    path = join(folder, 'text.db');
    writeFileSync(path, 'this is no database, only some text that is long enough'.repeat(100));
    expect(openError()).toMatch(/not a database/);
  });

  it('is left alone where it is of another program', () => {
    const db = new Database(path);
    db.exec('CREATE TABLE theirs (x)');
    db.close();
    expect(openError()).toMatch(/not one of Tailrace's: nothing was changed/);
  });

  it('is refused where a newer Tailrace wrote it', () => {
    open().close();
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    expect(openError()).toMatch(/newer Tailrace \(format 99/);
  });
});
