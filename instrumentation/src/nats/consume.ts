import type {
  ConnectionLike,
  ConsumerConfigLike,
  ConsumerMessagesLike,
  MessageLike,
  QueuedIteratorLike,
} from './client.ts';
import { runHandler } from './handler.ts';
import { type Host, quietly } from './host.ts';
import type { Source } from './processing.ts';
import { asInternal, isInternal } from './scope.ts';
import { learnApiPrefix } from './subjects.ts';
import { beginProcessing, traceCallback, traceLoopsOver } from './subscribe.ts';

/** What a JetStream consumer's configuration tells about its messages. */
const sourceOf = (
  host: Host,
  connection: ConnectionLike,
  config: ConsumerConfigLike | undefined,
): Source => ({
  host,
  protocol: connection.protocol,
  group: config?.durable_name ?? config?.deliver_group,
  pattern: config?.filter_subject,
  settles: config?.ack_policy !== 'none',
  ackWait: config?.ack_wait ? config.ack_wait / 1e6 : undefined,
});

type Handler = (message: MessageLike) => unknown;

const traceHandler = (source: () => Source, handler: Handler): Handler =>
  function tracedHandler(this: unknown, message) {
    return runHandler(
      () => beginProcessing(source(), message),
      () => handler.call(this, message),
    );
  };

/**
 * `start` of the pull and push consumers' messages, which their constructors call last: `callback` is set by
 * then, and the subscription that feeds the queue is not made yet.
 */
export const patchConsumerStart = (host: Host) => {
  const seen = new WeakSet<object>();
  return (original: () => unknown) =>
    function start(this: ConsumerMessagesLike): unknown {
      quietly(() => {
        if (seen.has(this) || isInternal()) return;
        seen.add(this);
        const { api, _info } = this.consumer;
        learnApiPrefix(api.prefix);
        const source = sourceOf(host, api.nc, _info?.config);
        if (this.callback) this.callback = traceHandler(() => source, this.callback);
        else traceLoopsOver(this, source);
      });
      return asInternal(() => original.call(this));
    };
};

/** Runs a method of the client as plumbing; see `asInternal`. */
export const patchAsInternal =
  () =>
  <F extends (...args: unknown[]) => unknown>(original: F): F =>
    function internal(this: unknown, ...args: unknown[]) {
      return asInternal(() => original.apply(this, args));
    } as F;

interface OrderedConsumerLike {
  readonly api: { readonly nc: ConnectionLike };
  readonly currentConsumer?: { readonly config?: ConsumerConfigLike } | null;
}

type OrderedConsume = (options?: { callback?: Handler }) => Promise<QueuedIteratorLike>;

/**
 * `consume` and `fetch` of the ordered consumer of 2.x, which reads from a pull consumer of its own and hands
 * on what is in order. Its methods write into the options they get, hence the copy.
 */
export const patchOrderedConsume =
  (host: Host) =>
  (original: OrderedConsume): OrderedConsume =>
    function consume(this: OrderedConsumerLike, options) {
      const call = (given: typeof options) => asInternal(() => original.call(this, given));
      if (isInternal()) return call(options);
      const source = () =>
        sourceOf(host, this.api.nc, { ...this.currentConsumer?.config, ack_policy: 'none' });
      if (options?.callback) return call({ ...options, callback: traceHandler(source, options.callback) });
      return call(options && { ...options }).then((messages) => {
        quietly(() => traceLoopsOver(messages, source()));
        return messages;
      });
    };

interface LegacyConsumerInfo {
  readonly config?: ConsumerConfigLike;
}

interface JetStreamClientLike {
  readonly nc: ConnectionLike;
  readonly prefix?: string;
}

type LegacySubscribe = (...args: unknown[]) => Promise<QueuedIteratorLike & { info?: LegacyConsumerInfo }>;

/** `js.subscribe` and `js.pullSubscribe` of 2.x with an iterator. */
export const patchLegacySubscribe =
  (host: Host) =>
  (original: LegacySubscribe): LegacySubscribe =>
    async function subscribe(this: JetStreamClientLike, ...args) {
      learnApiPrefix(this.prefix);
      const subscription = await asInternal(() => original.apply(this, args));
      if (!isInternal()) {
        quietly(() => traceLoopsOver(subscription, sourceOf(host, this.nc, subscription.info?.config)));
      }
      return subscription;
    };

type BuildOptions = (info: LegacyConsumerInfo) => { callback?: Parameters<typeof traceCallback>[1] };

/** `_buildTypedSubscriptionOpts` of 2.x: where the callback of `js.subscribe` passes. */
export const patchLegacyCallback =
  (host: Host) =>
  (original: BuildOptions): BuildOptions =>
    function build(this: JetStreamClientLike, info) {
      const options = original.call(this, info);
      if (options.callback) {
        options.callback = traceCallback(sourceOf(host, this.nc, info.config), options.callback);
      }
      return options;
    };

type LegacyFetch = (stream: string, durable: string, options?: unknown) => QueuedIteratorLike;

/** `js.fetch` of 2.x. */
export const patchLegacyFetch =
  (host: Host) =>
  (original: LegacyFetch): LegacyFetch =>
    function fetch(this: JetStreamClientLike, stream, durable, options) {
      learnApiPrefix(this.prefix);
      const messages = asInternal(() => original.call(this, stream, durable, options));
      quietly(() => traceLoopsOver(messages, sourceOf(host, this.nc, { durable_name: durable })));
      return messages;
    };
