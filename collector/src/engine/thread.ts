import { parentPort, workerData } from 'node:worker_threads';
import { decodeSpans } from '../otlp/index.ts';
import { SqliteStore } from '../store/index.ts';
import { Engine } from './engine.ts';
import { toJson } from './present.ts';
import type { EngineCall, EngineReply, EngineThreadOptions } from './protocol.ts';

/** Rested traces are analysed within this time. */
const SETTLE_EVERY_MS = 250;
/** Whether a block is worth writing is asked this often. */
const SEAL_EVERY_MS = 100;
/** At full load the file grows by some megabytes in this time. */
const EXPIRE_EVERY_MS = 1_000;
/** A trace is read with its whole block: about 2 ms at this size, and half the bytes a span of a small one. */
const BLOCK_ROWS = 16_384;
/** What is settled waits in memory and in the log, so that a quiet night makes few blocks: 5 minutes by default. */
const SEAL_AFTER_SETTLES = 60;
/** Leaves room for blocks that are read, within half a gigabyte for all. */
const HEAD_BYTES = 128 * 1024 * 1024;

const port = parentPort;
if (!port) throw new Error('engine/thread.ts runs as a worker thread');

const errorReply = (id: number, error: unknown): EngineReply => ({
  id,
  error: {
    name: error instanceof Error ? error.name : 'Error',
    message: error instanceof Error ? error.message : String(error),
  },
});

const open = (options: EngineThreadOptions): Engine => {
  const store = SqliteStore.open({
    path: options.path,
    settleMs: options.settleMs,
    blockRows: BLOCK_ROWS,
    sealAfterMs: options.settleMs * SEAL_AFTER_SETTLES,
    headBytes: HEAD_BYTES,
    monotonic: () => performance.now(),
    decode: ({ encoding, body }) => decodeSpans(encoding, body).batch,
  });
  return new Engine({
    store,
    now: Date.now,
    monotonic: () => performance.now(),
    retentionMs: options.retentionMs,
    maxBytes: options.maxBytes,
  });
};

/** Work on a timer that must not end the thread: a full disk passes. */
const repeat = (everyMs: number, what: string, work: () => void): NodeJS.Timeout => {
  let failing = false;
  return setInterval(() => {
    try {
      work();
      failing = false;
    } catch (error) {
      if (!failing) console.error(`tailrace: ${what} failed and will be tried again: ${String(error)}`);
      failing = true;
    }
  }, everyMs);
};

const serve = (engine: Engine): void => {
  const timers = [
    repeat(SETTLE_EVERY_MS, 'analysing traces', () => engine.settle()),
    repeat(SEAL_EVERY_MS, 'sealing traces', () => engine.seal()),
    repeat(EXPIRE_EVERY_MS, 'retention', () => engine.expire()),
  ];
  port.on('message', async ({ id, method, args, asJson }: EngineCall) => {
    try {
      const work = engine[method] as (...args: readonly unknown[]) => unknown;
      const value = await work.call(engine, ...args);
      const reply: EngineReply = { id, value: asJson && value !== undefined ? toJson(value) : value };
      port.postMessage(reply);
    } catch (error) {
      port.postMessage(errorReply(id, error));
    }
    if (method !== 'close') return;
    // Nothing is left to do then, whether or not it succeeded: the thread ends.
    for (const timer of timers) clearInterval(timer);
    port.close();
  });
};

try {
  serve(open(workerData as EngineThreadOptions));
  port.postMessage({ id: 0, value: undefined } satisfies EngineReply);
} catch (error) {
  port.postMessage(errorReply(0, error));
}
