import { KnownOrders, type Mix, nextRequest, type Random, type ShopRequest } from './mix.ts';

export interface TrafficOptions {
  readonly gateway: string;
  readonly requestsPerSecond: number;
  readonly mix: Mix;
  readonly random: Random;
  readonly onFailure: (line: string) => void;
}

/** Counted so far. */
export interface TrafficTotals {
  sent: number;
  ok: number;
  /** Error status, or no answer in time. */
  failed: number;
  /** Not sent, because too many were still waiting for their answers. */
  skipped: number;
}

/** Longer than any of the shop's own time-outs. */
const TIMEOUT_MS = 40_000;
const MOST_IN_FLIGHT = 200;

/**
 * Steady traffic, open loop: the next request comes when its time has come, whether or not the shop has
 * answered the ones before. That is how customers are, and what makes a stall pile up.
 */
export class Traffic {
  readonly totals: TrafficTotals = { sent: 0, ok: 0, failed: 0, skipped: 0 };
  readonly #options: TrafficOptions;
  readonly #orders = new KnownOrders();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  start(): void {
    this.#plan();
  }

  /** Sends nothing more, and gives what is under way a moment to finish. */
  async stop(graceMs = 1_000): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const abort = setTimeout(() => this.#abort.abort(), graceMs);
    await Promise.all(this.#inFlight);
    clearTimeout(abort);
  }

  /** Up to a third early or late, so that requests do not march in step. */
  #plan(): void {
    const { requestsPerSecond, random } = this.#options;
    const delay = (1_000 / requestsPerSecond) * (2 / 3 + (2 / 3) * random());
    this.#timer = setTimeout(() => {
      this.#plan();
      this.#sendNext();
    }, delay);
  }

  #sendNext(): void {
    if (this.#inFlight.size >= MOST_IN_FLIGHT) {
      this.totals.skipped += 1;
      return;
    }
    const { mix, random } = this.#options;
    const sending = this.#send(nextRequest(mix, this.#orders, random)).finally(() =>
      this.#inFlight.delete(sending),
    );
    this.#inFlight.add(sending);
  }

  async #send(request: ShopRequest): Promise<void> {
    this.totals.sent += 1;
    try {
      const answer = await this.#fetch(request);
      this.totals.ok += 1;
      if (request.journey === 'checkout') this.#orders.add(answer.id);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.totals.failed += 1;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.onFailure(`${request.method} ${request.path}: ${reason}`);
    }
  }

  async #fetch(request: ShopRequest): Promise<{ id: string }> {
    const response = await fetch(new URL(request.path, this.#options.gateway), {
      method: request.method,
      signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(request.body
        ? { body: JSON.stringify(request.body), headers: { 'content-type': 'application/json' } }
        : {}),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${body.slice(0, 200)}`);
    return JSON.parse(body) as { id: string };
  }
}
