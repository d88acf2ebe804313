import { context, SpanKind, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { ATTR, operationAttributes, payloadSize } from './attributes.ts';
import type { ConnectionLike, Payload, ProtocolLike, PublishOptionsLike } from './client.ts';
import { markError } from './errors.ts';
import { headerValue } from './headers.ts';
import { type Host, quietly } from './host.ts';
import { chosenContext, currentOutgoing, headersToSend, type Outgoing, whileOutgoing } from './outgoing.ts';
import { activeDelivery } from './processing.ts';
import { isInternal } from './scope.ts';
import { destinationName, subjectKind } from './subjects.ts';

export interface OutgoingStart {
  readonly operation: 'publish' | 'request';
  readonly kind: SpanKind;
  readonly subject: string;
  readonly payload: unknown;
  readonly headers?: PublishOptionsLike['headers'];
  readonly protocol: ProtocolLike;
}

/** Starts the span of a message that leaves; undefined for what is not the application's traffic. */
export const startOutgoing = (host: Host, start: OutgoingStart): Outgoing | undefined => {
  const { subject, operation, protocol } = start;
  if (!host.enabled() || typeof subject !== 'string' || isInternal()) return undefined;
  if (isTracingSuppressed(context.active())) return undefined;
  const kind = subjectKind(subject, protocol.options?.inboxPrefix);
  if (kind === 'internal' || kind === 'inbox') return undefined;
  const chosen = chosenContext(start.headers);
  const template = kind === 'user' ? host.config().destinationTemplate?.(subject) : undefined;
  const name = destinationName(subject, kind);
  const size = payloadSize(start.payload);
  const messageId = headerValue(start.headers, 'Nats-Msg-Id');
  const span = host.tracer().startSpan(`${operation} ${template ?? name}`, {
    kind: start.kind,
    attributes: {
      ...operationAttributes(operation, name, protocol),
      ...(size === undefined ? {} : { [ATTR.bodySize]: size }),
      ...(messageId === undefined ? {} : { [ATTR.messageId]: messageId }),
      ...(template ? { [ATTR.template]: template } : {}),
    },
    links: chosen ? [chosen] : [],
  });
  return {
    span,
    context: trace.setSpan(context.active(), span),
    subject,
    inject: kind === 'user' && chosen === undefined,
  };
};

/** Publishes under a PRODUCER span that lasts as long as the client's synchronous call. */
const publishTraced = <T>(outgoing: Outgoing, work: () => T): T => {
  try {
    return whileOutgoing(outgoing, work);
  } catch (error) {
    markError(outgoing.span, error);
    throw error;
  } finally {
    outgoing.span.end();
  }
};

type Publish = (subject: string, payload?: Payload, options?: PublishOptionsLike) => void;

/** `NatsConnection.publish`. */
export const patchPublish =
  (host: Host) =>
  (original: Publish): Publish =>
    function publish(this: ConnectionLike, subject, payload, options) {
      const call = () => original.call(this, subject, payload, options);
      // Inside a request the message already has its span.
      if (currentOutgoing()) return call();
      const delivery = activeDelivery();
      if (delivery?.reply !== undefined && delivery.reply === subject) delivery.responded();
      const outgoing = quietly(() =>
        startOutgoing(host, {
          operation: 'publish',
          kind: SpanKind.PRODUCER,
          subject,
          payload,
          headers: options?.headers,
          protocol: this.protocol,
        }),
      );
      return outgoing ? publishTraced(outgoing, call) : call();
    };

/** `ProtocolHandler.publish`, which every message passes on its way out. */
export const patchProtocolPublish =
  () =>
  (original: Publish): Publish =>
    function publish(this: ProtocolLike, subject, payload, options) {
      const outgoing = currentOutgoing();
      if (outgoing === undefined || outgoing.subject !== subject) {
        return original.call(this, subject, payload, options);
      }
      const headers = quietly(() => headersToSend(outgoing, this, payload, options?.headers));
      return original.call(this, subject, payload, headers ? { ...options, headers } : options);
    };

type Respond = (payload?: Payload, options?: PublishOptionsLike) => boolean;

interface RespondingMessage {
  readonly reply?: string;
  readonly publisher: ProtocolLike;
}

/** `Msg.respond`: an answer to an inbox belongs to the request; one to a subject is a message of its own. */
export const patchRespond =
  (host: Host, onRespond: (message: object, options: PublishOptionsLike | undefined) => void) =>
  (original: Respond): Respond =>
    function respond(this: RespondingMessage, payload, options) {
      const call = () => original.call(this, payload, options);
      quietly(() => onRespond(this, options));
      const outgoing = quietly(() =>
        startOutgoing(host, {
          operation: 'publish',
          kind: SpanKind.PRODUCER,
          subject: this.reply ?? '',
          payload,
          headers: options?.headers,
          protocol: this.publisher,
        }),
      );
      return outgoing && this.reply ? publishTraced(outgoing, call) : call();
    };
