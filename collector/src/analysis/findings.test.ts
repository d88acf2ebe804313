import { describe, expect, it } from 'vitest';
import { chance, EPOCH, http, nats, span } from '../../test/spans.ts';
import type { Work } from '../../test/stories.ts';
import { message, request } from '../../test/stories.ts';
import type { Span } from '../model/index.ts';
import { addNanos, NANOS_PER_SECOND } from '../model/index.ts';
import { analyseTrace, chainsOf, findingsOf, queuesOf } from './index.ts';
import type { RollupEntry } from './stat.ts';
import type { Finding } from './types.ts';

const at = (seconds: number) => addNanos(EPOCH, seconds * NANOS_PER_SECOND);
const range = (seconds: number) => ({ start: EPOCH, end: at(seconds) });

const entriesOf = (traces: readonly (readonly Span[])[]): RollupEntry[] =>
  traces.flatMap((spans) => analyseTrace(spans).entries);

const found = (traces: readonly (readonly Span[])[], seconds: number): Finding[] =>
  findingsOf(entriesOf(traces), range(seconds), at(seconds));

const typesOf = (findings: readonly Finding[]) =>
  findings.map((finding) => `${finding.severity} ${finding.type}`);

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

const query = (own: number, error = false): Work => ({
  service: 'sqlite',
  operation: 'SELECT quotes',
  database: true,
  own,
  error,
});

/** gateway > checkout > quote > sqlite */
const checkout = (queryTime: number, own = 4): Work => ({
  service: 'gateway',
  operation: 'POST /orders',
  own,
  calls: [
    {
      service: 'checkout',
      operation: 'POST /checkout',
      own,
      calls: [{ service: 'quote', operation: 'shop.Quote/Get', own, calls: [query(queryTime)] }],
    },
  ],
});

describe('healthy traffic', () => {
  it('gives no warning, jitter and all', () => {
    const random = chance(3);
    const traces = times(600, (n) => {
      const slow = random() < 0.01 ? 150 : 0;
      return [
        ...request(`r${n}`, n * 200, checkout(3 + random() * 10 + slow, 2 + random() * 6)),
        ...message(`m${n}`, n, n * 200, [
          { at: n * 200 + 3 + random() * 20, pending: Math.floor(random() * 4), settle: 'ack' },
          { at: n * 200 + 3 + random() * 20, group: 'mail', settle: 'ack' },
        ]),
      ];
    });
    expect(found(traces, 120).filter((finding) => finding.severity !== 'info')).toEqual([]);
    expect(queuesOf(entriesOf(traces), range(120), at(120)).map((queue) => queue.status)).toEqual([
      'ok',
      'ok',
    ]);
  });
});

describe('a cascade', () => {
  const stalled = (n: number) => request(`r${n}`, n * 500, checkout(n >= 120 ? 15_000 : 10));

  // 60 s of quick queries, then 30 s in which each takes 15 s
  it('names the deepest hop whose own time left its baseline, and its victims in order', () => {
    const [first] = found(times(180, stalled), 110);
    expect(first).toMatchObject({
      type: 'cascade-in-progress',
      severity: 'critical',
      where: { service: 'quote', to: 'sqlite', operation: 'SELECT quotes' },
      title: 'quote holds up checkout, gateway',
    });
    expect(first!.sentence).toMatch(
      /^quote \(sqlite SELECT quotes\) takes 1\d(\.\d)? s instead of \d+(\.\d)? ms \(p95\): checkout, then gateway wait for it, and 100 % of gateway POST \/orders are slow or failed\.$/,
    );
    expect(first!.firstSeen).toBe(at(70));
  });

  // Lookups never reach quote, but wait for checkout, which is full of orders that wait for it.
  it('has one cause, also for those who only wait for a victim', () => {
    const lookup = (n: number): Work => ({
      service: 'gateway',
      operation: 'GET /orders/{id}',
      calls: [
        { service: 'checkout', operation: 'GET /orders/{id}', own: n >= 120 ? 9_000 : 3, calls: [query(1)] },
      ],
    });
    const traces = times(180, (n) => [...stalled(n), ...request(`l${n}`, n * 500, lookup(n))]);
    const cascades = found(traces, 110).filter((finding) => finding.type === 'cascade-in-progress');
    expect(cascades.map((finding) => finding.where.service)).toEqual(['quote']);
    expect(cascades[0]!.count).toBe(120);
  });

  it('is over a minute after the last slow request, and then no longer critical', () => {
    const traces = [
      ...times(180, stalled),
      ...times(200, (n) => request(`s${n}`, 110_000 + n * 500, checkout(10))),
    ];
    const cascades = found(traces, 210).filter((finding) => finding.type === 'cascade-in-progress');
    expect(typesOf(cascades)).toEqual(['warning cascade-in-progress']);
  });

  it('also starts from a hop that fails at once', () => {
    const failing = (n: number): Work => {
      const error = n >= 100;
      return {
        service: 'gateway',
        operation: 'POST /orders',
        error,
        calls: [{ service: 'checkout', operation: 'POST /checkout', error, calls: [query(5, error)] }],
      };
    };
    const [first] = found(
      times(150, (n) => request(`r${n}`, n * 500, failing(n))),
      80,
    );
    expect(first).toMatchObject({
      type: 'cascade-in-progress',
      where: { service: 'checkout', to: 'sqlite' },
    });
    expect(first!.sentence).toContain('fails in 100 % of its calls');
  });

  it('is not claimed for a service that is slow by itself', () => {
    const alone = (n: number): Work => ({
      service: 'gateway',
      operation: 'GET /',
      own: n > 60 ? 3_000 : 5,
      calls: [query(3)],
    });
    expect(
      typesOf(
        found(
          times(100, (n) => request(`r${n}`, n * 500, alone(n))),
          60,
        ),
      ),
    ).not.toContain('critical cascade-in-progress');
  });
});

describe('retries', () => {
  const layer = (depth: number): Work[] =>
    depth === 0
      ? []
      : times(3, () => ({
          service: `layer${depth}`,
          operation: 'POST /work',
          error: true,
          own: 2,
          calls: layer(depth - 1),
        }));

  it('multiply through the layers, measured against the worst case', () => {
    const traces = times(20, (n) =>
      request(`r${n}`, n * 1_000, {
        service: 'gateway',
        operation: 'POST /work',
        error: true,
        calls: layer(3),
      }),
    );
    const [chain] = chainsOf(entriesOf(traces), range(30));
    expect(chain).toMatchObject({ retryAmplification: 27, worstCaseAttempts: 27, depth: 3 });
    const types = typesOf(found(traces, 30));
    expect(types).toContain('warning nested-retries');
    expect(types).toContain('warning retry-amplification');
    expect(types).toContain('warning retry-without-backoff');
  });
});

describe('calls that could be something else', () => {
  // checkout |POST /orders ---- 210|
  //   email   |POST /mails - 200|  then nothing but the answer
  it('finds the call whose answer is only acknowledged', () => {
    const work: Work = {
      service: 'checkout',
      operation: 'POST /orders',
      own: 8,
      calls: [query(5), { service: 'email', operation: 'POST /mails', own: 200 }],
    };
    const findings = found(
      times(20, (n) => request(`r${n}`, n * 500, work)),
      20,
    );
    expect(findings[0]).toMatchObject({ type: 'could-be-event', where: { from: 'checkout', to: 'email' } });
    expect(findings[0]!.sentence).toMatch(
      /^checkout waits 20\d ms for email \(POST \/mails\), 9\d % of POST \/orders/,
    );
  });

  it('leaves reads alone, and calls whose answer is used', () => {
    const read: Work = {
      service: 'checkout',
      operation: 'POST /orders',
      calls: [{ service: 'stock', operation: 'GET /items', own: 200 }],
    };
    const used: Work = {
      service: 'checkout',
      operation: 'POST /orders',
      calls: [{ service: 'email', operation: 'POST /mails', own: 200 }, query(5)],
    };
    expect(
      found(
        times(20, (n) => request(`r${n}`, n * 500, n % 2 === 0 ? read : used)),
        20,
      ),
    ).toEqual([]);
  });

  // orders  |POST /orders --------------------- 300|
  //           |publish|                |consume|
  //   stock            |consume |publish|
  const queueRpc = (n: number): Span[] => {
    const id = (name: string) => `${name}${n}`;
    const begin = n * 500;
    const trace = `q${n}`;
    return [
      span({
        trace,
        id: id('s'),
        service: 'orders',
        kind: 'server',
        at: begin,
        for: 300,
        attributes: http('POST', '/orders'),
      }),
      span({
        trace,
        id: id('p'),
        parent: id('s'),
        service: 'orders',
        kind: 'producer',
        at: begin + 10,
        for: 2,
        attributes: nats('publish', 'stock.reserve'),
      }),
      span({
        trace,
        id: id('c'),
        parent: id('p'),
        service: 'stock',
        kind: 'consumer',
        at: begin + 20,
        for: 200,
        attributes: nats('process', 'stock.reserve'),
      }),
      span({
        trace,
        id: id('r'),
        parent: id('c'),
        service: 'stock',
        kind: 'producer',
        at: begin + 210,
        for: 2,
        attributes: nats('publish', 'stock.reserved'),
      }),
      span({
        trace,
        id: id('a'),
        parent: id('r'),
        service: 'orders',
        kind: 'consumer',
        at: begin + 220,
        for: 1,
        attributes: nats('process', 'stock.reserved'),
      }),
    ];
  };

  it('finds the request that waits for a reply message', () => {
    const [finding] = found(times(30, queueRpc), 30);
    expect(finding).toMatchObject({
      type: 'sync-over-queue',
      severity: 'warning',
      count: 30,
      where: { service: 'orders', operation: 'POST /orders', destination: 'stock.reserve' },
    });
    expect(analyseTrace(queueRpc(0)).summary.signs).toContain('sync-over-queue');
  });

  it('does not take a later message to the same service for a reply', () => {
    const late = (n: number) =>
      queueRpc(n).map((one) => (one.kind === 'server' ? { ...one, end: addNanos(one.start, 50e6) } : one));
    expect(typesOf(found(times(30, late), 30))).not.toContain('warning sync-over-queue');
  });

  it('finds the caller that gives up while the callee works on', () => {
    const traces = times(10, (n) =>
      request(`r${n}`, n * 500, {
        service: 'checkout',
        operation: 'GET /',
        error: true,
        calls: [{ service: 'discount', operation: 'GET /d', error: true, own: 3_000 }],
      }).map((one) => (one.kind === 'client' ? { ...one, end: addNanos(one.start, 1e9) } : one)),
    );
    const inversion = found(traces, 20).find((finding) => finding.type === 'timeout-inversion');
    expect(inversion?.sentence).toMatch(
      /^checkout stopped waiting for discount after 1 s in 10 calls, while discount worked on for 3 s/,
    );
  });
});
