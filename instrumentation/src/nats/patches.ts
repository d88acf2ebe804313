import { patchParse, patchPush } from './arrival.ts';
import type { ConnectionLike } from './client.ts';
import {
  patchAsInternal,
  patchConsumerStart,
  patchLegacyCallback,
  patchLegacyFetch,
  patchLegacySubscribe,
  patchOrderedConsume,
} from './consume.ts';
import type { Host } from './host.ts';
import { patchBatchPublish, patchJetStreamPublish } from './jetstream-publish.ts';
import { patchProtocolPublish, patchPublish, patchRespond } from './publish.ts';
import { patchReceive, type ReceiveTarget } from './receive.ts';
import { patchRequest, patchRequestMany } from './request.ts';
import { onRespond, patchAckAck, patchSettle } from './settle.ts';
import { patchIterate, patchSubscribe } from './subscribe.ts';

/** Gets a method of the client and returns what replaces it; each patch states its own signature. */
export type Wrapper = (original: never) => (...args: never[]) => unknown;

export type MethodPatches = Readonly<Record<string, Wrapper>>;

/** Replacements of methods by the name under which a file of a client exports their class. */
export type ClassPatches = Readonly<Record<string, MethodPatches>>;

/** Files of one package, relative to it, and what to patch in each. */
export interface PackagePatches {
  readonly name: string;
  readonly versions: string[];
  readonly files: Readonly<Record<string, ClassPatches>>;
}

interface PullConsumerLike {
  readonly api: { readonly nc: ConnectionLike };
  readonly stream: string;
  readonly name: string;
}

interface JetStreamClientLike {
  readonly nc: ConnectionLike;
}

const ofConsumer = (self: PullConsumerLike): ReceiveTarget => ({
  connection: self.api.nc,
  stream: self.stream,
  consumer: self.name,
});

interface LegacyOrderedConsumerLike {
  readonly api: { readonly nc: ConnectionLike };
  readonly stream: string;
  readonly namePrefix: string;
}

const ofLegacyOrderedConsumer = (self: LegacyOrderedConsumerLike): ReceiveTarget => ({
  connection: self.api.nc,
  stream: self.stream,
  consumer: self.namePrefix,
});

const ofPull = (self: JetStreamClientLike, [stream, consumer]: unknown[]): ReceiveTarget => ({
  connection: self.nc,
  stream: String(stream),
  consumer: String(consumer),
});

type CoreClass = 'NatsConnectionImpl' | 'ProtocolHandler' | 'Parser' | 'QueuedIteratorImpl' | 'MsgImpl';

/** The classes of the core client, alike in both generations. */
export const coreClasses = (host: Host): Record<CoreClass, MethodPatches> => ({
  NatsConnectionImpl: {
    publish: patchPublish(host),
    request: patchRequest(host),
    requestMany: patchRequestMany(host),
    subscribe: patchSubscribe(host),
  },
  ProtocolHandler: { publish: patchProtocolPublish() },
  Parser: { parse: patchParse },
  QueuedIteratorImpl: { push: patchPush, iterate: patchIterate() },
  MsgImpl: { respond: patchRespond(host, onRespond) },
});

const core = (host: Host): Record<string, ClassPatches> => {
  const { NatsConnectionImpl, ProtocolHandler, Parser, QueuedIteratorImpl, MsgImpl } = coreClasses(host);
  return {
    'nats.js': { NatsConnectionImpl },
    'protocol.js': { ProtocolHandler },
    'parser.js': { Parser },
    'queued_iterator.js': { QueuedIteratorImpl },
    'msg.js': { MsgImpl },
  };
};

/** Of the JetStream client of 3.x; 2.x has `publish` of the same shape, and no `_publish`. */
export const jetstreamClientMethods = (host: Host): MethodPatches => ({
  publish: patchJetStreamPublish(host),
  _publish: patchBatchPublish(host),
});

const storedMessage: ClassPatches = {
  JsMsgImpl: {
    ack: patchSettle('ack'),
    nak: patchSettle('nak'),
    term: patchSettle('term'),
    working: patchSettle('working'),
    ackAck: patchAckAck(),
  },
};

const jetstream = (host: Host): Record<string, ClassPatches> => ({
  'jsclient.js': {
    JetStreamClientImpl: jetstreamClientMethods(host),
  },
  'jsbaseclient_api.js': { BaseApiClientImpl: { _request: patchAsInternal() } },
  'consumer.js': {
    PullConsumerMessagesImpl: { start: patchConsumerStart(host) },
    PullConsumerImpl: { next: patchReceive(host, ofConsumer) },
  },
  'pushconsumer.js': { PushConsumerMessagesImpl: { start: patchConsumerStart(host) } },
  'jsmsg.js': storedMessage,
});

const legacyJetstream = (host: Host): Record<string, ClassPatches> => ({
  'jsclient.js': {
    JetStreamClientImpl: {
      publish: patchJetStreamPublish(host),
      pull: patchReceive(host, ofPull),
      fetch: patchLegacyFetch(host),
      subscribe: patchLegacySubscribe(host),
      pullSubscribe: patchLegacySubscribe(host),
      _buildTypedSubscriptionOpts: patchLegacyCallback(host),
    },
  },
  'jsbaseclient_api.js': { BaseApiClient: { _request: patchAsInternal() } },
  'consumer.js': {
    PullConsumerMessagesImpl: { start: patchConsumerStart(host) },
    PullConsumerImpl: { next: patchReceive(host, ofConsumer) },
    OrderedPullConsumerImpl: {
      reset: patchAsInternal(),
      consume: patchOrderedConsume(host),
      fetch: patchOrderedConsume(host),
      next: patchReceive(host, ofLegacyOrderedConsumer),
    },
  },
  'jsmsg.js': storedMessage,
});

const under = (folder: string, files: Record<string, ClassPatches>): Record<string, ClassPatches> =>
  Object.fromEntries(Object.entries(files).map(([file, patches]) => [`${folder}/${file}`, patches]));

/** Everything that is patched, as data. */
export const natsPatches = (host: Host): PackagePatches[] => [
  { name: '@nats-io/nats-core', versions: ['>=3.0.0 <4'], files: under('lib', core(host)) },
  { name: '@nats-io/jetstream', versions: ['>=3.0.0 <4'], files: under('lib', jetstream(host)) },
  {
    name: 'nats',
    versions: ['>=2.10.0 <3'],
    files: { ...under('lib/nats-base-client', core(host)), ...under('lib/jetstream', legacyJetstream(host)) },
  },
];
