import { parseAckSubject } from './ack-subject.ts';
import type { ConnectionLike, MessageLike, QueuedIteratorLike } from './client.ts';
import { isStatusMessage, runHandler } from './handler.ts';
import { type Host, quietly } from './host.ts';
import { type HandOver, MessageLoop } from './message-loop.ts';
import { Processing, type Source } from './processing.ts';
import { isInternal } from './scope.ts';
import { type SubjectKind, subjectKind } from './subjects.ts';

const loops = new WeakMap<object, Source>();

/** From now on, loops over this iterator of the client are traced. */
export const traceLoopsOver = (iterator: QueuedIteratorLike, source: Source): void => {
  loops.set(iterator, source);
};

const kindOf = (source: Source, message: MessageLike): SubjectKind =>
  subjectKind(message.subject, source.protocol?.options?.inboxPrefix);

/** Starts the processing of a message, unless it is none of the application's traffic. */
export const beginProcessing: (source: Source, message: MessageLike) => Processing | undefined = (
  source,
  message,
) => {
  source.host.sawMessage?.(message);
  if (!source.host.enabled() || isStatusMessage(message)) return undefined;
  const kind = kindOf(source, message);
  if (kind === 'internal' || kind === 'store') return undefined;
  return new Processing(source, message, kind);
};

type Iterate = () => AsyncIterator<MessageLike>;

/** `QueuedIterator.iterate`, which every `for await` over the client's iterators goes through. */
export const patchIterate =
  () =>
  (original: Iterate): Iterate =>
    function iterate(this: QueuedIteratorLike) {
      const inner = original.call(this);
      const source = loops.get(this);
      if (!source || isInternal()) return inner;
      const handOver: HandOver = (message) => beginProcessing(source, message);
      return new MessageLoop(inner, handOver);
    };

type Callback = (error: Error | null, message: MessageLike) => unknown;

export interface SubscribeOptionsLike {
  callback?: Callback;
  queue?: string;
}

type Subscribe = (subject: string, options?: SubscribeOptionsLike) => QueuedIteratorLike;

/**
 * The callback of a subscription under a span for each message. A stored message that reaches a subscription
 * to an inbox is on its way into a JetStream consumer of a client that is only patched in part.
 */
export const traceCallback = (source: Source, callback: Callback, inbox = false): Callback =>
  function tracedCallback(this: unknown, error, message) {
    const call = () => callback.call(this, error, message);
    if (error || !message || (inbox && parseAckSubject(message.reply))) return call();
    return runHandler(() => beginProcessing(source, message), call);
  };

/** `NatsConnection.subscribe`, with a callback or with an iterator. */
export const patchSubscribe =
  (host: Host) =>
  (original: Subscribe): Subscribe =>
    function subscribe(this: ConnectionLike, subject, options) {
      if (typeof subject !== 'string' || isInternal()) return original.call(this, subject, options);
      const kind = subjectKind(subject, this.protocol?.options?.inboxPrefix);
      if (kind === 'internal' || kind === 'store') return original.call(this, subject, options);
      const source: Source = { host, protocol: this.protocol, group: options?.queue, pattern: subject };
      if (typeof options?.callback !== 'function') {
        const subscription = original.call(this, subject, options);
        quietly(() => traceLoopsOver(subscription, source));
        return subscription;
      }
      const callback = traceCallback(source, options.callback, kind === 'inbox');
      return original.call(this, subject, { ...options, callback });
    };
