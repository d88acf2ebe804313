import { type Context, context, createContextKey, type Link, type Span, trace } from '@opentelemetry/api';
import { ATTR } from './attributes.ts';
import type { HeadersLike, Payload, ProtocolLike } from './client.ts';
import { carriedSpanContext, OutgoingHeaders } from './headers.ts';
import { activeDelivery } from './processing.ts';

/** One message on its way out: its span, and what must travel in its headers. */
export interface Outgoing {
  readonly span: Span;
  readonly context: Context;
  readonly subject: string;
  /** False where the headers already carry a context that the application chose for this message. */
  readonly inject: boolean;
}

/**
 * The message that the client is putting on the wire. The client's publish and request write synchronously,
 * so a variable is enough, and cheaper than a context.
 */
let current: Outgoing | undefined;

export const currentOutgoing = (): Outgoing | undefined => current;

export const whileOutgoing = <T>(outgoing: Outgoing, work: () => T): T => {
  const before = current;
  current = outgoing;
  try {
    return work();
  } finally {
    current = before;
  }
};

/** JetStream's publish is asynchronous and may try again later, so its message travels in a context. */
const STORED_PUBLISH = createContextKey('tailrace nats jetstream publish');

export interface StoredPublish extends Outgoing {
  attempts: number;
}

export const withStoredPublish = <T>(publish: StoredPublish, work: () => T): T =>
  context.with(publish.context.setValue(STORED_PUBLISH, publish), work);

export const activeStoredPublish = (): StoredPublish | undefined =>
  context.active().getValue(STORED_PUBLISH) as StoredPublish | undefined;

/**
 * A trace context in the headers that the application put there for this very message (an outbox, say): it
 * stays, and the producer's span links to it. One that equals the active span, or that came in with the
 * message being processed, is a left-over of a reused headers object and gives way.
 */
export const chosenContext = (headers: HeadersLike | undefined): Link | undefined => {
  const carried = carriedSpanContext(headers);
  if (!carried) return undefined;
  const active = trace.getSpanContext(context.active());
  if (active && active.spanId === carried.spanId && active.traceId === carried.traceId) return undefined;
  if (activeDelivery()?.producer?.spanId === carried.spanId) return undefined;
  return { context: carried };
};

/** Room for the fields of the context and their names; what is near the limit is measured exactly. */
const GENEROUS_CONTEXT_BYTES = 1_024;

const fits = (payload: Payload | undefined, headers: OutgoingHeaders, limit: number | undefined): boolean => {
  if (limit === undefined) return true;
  const upperBound = typeof payload === 'string' ? payload.length * 3 : (payload?.byteLength ?? 0);
  if (upperBound + GENEROUS_CONTEXT_BYTES < limit && headers.keys().length < 8) return true;
  const exact = typeof payload === 'string' ? Buffer.byteLength(payload) : upperBound;
  return exact + headers.encode().byteLength <= limit;
};

/**
 * The headers to send instead of `given`, or undefined to send the message as it is: the server may not know
 * headers, or the context would push the message over the server's limit and make a valid publish fail.
 */
export const headersToSend = (
  outgoing: Outgoing,
  protocol: ProtocolLike,
  payload: Payload | undefined,
  given: HeadersLike | undefined,
): OutgoingHeaders | undefined => {
  if (!outgoing.inject) return undefined;
  if (protocol.info?.headers === false) {
    outgoing.span.setAttribute(ATTR.contextInjected, false);
    return undefined;
  }
  const headers = new OutgoingHeaders(given, outgoing.context);
  if (headers.keys().length === 0) return undefined;
  if (fits(payload, headers, protocol.info?.max_payload)) return headers;
  outgoing.span.setAttribute(ATTR.contextInjected, false);
  return undefined;
};
