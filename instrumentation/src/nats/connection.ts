import { trace } from '@opentelemetry/api';
import { isWrapped } from '@opentelemetry/instrumentation';
import { VERSION } from '../version.ts';
import type { QueuedIteratorLike } from './client.ts';
import type { Host, NatsInstrumentationConfig } from './host.ts';
import { coreClasses, jetstreamClientMethods, type MethodPatches } from './patches.ts';

type Methods = Record<string, unknown>;

interface BundledConnection {
  readonly protocol: { readonly parser: object };
  status(): QueuedIteratorLike & { stop?(): void };
}

const patched = new WeakSet<object>();

/** Patches methods where an object inherits them from, once. */
const patchInherited = (instance: object, patches: MethodPatches): void => {
  for (const [method, wrapper] of Object.entries(patches)) {
    let owner: Methods | null = Object.getPrototypeOf(instance);
    while (owner && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner);
    const original = owner?.[method];
    if (!owner || typeof original !== 'function' || isWrapped(original) || patched.has(original)) continue;
    const replacement = wrapper(original as never);
    patched.add(replacement);
    owner[method] = replacement;
  }
};

/** What `instrumentConnection` takes beside the connection. */
export interface InstrumentConnectionOptions extends NatsInstrumentationConfig {
  /** JetStream clients of the same bundle, for spans of their publishes. */
  readonly jetstream?: object[];
}

/**
 * For code that a bundler packed together with its client, where hooks on modules see nothing: patches the
 * classes behind this connection (so all connections of the bundle). Covers publish, request, respond and
 * subscribe with callbacks and loops; JetStream publishes where clients are given. Messages of JetStream
 * consumers need `withMessageContext`. Returns the connection.
 */
export const instrumentConnection = <Connection extends object>(
  connection: Connection,
  options: InstrumentConnectionOptions = {},
): Connection => {
  const { jetstream = [], ...config } = options;
  const bundled = connection as unknown as BundledConnection;
  const host: Host = {
    tracer: () => trace.getTracer('@tailrace/instrumentation', VERSION),
    enabled: () => true,
    config: () => config,
    sawMessage: (message) => patchInherited(message, classes.MsgImpl),
  };
  const classes = coreClasses(host);
  patchInherited(connection, classes.NatsConnectionImpl);
  patchInherited(bundled.protocol, classes.ProtocolHandler);
  patchInherited(bundled.protocol.parser, classes.Parser);
  // The class of iterators is in no other reach.
  const iterator = bundled.status();
  patchInherited(iterator, classes.QueuedIteratorImpl);
  iterator.stop?.();
  for (const client of jetstream) patchInherited(client, jetstreamClientMethods(host));
  return connection;
};
