import { context, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { ATTEMPT_EVENT, ATTR } from './attributes.ts';
import type {
  ConnectionLike,
  MessageLike,
  Payload,
  PublishOptionsLike,
  QueuedIteratorLike,
} from './client.ts';
import { markError } from './errors.ts';
import { headerValue } from './headers.ts';
import { type Host, quietly } from './host.ts';
import { activeStoredPublish, currentOutgoing, whileOutgoing } from './outgoing.ts';
import { startOutgoing } from './publish.ts';
import { asInternal } from './scope.ts';

type Request<R> = (subject: string, payload?: Payload, options?: PublishOptionsLike) => Promise<R>;

const start = (
  host: Host,
  connection: ConnectionLike,
  subject: string,
  payload: Payload | undefined,
  options: PublishOptionsLike | undefined,
) =>
  quietly(() =>
    startOutgoing(host, {
      operation: 'request',
      kind: SpanKind.CLIENT,
      subject,
      payload,
      headers: options?.headers,
      protocol: connection.protocol,
    }),
  );

/** Services (`nats` micro) answer an error as headers of an otherwise normal message. */
export const markServiceError = (span: Span, headers: MessageLike['headers']): void => {
  const code = headerValue(headers, 'Nats-Service-Error-Code');
  if (code === undefined) return;
  const message = headerValue(headers, 'Nats-Service-Error');
  span.setAttribute(ATTR.errorType, code);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
};

/** `NatsConnection.request`: a CLIENT span until the answer, or until the wait for it failed. */
export const patchRequest =
  (host: Host) =>
  (original: Request<MessageLike>): Request<MessageLike> =>
    function request(this: ConnectionLike, subject, payload, options) {
      const call = () => asInternal(() => original.call(this, subject, payload, options));
      const stored = activeStoredPublish();
      if (stored?.subject === subject) {
        stored.attempts += 1;
        if (stored.attempts > 1) stored.span.addEvent(ATTEMPT_EVENT, { [ATTR.attempt]: stored.attempts });
        return whileOutgoing(stored, call);
      }
      const outgoing = currentOutgoing() ? undefined : start(host, this, subject, payload, options);
      if (!outgoing) return original.call(this, subject, payload, options);
      return context
        .with(outgoing.context, () => whileOutgoing(outgoing, call))
        .then(
          (answer) => {
            quietly(() => markServiceError(outgoing.span, answer.headers));
            outgoing.span.end();
            return answer;
          },
          (error) => {
            markError(outgoing.span, error);
            outgoing.span.end();
            throw error;
          },
        );
    };

/** `NatsConnection.requestMany`: a CLIENT span until the iterator of answers is closed. */
export const patchRequestMany =
  (host: Host) =>
  (original: Request<QueuedIteratorLike>): Request<QueuedIteratorLike> =>
    function requestMany(this: ConnectionLike, subject, payload, options) {
      const outgoing = start(host, this, subject, payload, options);
      if (!outgoing) return original.call(this, subject, payload, options);
      const fail = (error: unknown) => {
        markError(outgoing.span, error);
        outgoing.span.end();
      };
      const answers = context.with(outgoing.context, () =>
        whileOutgoing(outgoing, () => asInternal(() => original.call(this, subject, payload, options))),
      );
      return answers.then(
        (iterator) => {
          iterator.iterClosed.then((error) => (error ? fail(error) : outgoing.span.end()), fail);
          return iterator;
        },
        (error) => {
          fail(error);
          throw error;
        },
      );
    };
