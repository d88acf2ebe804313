import { databaseOf, httpOf, peerOf, rpcOf } from './calls.ts';
import type { Messaging } from './messaging.ts';
import { messagingOf } from './messaging.ts';
import type { Span } from './span.ts';

/** Version numbers and names such as `v2`, `oauth2` and `s3` hold one digit and name kinds of things. */
const isId = (token: string): boolean => {
  if (token.length > 40 || /[%@]/.test(token)) return true;
  const digits = token.replace(/\D/g, '').length;
  return digits >= 2 || (digits === 1 && token.length === 1);
};

/** Further tokens of a path say more about the thing than about its kind. */
const MAX_TOKENS = 8;

/** The text with ids in its `/` tokens replaced, so that a name stays a name. */
export const withoutIds = (name: string): string =>
  name
    .split(' ')
    .map((word) => (word.includes('/') || /\d/.test(word) ? pathWithoutIds(word) : word))
    .join(' ');

const pathWithoutIds = (path: string): string => {
  const tokens = path.split(/[?#]/, 1)[0]!.split('/');
  const kept = tokens.slice(0, MAX_TOKENS).map((token) => (isId(token) ? '{id}' : token));
  return tokens.length > MAX_TOKENS ? `${kept.join('/')}/...` : kept.join('/');
};

/** A low-cardinality name of a queue or subject: the template, or the name without ids (NATS: `*`). */
export const destinationOf = (messaging: Messaging): string => {
  if (messaging.template !== undefined) return messaging.template;
  if (messaging.temporary) return '(temporary)';
  if (messaging.system !== 'nats' || !/\d/.test(messaging.destination)) return messaging.destination;
  return messaging.destination
    .split('.')
    .map((token) => (isId(token) ? '*' : token))
    .join('.');
};

/** A low-cardinality name of what the span does: `POST /orders`, `orders.v1.Orders/Create`, `orders.created`. */
export const operationOf = (span: Span): string => {
  const messaging = messagingOf(span);
  if (messaging?.role !== undefined && messaging.role !== 'settle') return destinationOf(messaging);
  const rpc = rpcOf(span);
  if (rpc?.method !== undefined)
    return rpc.service === undefined ? rpc.method : `${rpc.service}/${rpc.method}`;
  const database = databaseOf(span);
  if (database !== undefined) return databaseOperation(span, database);
  const http = httpOf(span);
  if (http !== undefined) return httpOperation(span, http);
  return withoutIds(span.name);
};

const databaseOperation = (span: Span, database: NonNullable<ReturnType<typeof databaseOf>>): string => {
  if (database.operation !== undefined) {
    return database.collection === undefined
      ? database.operation
      : `${database.operation} ${database.collection}`;
  }
  // The convention's span name is low-cardinality, but some libraries put the statement there.
  const words = span.name.split(/\s+/, 3);
  return words.length > 2 ? words[0]! : withoutIds(span.name);
};

const httpOperation = (span: Span, http: NonNullable<ReturnType<typeof httpOf>>): string => {
  const method = http.method ?? 'HTTP';
  if (http.route !== undefined) return `${method} ${http.route}`;
  if (span.kind === 'client') {
    const template = span.attributes.get('url.template');
    if (typeof template === 'string' && template !== '') return `${method} ${template}`;
    return `${method} ${peerOf(span) ?? ''}`.trimEnd();
  }
  // Servers that know no routes name the span by the method alone; the path without its ids tells more,
  // but paths that lead nowhere are made up by whoever asks.
  const bare = span.name === method || span.name === `HTTP ${method}`;
  if (bare && http.statusCode === 404) return `${method} (not found)`;
  const name = withoutIds(bare && http.path !== undefined ? http.path : span.name);
  return name.startsWith(method) ? name : `${method} ${name}`;
};

const STEPS: readonly (readonly [nanos: number, unit: string])[] = [
  [1_000_000_000, 's'],
  [1_000_000, 'ms'],
  [1_000, 'µs'],
];

/** Nanoseconds for people: `480 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`; negatives keep their sign. */
export const formatDuration = (nanos: number): string => {
  if (nanos < 0) return `-${formatDuration(-nanos)}`;
  const seconds = Math.round(nanos / 1e9);
  if (seconds >= 3600) return pair(Math.floor(seconds / 3600), 'h', Math.round((seconds % 3600) / 60), 'min');
  if (seconds >= 120) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  for (const [unit, name] of STEPS) {
    const value = nanos / unit;
    // 999.96 ms must become `1 s`, never `1000 ms`.
    if (value >= 0.9995) return `${value < 99.95 ? Number(value.toFixed(1)) : Math.round(value)} ${name}`;
  }
  return `${Math.round(nanos)} ns`;
};

const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
