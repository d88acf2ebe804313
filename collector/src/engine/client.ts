import { StoreUnavailableError } from '../store/index.ts';
import type { Engine, IngestRequest, IngestResult } from './engine.ts';
import type { Json, Wire } from './present.ts';
import type { EngineMethod, EngineThreadOptions } from './protocol.ts';
import { ThreadClient } from './thread-client.ts';

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
  /** False while the thread is being started again: every call is refused with `StoreUnavailableError` then. */
  readonly isUp: boolean;
  /** Rejects when the thread died so often that starting it again is no use. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** Pauses before the thread is started again, by how often it died lately. After the last one it is given up. */
const RESTART_AFTER_MS = [0, 250, 1_000, 3_000] as const;
/** A thread that lived this long had overcome what its predecessor died of. */
const STABLE_AFTER_MS = 60_000;

/** Starts the thread; rejects with `StoreOpenError` where the file cannot be used. */
export const startEngine = async (
  options: EngineThreadOptions,
  say: (line: string) => void,
): Promise<EngineClient> => new SupervisedEngine(options, say, await ThreadClient.start(options));

/**
 * Keeps one engine thread alive. What was in flight when it died is refused, so that senders try again; what was
 * acknowledged comes back from the file.
 */
class SupervisedEngine implements EngineClient {
  readonly #options: EngineThreadOptions;
  readonly #say: (line: string) => void;
  readonly failed: Promise<never>;
  #fail: (error: Error) => void = () => undefined;
  #thread: ThreadClient | undefined;
  #restarting: Promise<void> | undefined;
  #deaths = 0;
  #startedAt = 0;
  #pendingBytes = 0;
  readonly #closing = new AbortController();

  constructor(options: EngineThreadOptions, say: (line: string) => void, thread: ThreadClient) {
    this.#options = options;
    this.#say = say;
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    // Whoever starts the engine decides what its death means; until then it must not end the process.
    this.failed.catch(() => undefined);
    this.#watch(thread);
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get isUp(): boolean {
    return this.#thread !== undefined;
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
    this.#closing.abort();
    await this.#restarting;
    await this.#thread?.close();
  }

  #post(method: EngineMethod, args: readonly unknown[], asJson: boolean): Promise<unknown> {
    if (this.#thread) return this.#thread.post(method, args, asJson);
    return Promise.reject(new StoreUnavailableError('the storage thread is being started again'));
  }

  #watch(thread: ThreadClient): void {
    this.#thread = thread;
    this.#startedAt = performance.now();
    void thread.ended.then((end) => {
      this.#thread = undefined;
      if (this.#closing.signal.aborted) return;
      if (performance.now() - this.#startedAt >= STABLE_AFTER_MS) this.#deaths = 0;
      this.#restarting = this.#restart(end);
    });
  }

  /** Until the file is open again, or it is clear that it will not be. */
  async #restart(cause: Error): Promise<void> {
    let reason = cause.message;
    for (;;) {
      const pause = RESTART_AFTER_MS[this.#deaths++];
      if (pause === undefined) {
        this.#fail(new StoreUnavailableError(`${reason}; it was started ${this.#deaths} times in vain`));
        return;
      }
      this.#say(`${reason}; starting it again`);
      await pauseUnless(this.#closing.signal, pause);
      if (this.#closing.signal.aborted) return;
      try {
        this.#watch(await ThreadClient.start(this.#options));
        return;
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
  }
}

const pauseUnless = (signal: AbortSignal, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
