import { describe, expect, it } from 'vitest';
import { http, httpOut, nats, span } from '../../test/spans.ts';
import type { AttributeValue } from './index.ts';
import {
  formatDuration,
  httpOf,
  isFailed,
  messagingOf,
  operationOf,
  peerOf,
  rpcOf,
  settlementOf,
  withoutIds,
} from './index.ts';

const of = (attributes: Record<string, AttributeValue>, more: object = {}) =>
  span({ id: 'x', attributes, ...more });

describe('messaging', () => {
  it.each([
    [
      'oldest',
      {
        'messaging.system': 'AmazonSQS',
        'messaging.destination': 'orders',
        'messaging.operation': 'receive',
        'messaging.message_id': 'm1',
      },
    ],
    [
      'middle',
      {
        'messaging.system': 'aws_sqs',
        'messaging.source.name': 'orders',
        'messaging.operation': 'receive',
        'messaging.message.id': 'm1',
      },
    ],
    [
      'newest',
      {
        'messaging.system': 'aws.sqs',
        'messaging.destination.name': 'orders',
        'messaging.operation.type': 'receive',
        'messaging.message.id': 'm1',
      },
    ],
  ])('reads the %s names alike', (_, attributes) => {
    expect(messagingOf(of(attributes, { kind: 'client' }))).toMatchObject({
      system: 'aws_sqs',
      destination: 'orders',
      role: 'receive',
      messageId: 'm1',
    });
  });

  it('goes by the operation first and by the kind second', () => {
    const role = (attributes: Record<string, AttributeValue>, kind: string) =>
      messagingOf(of({ 'messaging.system': 'kafka', ...attributes }, { kind }))?.role;
    expect(role({ 'messaging.operation': 'publish' }, 'internal')).toBe('send');
    expect(role({ 'messaging.operation.name': 'poll' }, 'client')).toBe('receive');
    expect(role({}, 'producer')).toBe('send');
    expect(role({}, 'consumer')).toBe('process');
    expect(
      role({ 'messaging.operation.name': 'request', 'messaging.operation.type': 'send' }, 'client'),
    ).toBe('request');
    expect(role({ 'messaging.operation.type': 'process' }, 'server')).toBe('respond');
    expect(role({}, 'client')).toBeUndefined();
  });

  it('knows a message by its place in a log or stream', () => {
    expect(
      messagingOf(
        of({
          'messaging.system': 'kafka',
          'messaging.kafka.destination.partition': 3n,
          'messaging.kafka.offset': 0n,
        }),
      )?.logPosition,
    ).toBe('3:0');
    expect(
      messagingOf(
        of({
          'messaging.system': 'nats',
          'messaging.nats.stream.name': 'S',
          'messaging.nats.message.stream_sequence': 9,
        }),
      )?.streamPosition,
    ).toBe('S:9');
  });

  it("reads the broker's time exactly", () => {
    const told = of(nats('process', 'q', { 'messaging.nats.message.stored_at': '1790000000123456789' }));
    expect(messagingOf(told)?.storedAt).toBe(1_790_000_000_123_456_789n);
    expect(
      messagingOf(of(nats('process', 'q', { 'messaging.nats.message.stored_at': 'soon' })))?.storedAt,
    ).toBeUndefined();
  });

  it('takes the last settlement that settles', () => {
    const event = (how: string) => ({
      name: 'messaging.nats.settle',
      attributes: { 'messaging.nats.settle': how },
    });
    expect(settlementOf(span({ id: 'x', events: [event('working'), event('nak'), event('working')] }))).toBe(
      'nak',
    );
    expect(settlementOf(span({ id: 'x' }))).toBeUndefined();
  });
});

describe('calls', () => {
  it('reads old and new HTTP names alike', () => {
    const old = httpOf(of({ 'http.method': 'get', 'http.status_code': 503n, 'http.target': '/a/1?q=2' }));
    expect(old).toEqual(
      httpOf(of({ 'http.request.method': 'GET', 'http.response.status_code': 503, 'url.path': '/a/1' })),
    );
  });

  it('reads gRPC codes by number and by name, and the full method of newer conventions', () => {
    expect(rpcOf(of({ 'rpc.system': 'grpc', 'rpc.grpc.status_code': 14n }))?.statusCode).toBe(14);
    expect(
      rpcOf(of({ 'rpc.system.name': 'grpc', 'rpc.response.status_code': 'UNAVAILABLE' }))?.statusCode,
    ).toBe(14);
    expect(operationOf(of({ 'rpc.system.name': 'grpc', 'rpc.method': 'shop.Orders/Create' }))).toBe(
      'shop.Orders/Create',
    );
  });

  it('fails by status, or by code where the status is unset', () => {
    expect(isFailed(span({ id: 'x', error: true }))).toBe(true);
    expect(isFailed(of({ 'http.response.status_code': 500n }, { kind: 'server' }))).toBe(true);
    expect(isFailed(of({ 'http.response.status_code': 404n }, { kind: 'server' }))).toBe(false);
    expect(isFailed(of({ 'rpc.system': 'grpc', 'rpc.grpc.status_code': 5n }, { kind: 'server' }))).toBe(
      false,
    );
    expect(isFailed(of({ 'rpc.system': 'grpc', 'rpc.grpc.status_code': 5n }, { kind: 'client' }))).toBe(true);
  });

  it('names the peer by service, address or URL', () => {
    expect(peerOf(of({ 'peer.service': 'stock', 'server.address': '10.0.0.1' }))).toBe('stock');
    expect(peerOf(of({ 'net.peer.name': 'db', 'net.peer.port': 5432n }))).toBe('db:5432');
    expect(peerOf(of({ 'url.full': 'https://user:pw@api.example:8443/x?y' }))).toBe('api.example:8443');
    expect(peerOf(of({ 'server.address': 'api.example', 'server.port': 443n }))).toBe('api.example');
  });
});

describe('operations', () => {
  it('are of low cardinality', () => {
    expect(operationOf(of(http('POST', '/orders/:id'), { kind: 'server' }))).toBe('POST /orders/:id');
    // Hono on node:http: the instrumentation below it knows no route.
    const routeless = { 'http.request.method': 'GET', 'url.path': '/orders/4711/items' };
    expect(operationOf(of(routeless, { kind: 'server', name: 'GET' }))).toBe('GET /orders/{id}/items');
    expect(operationOf(of(httpOut('GET', 'stock', '/items/42'), { kind: 'client' }))).toBe('GET stock');
    expect(operationOf(of({ 'http.method': 'GET' }, { kind: 'server', name: 'GET /users/8472/cart' }))).toBe(
      'GET /users/{id}/cart',
    );
    expect(operationOf(of(nats('process', 'orders.0b2d9c1e-7a3f-4a58-9a0c-0f4e2d1c3b5a.paid')))).toBe(
      'orders.*.paid',
    );
    expect(operationOf(of(nats('process', '_INBOX.abc.1')))).toBe('(temporary)');
    expect(operationOf(of(nats('process', 'o.7', { 'messaging.destination.template': 'o.{id}' })))).toBe(
      'o.{id}',
    );
    expect(operationOf(of({ 'db.system': 'postgresql' }, { name: 'SELECT a FROM b WHERE c = 1' }))).toBe(
      'SELECT',
    );
  });

  it('of servers without a route are their path without ids, unless it led nowhere', () => {
    const server = (path: string, status = 200n) =>
      operationOf(
        of(
          { 'http.request.method': 'GET', 'url.path': path, 'http.response.status_code': status },
          { kind: 'server', name: 'GET' },
        ),
      );
    expect(server('/orders/ord-4711/items/7')).toBe('GET /orders/{id}/items/{id}');
    expect(server('/.git/config', 404n)).toBe('GET (not found)');
    expect(server(`/a${'/b'.repeat(20)}`)).toBe('GET /a/b/b/b/b/b/b/...');
    expect(operationOf(of({ 'http.method': 'GET' }, { kind: 'server', name: 'GET' }))).toBe('GET');
  });

  it('keep versions and words with a digit', () => {
    expect(withoutIds('POST /v2/orders/oauth2/s3')).toBe('POST /v2/orders/oauth2/s3');
    expect(withoutIds('GET /o/64f1c2aa9b3e4d5f6a7b8c9d')).toBe('GET /o/{id}');
  });
});

describe('durations for people', () => {
  it.each([
    [0, '0 ns'],
    [830, '830 ns'],
    [1_500, '1.5 µs'],
    [999_960, '1 ms'],
    [12_340_000, '12.3 ms'],
    [480_000_000, '480 ms'],
    [999_960_000, '1 s'],
    [12_400_000_000, '12.4 s'],
    [119_000_000_000, '119 s'],
    [200_000_000_000, '3 min 20 s'],
    [7_500_000_000_000, '2 h 5 min'],
    [-480_000_000, '-480 ms'],
  ])('%d ns is %s', (nanos, text) => {
    expect(formatDuration(nanos)).toBe(text);
  });
});
