import type { UnixNanos } from '../model/index.ts';

export const TRANSPORTS = ['http', 'grpc'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export interface IngestCounters {
  readonly requests: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly failedRequests: number;
  readonly bytes: number;
}

const zero = () => ({ requests: 0, accepted: 0, rejected: 0, failedRequests: 0, bytes: 0 });

/** Services beyond this many share one line, so that a flood of names cannot fill the memory. */
const MAX_SENDERS = 500;
const OTHER_SENDERS = '(other services)';

export interface Sender {
  readonly service: string;
  readonly spans: number;
  readonly lastSeen: UnixNanos;
  readonly sdk?: string;
}

/** What arrived since the start, per transport and per sender. */
export class Counters {
  readonly #byTransport = { http: zero(), grpc: zero() };
  readonly #senders = new Map<string, { spans: number; lastSeen: UnixNanos; sdk?: string }>();
  /** [monotonic ms, spans accepted so far] of the last seconds. */
  readonly #recent: [number, number][] = [];

  took(transport: Transport, bytes: number, accepted: number, rejected: number): void {
    const counters = this.#byTransport[transport];
    counters.requests++;
    counters.bytes += bytes;
    counters.accepted += accepted;
    counters.rejected += rejected;
  }

  failed(transport: Transport): void {
    const counters = this.#byTransport[transport];
    counters.requests++;
    counters.failedRequests++;
  }

  sent(service: string, spans: number, at: UnixNanos, sdk: string | undefined): void {
    const known = this.#senders.has(service) || this.#senders.size < MAX_SENDERS;
    const name = known ? service : OTHER_SENDERS;
    const before = this.#senders.get(name)?.spans ?? 0;
    this.#senders.set(name, { spans: before + spans, lastSeen: at, ...(sdk && known ? { sdk } : {}) });
  }

  /** Accepted spans per second over the last few seconds; call it about once a second. */
  spansPerSecond(nowMs: number): number {
    const total = this.#byTransport.http.accepted + this.#byTransport.grpc.accepted;
    this.#recent.push([nowMs, total]);
    while (this.#recent.length > 2 && (this.#recent[0]?.[0] ?? nowMs) < nowMs - 5_000) this.#recent.shift();
    const [fromMs, from] = this.#recent[0] as [number, number];
    return nowMs > fromMs ? ((total - from) * 1_000) / (nowMs - fromMs) : 0;
  }

  byTransport(): { readonly http: IngestCounters; readonly grpc: IngestCounters } {
    return { http: { ...this.#byTransport.http }, grpc: { ...this.#byTransport.grpc } };
  }

  senders(): Sender[] {
    return [...this.#senders]
      .map(([service, sender]) => ({ service, ...sender }))
      .sort((a, b) => b.spans - a.spans);
  }
}
