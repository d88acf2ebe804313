import { type Context, propagation, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import type { HeadersLike } from './client.ts';

const TRACEPARENT = 'traceparent';
const NATS_VERSION = 'NATS/1.0';

const firstValue = (headers: HeadersLike, name: string): string | undefined => {
  for (const key of headers.keys()) {
    if (key.toLowerCase() === name) return headers.values(key)[0];
  }
  return undefined;
};

/** Go clients write `Traceparent`, so names are compared without case. */
const getter = {
  keys: (headers: HeadersLike) => headers.keys().map((key) => key.toLowerCase()),
  get: (headers: HeadersLike, name: string) => firstValue(headers, name.toLowerCase()),
};

/**
 * The producer's context. Always read onto the root: whatever happens to be active where a message arrives
 * (the request in which `connect()` was called, for one) has nothing to do with the message.
 */
export const extractContext = (headers: HeadersLike | undefined): Context =>
  headers ? propagation.extract(ROOT_CONTEXT, headers, getter) : ROOT_CONTEXT;

/** The trace context that headers carry, if it is a valid one. */
export const carriedSpanContext = (headers: HeadersLike | undefined): SpanContext | undefined =>
  headers && firstValue(headers, TRACEPARENT) ? trace.getSpanContext(extractContext(headers)) : undefined;

export const headerValue = (headers: HeadersLike | undefined, name: string): string | undefined =>
  headers ? firstValue(headers, name.toLowerCase()) || undefined : undefined;

/**
 * A message's headers on their way to the wire: the user's, copied, plus the context. The user's object is
 * never written to, as it may be shared between messages or belong to one that was received.
 */
export class OutgoingHeaders implements HeadersLike {
  readonly code: number;
  readonly description: string;
  private readonly entries = new Map<string, string[]>();

  constructor(given: HeadersLike | undefined, context: Context) {
    this.code = given?.code ?? 0;
    this.description = given?.description ?? '';
    if (given) for (const key of given.keys()) this.entries.set(key, [...given.values(key)]);
    propagation.inject(context, this, { set: (headers, name, value) => headers.inject(name, value) });
  }

  keys(): string[] {
    return [...this.entries.keys()];
  }

  values(key: string): string[] {
    return this.entries.get(key) ?? [];
  }

  get(name: string): string {
    return this.values(name)[0] ?? '';
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  [Symbol.iterator](): IterableIterator<[string, string[]]> {
    return this.entries.entries();
  }

  toString(): string {
    const status = this.code > 0 && this.description !== '' ? ` ${this.code} ${this.description}` : '';
    let text = NATS_VERSION + status;
    for (const [key, values] of this.entries) for (const value of values) text += `\r\n${key}: ${value}`;
    return `${text}\r\n\r\n`;
  }

  /** What the clients send. */
  encode(): Uint8Array {
    return Buffer.from(this.toString());
  }

  private inject(name: string, value: string): void {
    for (const key of this.keys()) {
      if (key.toLowerCase() !== name.toLowerCase()) continue;
      // A trace context left over from another message gives way; other fields (baggage) are the user's.
      const ours = name === TRACEPARENT || name === 'tracestate' || !this.entries.get(key)?.[0];
      if (!ours) return;
      this.entries.delete(key);
    }
    if (name === TRACEPARENT) this.dropStale('tracestate');
    this.entries.set(name, [value]);
  }

  private dropStale(name: string): void {
    for (const key of this.keys()) if (key.toLowerCase() === name) this.entries.delete(key);
  }
}
