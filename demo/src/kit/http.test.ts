import { describe, expect, it } from 'vitest';
import { BulkheadFull } from './bulkhead.ts';
import { createApp, statusOf, UpstreamError } from './http.ts';

const withCode = (code: number | string): Error => Object.assign(new Error('x'), { code });

describe('what a caller is told', () => {
  it.each([
    ['a full bulkhead', new BulkheadFull(12, 10_000), 503],
    ['no answer in time', new DOMException('x', 'TimeoutError'), 504],
    ["a neighbour's 404", new UpstreamError('http://a/b', 404, ''), 404],
    ["a neighbour's overload", new UpstreamError('http://a/b', 503, ''), 503],
    ["a neighbour's crash", new UpstreamError('http://a/b', 500, ''), 502],
    ['an unknown order over gRPC', withCode(5), 404],
    ['a missed gRPC deadline', withCode(4), 504],
    ['an unforeseen gRPC status', withCode(13), 502],
    ['a refused connection', withCode('ECONNREFUSED'), 500],
    ['a bug of its own', new TypeError('x'), 500],
  ])('about %s', (_, error, status) => {
    expect(statusOf(error)).toBe(status);
  });

  it('is the reason as JSON', async () => {
    const app = createApp();
    app.get('/full', () => {
      throw new BulkheadFull(12, 10_000);
    });
    const answer = await app.request('/full');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: 'all 12 slots were taken for 10000 ms' },
    ]);
    expect((await app.request('/health')).status).toBe(200);
  });
});
