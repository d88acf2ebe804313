import { context, type Link, SpanKind, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { parseAckSubject } from './ack-subject.ts';
import { ATTR, deliveryAttributes, operationAttributes, storedMessageId } from './attributes.ts';
import type { ConnectionLike, MessageLike } from './client.ts';
import { markError } from './errors.ts';
import { extractContext, headerValue } from './headers.ts';
import { type Host, quietly } from './host.ts';
import { asInternal, isInternal } from './scope.ts';

type Receive = (...args: unknown[]) => Promise<MessageLike | null | undefined>;

/** Which consumer a method of the client asks for its next message. */
export interface ReceiveTarget {
  readonly connection: ConnectionLike;
  readonly stream: string;
  readonly consumer: string;
}

/**
 * Asking for a single message (`consumer.next()`, `js.pull()` of 2.x) is a CLIENT span of the asker, linked to
 * what published the message. The message's work happens after it, out of our sight: see `withMessageContext`.
 */
export const patchReceive =
  <This>(host: Host, targetOf: (self: This, args: unknown[]) => ReceiveTarget) =>
  (original: Receive): Receive =>
    function receive(this: This, ...args) {
      const call = () => asInternal(() => original.apply(this, args));
      if (!host.enabled() || isInternal() || isTracingSuppressed(context.active())) return call();
      const target = quietly(() => targetOf(this, args));
      if (!target) return call();
      const span = host.tracer().startSpan(`receive ${target.stream}`, {
        kind: SpanKind.CLIENT,
        attributes: {
          ...operationAttributes('receive', target.stream, target.connection.protocol),
          [ATTR.stream]: target.stream,
          [ATTR.consumer]: target.consumer,
          [ATTR.group]: target.consumer,
        },
      });
      return context.with(trace.setSpan(context.active(), span), call).then(
        (message) => {
          quietly(() => {
            if (!message) return;
            const info = parseAckSubject(message.reply);
            const producer = trace.getSpanContext(extractContext(message.headers));
            if (producer) span.addLink({ context: producer } satisfies Link);
            const id =
              headerValue(message.headers, 'Nats-Msg-Id') ??
              (info && storedMessageId(info.stream, info.streamSequence));
            span.setAttributes({
              [ATTR.destination]: message.subject,
              [ATTR.bodySize]: message.data.length,
              ...(id === undefined ? {} : { [ATTR.messageId]: id }),
              ...(info ? deliveryAttributes(info) : {}),
            });
            span.updateName(`receive ${message.subject}`);
          });
          span.end();
          return message;
        },
        (error) => {
          markError(span, error);
          span.end();
          throw error;
        },
      );
    };
