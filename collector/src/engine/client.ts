import { Worker } from 'node:worker_threads';
import { MalformedError } from '../otlp/index.ts';
import { StoreFullError, StoreOpenError, StoreUnavailableError } from '../store/index.ts';
import type { Engine, IngestRequest, IngestResult } from './engine.ts';
import type { Json, Wire } from './present.ts';
import type { EngineCall, EngineMethod, EngineReply, EngineThreadOptions } from './protocol.ts';

type Result<M extends EngineMethod> = Awaited<ReturnType<Engine[M]>>;

/** The engine in its own thread: the same questions, answered by promises. */
export interface EngineClient {
  ingest(request: IngestRequest): Promise<IngestResult>;
  call<M extends EngineMethod>(method: M, ...args: Parameters<Engine[M]>): Promise<Result<M>>;
  /** The answer as JSON text, ready to be sent; undefined where the engine has none. */
  json<M extends EngineMethod>(
    method: M,
    ...args: Parameters<Engine[M]>
  ): Promise<Json<Wire<NonNullable<Result<M>>>> | undefined>;
  /** Bytes of requests that the engine has not answered yet. */
  readonly pendingBytes: number;
  /** Rejects when the thread dies by itself. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

const ERRORS = { MalformedError, StoreFullError, StoreUnavailableError, StoreOpenError };

const revive = ({ name, message }: { name: string; message: string }): Error => {
  const Known = ERRORS[name as keyof typeof ERRORS];
  return Known ? new Known(message) : new Error(message);
};

/** Starts the thread; rejects with `StoreOpenError` where the file cannot be used. */
export const startEngine = async (options: EngineThreadOptions): Promise<EngineClient> => {
  // Sources run directly in development and compiled when installed.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./thread.${extension}`, import.meta.url), { workerData: options });
  const client = new ThreadClient(worker);
  await client.opened;
  return client;
};

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class ThreadClient implements EngineClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly opened: Promise<unknown>;
  readonly failed: Promise<never>;
  #lastId = 0;
  #pendingBytes = 0;
  #closing = false;
  #dead: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    worker.on('message', (reply: EngineReply) => this.#settle(reply));
    this.failed = new Promise((_resolve, reject) => {
      const die = (error: Error) => {
        this.#dead = error;
        for (const { reject: rejectOne } of this.#waiting.values()) rejectOne(error);
        this.#waiting.clear();
        if (!this.#closing) reject(error);
      };
      worker.once('error', (error) =>
        die(new StoreUnavailableError(`the storage thread died: ${String(error)}`)),
      );
      worker.once('exit', (code) =>
        die(new StoreUnavailableError(`the storage thread ended with code ${code}`)),
      );
    });
    // Whoever starts the engine decides what its death means; until then it must not end the process.
    this.failed.catch(() => undefined);
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  async ingest(request: IngestRequest): Promise<IngestResult> {
    const { length } = request.body;
    this.#pendingBytes += length;
    try {
      return (await this.#post('ingest', [request], false)) as IngestResult;
    } finally {
      this.#pendingBytes -= length;
    }
  }

  call<M extends EngineMethod>(method: M, ...args: Parameters<Engine[M]>): Promise<Result<M>> {
    return this.#post(method, args, false) as Promise<Result<M>>;
  }

  json<M extends EngineMethod>(method: M, ...args: Parameters<Engine[M]>) {
    return this.#post(method, args, true) as Promise<Json<Wire<NonNullable<Result<M>>>> | undefined>;
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#dead) return;
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    await this.#post('close', [], false);
    await ended;
  }

  #post(method: EngineMethod, args: readonly unknown[], asJson: boolean): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args, asJson } satisfies EngineCall);
    });
  }

  #settle(reply: EngineReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(revive(reply.error));
    else waiting?.resolve(reply.value);
  }
}
