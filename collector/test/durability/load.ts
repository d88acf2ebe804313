import { Agent, request } from 'node:http';
import type { Requests } from './requests.ts';

export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** Rejects where the connection ends without an answer. */
export const postTraces = (otlpHttp: string, body: Uint8Array, agent?: Agent): Promise<PostAnswer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      new URL('/v1/traces', otlpHttp),
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
        ...(agent ? { agent } : {}),
      },
      (response) => {
        response.resume();
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });

export interface LoadOptions {
  readonly connections: number;
  /** Pause of a connection after each answer; 0 sends at full speed. */
  readonly pauseMs: number;
}

/** Of so many acknowledged requests one is sent again, as an exporter does whose acknowledgement got lost. */
const REPEAT_EVERY = 25;
const AFTER_REFUSAL_MS = 20;

/** Sends requests at full speed and keeps the ledger of what became of each. */
export class Load {
  readonly #requests: Requests;
  readonly #options: LoadOptions;
  /** In the order of their acknowledgement. */
  readonly acked: number[] = [];
  /** Sent, and the connection ended before an answer: stored or not. */
  readonly unanswered = new Set<number>();
  readonly refusals: PostAnswer[] = [];
  readonly #again: number[] = [];
  readonly #ackedSet = new Set<number>();
  #next = 0;
  #sending: Promise<unknown> | undefined;
  #stopping = false;

  constructor(requests: Requests, options: LoadOptions) {
    this.#requests = requests;
    this.#options = options;
  }

  start(otlpHttp: string): void {
    this.#stopping = false;
    const agent = new Agent({ keepAlive: true, maxSockets: this.#options.connections });
    const senders = Array.from({ length: this.#options.connections }, () => this.#send(otlpHttp, agent));
    this.#sending = Promise.all(senders).finally(() => agent.destroy());
  }

  /** Sends nothing more; resolves when every request has its answer, or is known to get none. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#sending;
  }

  isAcked(number: number): boolean {
    return this.#ackedSet.has(number);
  }

  async #send(otlpHttp: string, agent: Agent): Promise<void> {
    while (!this.#stopping) {
      const number = this.#again.pop() ?? this.#next++;
      let answer: PostAnswer;
      try {
        answer = await postTraces(otlpHttp, this.#requests.body(number), agent);
      } catch {
        if (!this.isAcked(number)) this.unanswered.add(number);
        // Half of them come again, the others stay unknown.
        if (number % 2 === 0) this.#again.push(number);
        // Whoever killed the collector starts the load again.
        return;
      }
      if (answer.status === 200) this.#acknowledged(number);
      else {
        this.refusals.push(answer);
        this.#again.push(number);
        await pause(AFTER_REFUSAL_MS);
      }
      if (this.#options.pauseMs > 0) await pause(this.#options.pauseMs);
    }
  }

  #acknowledged(number: number): void {
    if (this.isAcked(number)) return;
    this.#ackedSet.add(number);
    this.unanswered.delete(number);
    this.acked.push(number);
    if (this.acked.length % REPEAT_EVERY === 0) this.#again.push(number);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
