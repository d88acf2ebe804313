import { Worker } from 'node:worker_threads';
import { MalformedError } from '../otlp/index.ts';
import { StoreFullError, StoreOpenError, StoreUnavailableError } from '../store/index.ts';
import type { EngineCall, EngineMethod, EngineReply, EngineThreadOptions } from './protocol.ts';

const ERRORS = { MalformedError, StoreFullError, StoreUnavailableError, StoreOpenError };

const revive = ({ name, message }: { name: string; message: string }): Error => {
  const Known = ERRORS[name as keyof typeof ERRORS];
  return Known ? new Known(message) : new Error(message);
};

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One life of the engine's thread: calls go in, promises come back, and every one of them is settled when it dies. */
export class ThreadClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Resolves with the reason when the thread ends, in whatever way; never rejects. */
  readonly ended: Promise<StoreUnavailableError>;
  #lastId = 0;
  #end: StoreUnavailableError | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: EngineReply) => this.#settle(reply));
    this.ended = new Promise((resolve) => {
      let why = '';
      worker.once('error', (error) => {
        why = String(error);
      });
      // Comes after 'error', once the thread's handles are closed: the file can then be opened again.
      worker.once('exit', (code) => {
        const end = new StoreUnavailableError(`the storage thread died: ${why || `code ${code}`}`);
        this.#end = end;
        for (const { reject } of this.#waiting.values()) reject(end);
        this.#waiting.clear();
        resolve(end);
      });
    });
  }

  /** Resolves once the file is open and its log replayed; rejects with `StoreOpenError` where it cannot be used. */
  static async start(options: EngineThreadOptions): Promise<ThreadClient> {
    // Sources run directly in development and compiled when installed.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./thread.${extension}`, import.meta.url), { workerData: options });
    const client = new ThreadClient(worker);
    const opened = new Promise((resolve, reject) => client.#waiting.set(0, { resolve, reject }));
    try {
      await opened;
    } catch (error) {
      await client.ended;
      throw error;
    }
    return client;
  }

  post(method: EngineMethod, args: readonly unknown[], asJson: boolean): Promise<unknown> {
    if (this.#end) return Promise.reject(this.#end);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args, asJson } satisfies EngineCall);
    });
  }

  /** Closes the file and ends the thread. */
  async close(): Promise<void> {
    if (this.#end) return;
    await this.post('close', [], false);
    await this.ended;
  }

  #settle(reply: EngineReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(revive(reply.error));
    else waiting?.resolve(reply.value);
  }
}
