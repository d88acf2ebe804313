import { parentPort, workerData } from 'node:worker_threads';
import { spansOf } from '../batch/index.ts';
import { decodeSpans } from '../otlp/index.ts';
import { SqliteStore } from '../store/index.ts';
import { Engine } from './engine.ts';
import { toJson } from './present.ts';
import type { EngineCall, EngineReply, EngineThreadOptions } from './protocol.ts';

/** Settled traces leave the head within this time. */
const SEAL_EVERY_MS = 250;
/** At full load the file grows by some megabytes in this time. */
const EXPIRE_EVERY_MS = 1_000;
/** About 1 GB of spans as objects: the next design of the head bounds it by bytes. */
const HEAD_SPANS = 400_000;

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
    headSpans: HEAD_SPANS,
    monotonic: () => performance.now(),
    decode: ({ encoding, body }) => spansOf(decodeSpans(encoding, body).batch),
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
