import type { Span } from '../model/index.ts';
import { databaseOf, destinationOf, peerOf, rpcOf } from '../model/index.ts';
import type { Layout } from './layout.ts';
import type { Party, Protocol } from './types.ts';

/** How a span reaches its other side, by what its attributes tell. */
export const protocolOf = (layout: Layout, i: number): Protocol => {
  const span = layout.graph.spans[i]!;
  if (layout.graph.facts[i]!.messaging !== undefined) return 'messaging';
  if (databaseOf(span) !== undefined) return 'database';
  // Connect and Dubbo run over HTTP/2 as gRPC does and behave alike: every RPC system counts as gRPC.
  if (rpcOf(span) !== undefined) return 'grpc';
  const http = span.attributes.has('http.request.method') || span.attributes.has('http.method');
  return http || span.attributes.has('http.route') || span.attributes.has('url.full') ? 'http' : 'internal';
};

export const service = (layout: Layout, i: number): Party => ({
  kind: 'service',
  name: layout.graph.facts[i]!.service,
});

export const queue = (layout: Layout, i: number): Party => {
  const messaging = layout.graph.facts[i]!.messaging;
  return { kind: 'queue', name: messaging === undefined ? 'unknown' : destinationOf(messaging) };
};

/** A party that sent no spans, named by the first caller that names it. */
export const remote = (layout: Layout, callers: readonly number[]): Party => {
  const { spans, facts } = layout.graph;
  const messaging = facts[callers[0]!]!.messaging;
  if (messaging !== undefined) return { kind: 'remote', name: destinationOf(messaging) };
  const first = (nameOf: (span: Span) => string | undefined): string | undefined => {
    for (const i of callers) {
      const name = nameOf(spans[i]!);
      if (name !== undefined) return name;
    }
    return undefined;
  };
  const name = first(peerOf) ?? first((span) => databaseOf(span)?.system ?? rpcOf(span)?.service);
  return { kind: 'remote', name: name ?? 'unknown' };
};
