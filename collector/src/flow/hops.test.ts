import { describe, expect, it } from 'vitest';
import { grpc, http, httpOut, nats, span } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { buildFlow } from './index.ts';

const hopsOf = (spans: readonly Span[]) => buildFlow(spans)!.hops;

const shown = (spans: readonly Span[]) =>
  hopsOf(spans).map(
    (h) => `${h.mode} ${h.protocol} ${h.from.name} > ${h.to.kind} ${h.to.name}: ${h.operation}`,
  );

const entry = (more: object = {}) =>
  span({ id: 'e', service: 'web', kind: 'server', for: 1_000, attributes: http('GET', '/'), ...more });

describe('hops', () => {
  it('name a party without spans by its address, never by a raw URL', () => {
    expect(
      shown([
        entry(),
        span({
          id: 'x',
          parent: 'e',
          service: 'web',
          kind: 'client',
          attributes: httpOut('GET', 'api.example', '/users/8472?x=1'),
        }),
        span({
          id: 'd',
          parent: 'e',
          service: 'web',
          kind: 'client',
          at: 20,
          attributes: {
            'db.system': 'postgresql',
            'net.peer.name': 'pg',
            'net.peer.port': 5432n,
            'db.operation': 'SELECT',
            'db.sql.table': 'users',
          },
        }),
        span({
          id: 's',
          parent: 'e',
          service: 'web',
          kind: 'client',
          at: 40,
          name: 'SELECT * FROM users WHERE id = 7',
          attributes: { 'db.system.name': 'sqlite' },
        }),
      ]),
    ).toEqual([
      'sync http web > remote api.example: GET api.example',
      'sync database web > remote pg:5432: SELECT users',
      'sync database web > remote sqlite: SELECT',
    ]);
  });

  it('join a server to another service even without its client span', () => {
    expect(
      shown([
        entry(),
        span({ id: 's', parent: 'e', service: 'orders', kind: 'server', attributes: grpc('Orders', 'Get') }),
      ]),
    ).toEqual(['sync grpc web > service orders: Orders/Get']);
  });

  it('do not invent one where a service only nests its own spans', () => {
    expect(
      shown([
        entry(),
        span({ id: 'i', parent: 'e', service: 'web', kind: 'server', attributes: http('GET', '/inner') }),
      ]),
    ).toEqual([]);
  });

  // web |GET -------------------|        NATS request/reply, by three libraries
  //       |request ----------|
  //   stock |handle ------|
  it.each([
    ['client', 'request', 'server'],
    ['client', 'publish', 'server'],
    ['producer', 'request', 'consumer'],
  ] as const)('see a request over a broker as a call (%s %s > %s)', (caller, operation, callee) => {
    const spans = [
      entry(),
      span({
        id: 'r',
        parent: 'e',
        service: 'web',
        kind: caller,
        at: 5,
        for: 50,
        attributes: nats(operation, 'stock.get'),
      }),
      span({
        id: 'h',
        parent: 'r',
        service: 'stock',
        kind: callee,
        at: 10,
        for: 30,
        attributes: nats('process', 'stock.get'),
      }),
    ];
    expect(shown(spans)).toEqual(['sync messaging web > service stock: stock.get']);
    expect(buildFlow(spans)!.deliveries).toEqual([]);
    expect(buildFlow(spans)!.segments).toHaveLength(1);
  });

  it('see a request that nobody answered as a call to its subject', () => {
    expect(
      shown([
        entry(),
        span({
          id: 'r',
          parent: 'e',
          service: 'web',
          kind: 'client',
          error: true,
          attributes: nats('request', 'stock.get'),
        }),
      ]),
    ).toEqual(['sync messaging web > remote stock.get: stock.get']);
  });

  // S3's SDK makes a client span around the HTTP client's
  it('take nested client spans for one call', () => {
    const spans = [
      entry(),
      span({
        id: 'outer',
        parent: 'e',
        service: 'web',
        kind: 'client',
        at: 5,
        for: 50,
        attributes: { 'rpc.system': 'aws-api', 'rpc.service': 'S3', 'rpc.method': 'GetObject' },
      }),
      span({
        id: 'inner',
        parent: 'outer',
        service: 'web',
        kind: 'client',
        at: 6,
        for: 40,
        attributes: httpOut('GET', 's3.example'),
      }),
    ];
    expect(shown(spans)).toEqual(['sync grpc web > remote s3.example: S3/GetObject']);
    expect(hopsOf(spans)[0]!.attempts).toBe(1);
  });

  it('belong to the inner calls where an outer client span fans out to services', () => {
    const call = (id: string, at: number) => [
      span({
        id: `c${id}`,
        parent: 'outer',
        service: 'web',
        kind: 'client',
        at,
        attributes: httpOut('GET', id),
      }),
      span({
        id,
        parent: `c${id}`,
        service: id,
        kind: 'server',
        at: at + 1,
        for: 5,
        attributes: http('GET', '/'),
      }),
    ];
    expect(
      shown([
        entry(),
        span({
          id: 'outer',
          parent: 'e',
          service: 'web',
          kind: 'client',
          for: 100,
          attributes: httpOut('GET', 'proxy'),
        }),
        ...call('a', 10),
        ...call('b', 30),
      ]),
    ).toEqual(['sync http web > service a: GET /', 'sync http web > service b: GET /']);
  });

  it('show a failed publish as an error', () => {
    const [hop] = hopsOf([
      span({ id: 'p', kind: 'producer', error: true, attributes: nats('publish', 'q') }),
    ]);
    expect(hop).toMatchObject({ mode: 'async', error: true, to: { kind: 'queue', name: 'q' } });
  });

  it('name subjects without the ids in them', () => {
    const [hop] = hopsOf([
      span({ id: 'p', kind: 'producer', attributes: nats('publish', 'orders.84721.created') }),
    ]);
    expect(hop!.operation).toBe('orders.*.created');
  });
});

describe('attempts', () => {
  const call = (n: number, status: number, at: number, path = '/charges/1') =>
    span({
      id: `c${n}`,
      parent: 'e',
      service: 'web',
      kind: 'client',
      at,
      for: 10,
      error: status >= 500,
      attributes: httpOut('POST', 'payment', path, { 'http.response.status_code': BigInt(status) }),
    });

  //  |503|  |503|  |200|
  it('are calls to the same target, each after the former failed', () => {
    const hops = hopsOf([entry(), call(1, 503, 0), call(2, 503, 20), call(3, 200, 40)]);
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatchObject({ attempts: 3, error: false, duration: 50_000_000 });
  });

  it('are not calls that overlap, follow a success or go elsewhere', () => {
    expect(hopsOf([entry(), call(1, 503, 0), call(2, 200, 5)])).toHaveLength(2);
    expect(hopsOf([entry(), call(1, 200, 0), call(2, 200, 20)])).toHaveLength(2);
    expect(hopsOf([entry(), call(1, 503, 0), call(2, 200, 20, '/charges/2')])).toHaveLength(2);
  });

  it('count what the client states', () => {
    const again = span({
      id: 'c',
      parent: 'e',
      service: 'web',
      kind: 'client',
      attributes: httpOut('GET', 'x', '/', { 'http.request.resend_count': 2n }),
    });
    expect(hopsOf([entry(), again])[0]!.attempts).toBe(3);
  });

  // one gRPC client span, three server spans
  it('show a retry that the gRPC client made by itself', () => {
    const serve = (n: number, at: number, status: number) =>
      span({
        id: `s${n}`,
        parent: 'c',
        service: 'orders',
        kind: 'server',
        at,
        for: 10,
        error: status !== 0,
        attributes: grpc('Orders', 'Get', status),
      });
    const hops = hopsOf([
      entry(),
      span({
        id: 'c',
        parent: 'e',
        service: 'web',
        kind: 'client',
        for: 100,
        attributes: grpc('Orders', 'Get'),
      }),
      serve(1, 0, 14),
      serve(2, 20, 14),
      serve(3, 40, 0),
    ]);
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatchObject({ attempts: 3, error: false });
  });
});
