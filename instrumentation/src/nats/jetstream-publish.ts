import { SpanKind } from '@opentelemetry/api';
import { ATTR, storedMessageId } from './attributes.ts';
import type { ConnectionLike, Payload, PubAckLike, PublishOptionsLike } from './client.ts';
import { markError } from './errors.ts';
import { headerValue } from './headers.ts';
import { type Host, quietly } from './host.ts';
import { activeStoredPublish, type Outgoing, withStoredPublish } from './outgoing.ts';
import { startOutgoing } from './publish.ts';

interface JetStreamPublishOptionsLike extends PublishOptionsLike {
  msgID?: string;
}

type JetStreamPublish<R> = (
  subject: string,
  payload?: Payload,
  options?: JetStreamPublishOptionsLike,
) => Promise<R>;

interface JetStreamClientLike {
  readonly nc: ConnectionLike;
}

const recordAck = (outgoing: Outgoing, ack: PubAckLike, messageId: string | undefined): void => {
  outgoing.span.setAttributes({
    [ATTR.stream]: ack.stream,
    [ATTR.streamSequence]: ack.seq,
    [ATTR.duplicate]: ack.duplicate === true,
    [ATTR.messageId]: messageId ?? storedMessageId(ack.stream, ack.seq),
  });
};

const publishUntilAnswer = <R>(
  host: Host,
  onAnswer: (outgoing: Outgoing, answer: R, messageId: string | undefined) => void,
  original: JetStreamPublish<R>,
): JetStreamPublish<R> =>
  function publish(this: JetStreamClientLike, subject, payload, options) {
    const call = () => original.call(this, subject, payload, options);
    if (activeStoredPublish()) return call();
    const outgoing = quietly(() =>
      startOutgoing(host, {
        operation: 'publish',
        kind: SpanKind.PRODUCER,
        subject,
        payload,
        headers: options?.headers,
        protocol: this.nc.protocol,
      }),
    );
    if (!outgoing) return call();
    const messageId = quietly(() => options?.msgID || headerValue(options?.headers, 'Nats-Msg-Id'));
    return withStoredPublish({ ...outgoing, attempts: 0 }, call).then(
      (answer) => {
        quietly(() => onAnswer(outgoing, answer, messageId));
        outgoing.span.end();
        return answer;
      },
      (error) => {
        if (messageId) outgoing.span.setAttribute(ATTR.messageId, messageId);
        markError(outgoing.span, error);
        outgoing.span.end();
        throw error;
      },
    );
  };

/** `JetStreamClient.publish`: a PRODUCER span until the server says that it stored the message. */
export const patchJetStreamPublish =
  (host: Host) =>
  (original: JetStreamPublish<PubAckLike>): JetStreamPublish<PubAckLike> =>
    publishUntilAnswer(host, recordAck, original);

/** `_publish` of 3.x, which batches call directly: the server acks only the commit with a stream and sequence. */
export const patchBatchPublish =
  (host: Host) =>
  (original: JetStreamPublish<unknown>): JetStreamPublish<unknown> =>
    publishUntilAnswer(host, () => {}, original);
