import { numberAttribute, stringAttribute } from './attributes.ts';
import type { Span } from './span.ts';

export interface HttpCall {
  readonly method: string | undefined;
  /** The route's template, never a raw path. */
  readonly route: string | undefined;
  readonly statusCode: number | undefined;
  /** The raw path, of high cardinality: for telling calls apart, never for naming them. */
  readonly path: string | undefined;
  /** How often the client had already sent this request. */
  readonly resendCount: number;
}

export interface RpcCall {
  readonly system: string;
  readonly service: string | undefined;
  readonly method: string | undefined;
  readonly statusCode: number | undefined;
  /** Attempts that gRPC's own retry made before this one. */
  readonly previousAttempts: number;
}

export interface DatabaseCall {
  readonly system: string;
  readonly namespace: string | undefined;
  readonly operation: string | undefined;
  readonly collection: string | undefined;
}

/** The HTTP side of a span, or undefined where it has none. */
export const httpOf = (span: Span): HttpCall | undefined => {
  const a = span.attributes;
  const method = stringAttribute(a, 'http.request.method', 'http.method');
  const route = stringAttribute(a, 'http.route');
  const statusCode = numberAttribute(a, 'http.response.status_code', 'http.status_code');
  if (method === undefined && route === undefined && statusCode === undefined) return undefined;
  return {
    method: method?.toUpperCase(),
    route,
    statusCode,
    path: pathOf(stringAttribute(a, 'url.path', 'http.target', 'url.full', 'http.url')),
    resendCount: numberAttribute(a, 'http.request.resend_count', 'http.resend_count') ?? 0,
  };
};

/** The path of a URL or of a request target, without query and fragment. */
const pathOf = (url: string | undefined): string | undefined => {
  if (url === undefined) return undefined;
  const scheme = url.indexOf('://');
  const from = scheme < 0 ? 0 : url.indexOf('/', scheme + 3);
  if (from < 0) return '/';
  const end = url.slice(from).search(/[?#]/);
  return end < 0 ? url.slice(from) : url.slice(from, from + end);
};

const GRPC_CODES: Readonly<Record<string, number>> = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};

const RPC_STATUS_KEYS = ['rpc.grpc.status_code', 'rpc.response.status_code', 'rpc.status_code'] as const;

/** The RPC side of a span, or undefined where it has none. The status may be a number or gRPC's name for it. */
export const rpcOf = (span: Span): RpcCall | undefined => {
  const a = span.attributes;
  const system = stringAttribute(a, 'rpc.system.name', 'rpc.system');
  if (system === undefined) return undefined;
  const name = stringAttribute(a, ...RPC_STATUS_KEYS);
  const full = stringAttribute(a, 'rpc.method');
  // Newer conventions put `package.Service/Method` into rpc.method alone.
  const slash = full?.lastIndexOf('/') ?? -1;
  return {
    system,
    service: stringAttribute(a, 'rpc.service') ?? (slash > 0 ? full?.slice(0, slash) : undefined),
    method: slash >= 0 ? full?.slice(slash + 1) : full,
    statusCode:
      numberAttribute(a, ...RPC_STATUS_KEYS) ??
      (name === undefined ? undefined : GRPC_CODES[name.toUpperCase()]),
    previousAttempts: numberAttribute(a, 'grpc-previous-rpc-attempts', 'rpc.grpc.attempt') ?? 0,
  };
};

/** The database side of a span, or undefined where it has none. */
export const databaseOf = (span: Span): DatabaseCall | undefined => {
  const a = span.attributes;
  const system = stringAttribute(a, 'db.system.name', 'db.system');
  if (system === undefined) return undefined;
  return {
    system,
    namespace: stringAttribute(a, 'db.namespace', 'db.name'),
    operation: stringAttribute(a, 'db.operation.name', 'db.operation'),
    collection: stringAttribute(a, 'db.collection.name', 'db.sql.table', 'db.mongodb.collection'),
  };
};

/** Who is called, as far as the caller's span tells: the peer's service, or its address with a telling port. */
export const peerOf = (span: Span): string | undefined => {
  const a = span.attributes;
  const service = stringAttribute(a, 'service.peer.name', 'peer.service');
  if (service !== undefined) return service;
  const address =
    stringAttribute(a, 'server.address', 'net.peer.name', 'http.host', 'net.host.name') ??
    hostOfUrl(stringAttribute(a, 'url.full', 'http.url')) ??
    stringAttribute(a, 'network.peer.address', 'net.peer.ip', 'net.sock.peer.addr');
  if (address === undefined) return undefined;
  const port = numberAttribute(a, 'server.port', 'net.peer.port', 'network.peer.port', 'net.sock.peer.port');
  const known = port === undefined || port === 80 || port === 443 || /:\d+$/.test(address);
  return known ? address : `${address}:${port}`;
};

const hostOfUrl = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(url)?.[1];

/** gRPC codes that are the server's fault; the others are answers that a server may rightly give. */
const SERVER_FAULTS: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);

/** Whether the operation failed: by its status, or by the protocol's code where the status is unset. */
export const isFailed = (span: Span): boolean => {
  if (span.status.code !== 'unset') return span.status.code === 'error';
  const http = numberAttribute(span.attributes, 'http.response.status_code', 'http.status_code');
  if (http !== undefined && http >= 500) return true;
  const code = rpcOf(span)?.statusCode;
  if (code === undefined || code === 0) return false;
  return span.kind === 'client' || SERVER_FAULTS.has(code);
};

/** Whether a caller would rightly try again: it failed, or it was told to come back later. */
export const invitesRetry = (span: Span): boolean => {
  const status = numberAttribute(span.attributes, 'http.response.status_code', 'http.status_code');
  return isFailed(span) || status === 429 || status === 408;
};

/** The machine that made the span: clocks are one per host. Undefined where the resource does not say. */
export const hostOf = (span: Span): string | undefined =>
  stringAttribute(span.resource.attributes, 'host.id', 'host.name', 'k8s.node.name');
