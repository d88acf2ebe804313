import type { Flow, FlowSpan, Hop } from '../../../../collector/src/contract/index.ts';

const textOf = (span: FlowSpan, ...keys: readonly string[]): string | undefined => {
  for (const key of keys) {
    const value = span.attributes[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
};

const methodOf = (span: FlowSpan): string | undefined => textOf(span, 'http.request.method', 'http.method');

/** Queries hold secrets and hide what matters: they are left to the attributes. */
const withoutQuery = (path: string): string => path.replace(/[?#].*$/s, '');

/** Host and path of a full URL; undefined where it is none. */
const hostAndPath = (text: string | undefined): string | undefined => {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  return host + pathname;
};

const served = (span: FlowSpan, method: string): string | undefined => {
  const path = textOf(span, 'http.route', 'url.path', 'http.target');
  return path && `${method} ${withoutQuery(path)}`;
};

const called = (span: FlowSpan, method: string): string | undefined => {
  const path = withoutQuery(textOf(span, 'url.path', 'http.target') ?? '');
  const host = textOf(span, 'server.address', 'net.peer.name');
  const target = hostAndPath(textOf(span, 'url.full', 'http.url')) ?? (host && host + path);
  return target && `${method} ${target}`;
};

const nameOf = (span: FlowSpan, hop: Hop | undefined, segmentName: string | undefined): string => {
  const client = span.kind === 'client';
  if (!client && span.kind !== 'server') return span.name;
  if (hop?.protocol === 'grpc') return hop.operation;
  const method = methodOf(span);
  if (method === undefined) return span.name;
  // Nobody answered for this call, so the hop knows the host at most.
  const unanswered = client && hop?.calleeSpan === undefined;
  if (hop?.protocol === 'http' && !unanswered) return hop.operation;
  return (
    (client ? called(span, method) : (segmentName ?? served(span, method))) ?? hop?.operation ?? span.name
  );
};

/**
 * What each span of the flow did, in a few words. Instrumentations that know no routes name HTTP spans by their
 * method alone; the hop knows the operation, else the segment or the attributes do.
 */
export const spanNames = (flow: Flow): ((span: FlowSpan) => string) => {
  const hops = new Map(flow.hops.map((hop) => [hop.id, hop]));
  const roots = new Map(flow.segments.map((segment) => [segment.rootSpan, segment]));
  return (span) => {
    const root = roots.get(span.spanId);
    const hop = span.hopId === undefined ? undefined : hops.get(span.hopId);
    return nameOf(span, hop, root?.service === span.service && root.name !== '' ? root.name : undefined);
  };
};
