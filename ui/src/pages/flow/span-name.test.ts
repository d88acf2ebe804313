import { describe, expect, it } from 'vitest';
import type { FlowSpan, Hop } from '../../../../collector/src/contract/index.ts';
import { at, flow, segment, span } from './fixture.ts';
import { spanNames } from './span-name.ts';

const hop = (part: Partial<Hop>): Hop => ({
  id: 'h',
  protocol: 'http',
  mode: 'sync',
  from: { kind: 'service', name: 'checkout' },
  to: { kind: 'service', name: 'loyalty' },
  operation: 'GET /points/{id}',
  callerSpan: 'a',
  calleeSpan: 'b',
  start: at(0),
  duration: 0,
  attempts: 1,
  error: false,
  ...part,
});
const GET = { 'http.request.method': 'GET' };
const name = (part: Partial<FlowSpan>, ...hops: Hop[]) =>
  spanNames(flow({ hops }))(span('a', 's0', 0, 1, { name: 'GET', ...part }));

describe('the name of a span in the waterfall', () => {
  it('is the operation of its hop, on both sides', () => {
    expect(name({ kind: 'client', hopId: 'h', attributes: GET }, hop({}))).toBe('GET /points/{id}');
    expect(name({ kind: 'server', hopId: 'h', attributes: GET }, hop({}))).toBe('GET /points/{id}');
    const rpc = hop({ protocol: 'grpc', operation: 'shop.Orders/Create' });
    expect(name({ kind: 'client', hopId: 'h', name: 'grpc.shop.Orders/Create' }, rpc)).toBe(
      'shop.Orders/Create',
    );
  });

  it('is host and path, without the query, where nobody answered', () => {
    const attributes = { ...GET, 'url.full': 'https://api.example.com:8443/v1/rates?key=secret#top' };
    const remote = hop({ operation: 'GET api.example.com' });
    const { calleeSpan: _, ...unanswered } = remote;
    expect(name({ kind: 'client', hopId: 'h', attributes }, unanswered)).toBe(
      'GET api.example.com:8443/v1/rates',
    );
    expect(name({ kind: 'client', hopId: 'h', attributes: GET }, unanswered)).toBe('GET api.example.com');
  });

  it('is route or path where a server has no hop', () => {
    const path = { ...GET, 'url.path': '/orders/7?x=1' };
    expect(name({ kind: 'server', attributes: path })).toBe('GET /orders/7');
    expect(name({ kind: 'server', attributes: { ...path, 'http.route': '/orders/:id' } })).toBe(
      'GET /orders/:id',
    );
    expect(name({ kind: 'server', attributes: { 'http.method': 'GET', 'http.target': '/old?q=1' } })).toBe(
      'GET /old',
    );
  });

  it('is that of the segment for the span that begins it, whose ids are masked', () => {
    const own = { ...segment('s0', 'a'), name: 'GET /orders/{id}' };
    const root = span('a', 's0', 0, 1, {
      kind: 'server',
      name: 'GET',
      attributes: { ...GET, 'url.path': '/orders/7' },
    });
    expect(spanNames(flow({ segments: [own] }))(root)).toBe('GET /orders/{id}');
  });

  it('stays its own where it says more, or where nothing else is known', () => {
    const publish = hop({ protocol: 'messaging', operation: 'orders.created' });
    expect(name({ kind: 'producer', hopId: 'h', name: 'publish orders.created' }, publish)).toBe(
      'publish orders.created',
    );
    expect(name({ kind: 'server', name: 'handle' })).toBe('handle');
    expect(name({ kind: 'client', attributes: { ...GET, 'url.full': 'not a url' } })).toBe('GET');
    expect(name({ kind: 'server', attributes: { 'http.request.method': 7, 'url.path': {} } })).toBe('GET');
  });
});
