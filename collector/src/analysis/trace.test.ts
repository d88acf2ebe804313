import { describe, expect, it } from 'vitest';
import { randomFlow, spansOf } from '../../test/random-flow.ts';
import { chance, EPOCH, grpc, http, jetStream, nats, span, traceIdOf } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { addNanos, NANOS_PER_SECOND } from '../model/index.ts';
import {
  analyseTrace,
  chainsOf,
  decodeStat,
  encodeStat,
  findingsOf,
  mapOf,
  mergeStat,
  queuesOf,
  seriesOf,
} from './index.ts';
import type { RollupEntry, Stat } from './stat.ts';

const RANGE = { start: EPOCH, end: addNanos(EPOCH, 60 * NANOS_PER_SECOND) };

/**
 * gateway |POST /orders ------ 100|
 *   orders  |Create ------- 80|
 *     payment  |Charge - 50|
 *       bank      |Pay 30|
 *         db        |INSERT 10|
 *                         |publish| .. 6 s .. billing |process|
 */
const order = (n: number, failed = false): Span[] => {
  const at = n * 100;
  const id = (name: string) => `${name}-${n}`;
  const trace = `trace-${n}`;
  const call = (from: string, to: string, depth: number, parent: string): Span[] => [
    span({
      trace,
      id: id(`${from}>${to}`),
      parent: id(parent),
      service: from,
      kind: 'client',
      at: at + depth * 5,
      for: 100 - depth * 20,
      error: failed,
      attributes: grpc(`shop.${to}`, 'Do', failed ? 14 : 0),
    }),
    span({
      trace,
      id: id(to),
      parent: id(`${from}>${to}`),
      service: to,
      kind: 'server',
      at: at + depth * 5 + 1,
      for: 98 - depth * 20,
      error: failed,
      attributes: grpc(`shop.${to}`, 'Do', failed ? 14 : 0),
    }),
  ];
  return [
    span({
      trace,
      id: id('gateway'),
      service: 'gateway',
      kind: 'server',
      at,
      for: 100,
      error: failed,
      attributes: http('POST', '/orders'),
    }),
    ...call('gateway', 'orders', 1, 'gateway'),
    ...call('orders', 'payment', 2, 'orders'),
    ...call('payment', 'bank', 3, 'payment'),
    span({
      trace,
      id: id('db'),
      parent: id('bank'),
      service: 'bank',
      kind: 'client',
      at: at + 20,
      for: 10,
      error: failed,
      attributes: { 'db.system': 'sqlite', 'db.operation.name': 'INSERT', 'db.collection.name': 'payments' },
    }),
    span({
      trace,
      id: id('publish'),
      parent: id('orders'),
      service: 'orders',
      kind: 'producer',
      at: at + 90,
      for: 2,
      attributes: nats('publish', 'orders.created'),
    }),
    span({
      trace,
      id: id('bill'),
      parent: id('publish'),
      links: [id('publish')],
      service: 'billing',
      kind: 'consumer',
      at: at + 6_092,
      for: 20,
      attributes: nats('process', 'orders.created', jetStream({ sequence: n, group: 'billing', pending: n })),
    }),
  ];
};

const many = (count: number): RollupEntry[] =>
  Array.from({ length: count }, (_, n) => analyseTrace(order(n)).entries).flat();

describe('what traces add up to', () => {
  it('ranks the deep chain and says what fails with it', () => {
    const [chain] = chainsOf(many(30), RANGE);
    expect(chain).toMatchObject({ depth: 4, count: 30, availability: 1, retryAmplification: 1 });
    expect(chain!.hops.map((hop) => hop.service)).toEqual(['gateway', 'orders', 'payment', 'bank', 'sqlite']);
    expect(findingsOf(many(30), RANGE, RANGE.end).map((f) => [f.type, f.severity])).toEqual([
      ['slow-queue', 'warning'],
      ['deep-sync-chain', 'info'],
    ]);
  });

  it('tells how each consumer group stands', () => {
    expect(queuesOf(many(30), RANGE, RANGE.end)).toMatchObject([
      { destination: 'orders.created', consumerGroup: 'billing', backlog: 29, status: 'ok' },
    ]);
  });

  it('draws services, queues and remotes', () => {
    const { nodes, edges } = mapOf(many(3), RANGE);
    expect(nodes.map((node) => node.id).sort()).toEqual([
      'queue:nats/orders.created',
      'remote:sqlite',
      'service:bank',
      'service:billing',
      'service:gateway',
      'service:orders',
      'service:payment',
    ]);
    expect(edges).toHaveLength(6);
  });

  it('makes a point for each step', () => {
    const { times, series } = seriesOf(many(30), RANGE, { metric: 'queue.lag', stepSeconds: 10 });
    expect(times).toHaveLength(6);
    expect(series[0]!.labels).toEqual({
      system: 'nats',
      destination: 'orders.created',
      consumerGroup: 'billing',
    });
    expect(series[0]!.values[0]).toBeCloseTo(6, 1);
  });

  it('takes back exactly what it added', () => {
    const before = analyseTrace(order(1).slice(0, 5)).entries;
    const after = analyseTrace(order(1)).entries;
    const stats = new Map<string, Stat>();
    const apply = (entries: readonly RollupEntry[], sign: 1 | -1) => {
      for (const { kind, bucket, key, stat } of entries) {
        const id = `${kind} ${bucket} ${key}`;
        const stored = stats.get(id);
        stats.set(id, mergeStat(stored && decodeStat(kind, encodeStat(stored)), stat, sign));
      }
    };
    apply(before, 1);
    apply(before, -1);
    apply(after, 1);
    for (const { kind, bucket, key, stat } of after)
      expect(stats.get(`${kind} ${bucket} ${key}`)).toEqual(stat);
  });

  it.each(Array.from({ length: 30 }, (_, n) => n + 1))(
    'grows with late spans to what all at once would give (seed %i)',
    (seed) => {
      const random = chance(seed);
      const spans = spansOf(randomFlow(random, 80));
      const early = spans.filter((_, n) => n === 0 || random() < 0.6);
      const stats = new Map<string, Stat>();
      const apply = (entries: readonly RollupEntry[], sign: 1 | -1) => {
        for (const { kind, bucket, key, stat } of entries) {
          const id = `${kind} ${bucket} ${key}`;
          stats.set(id, mergeStat(stats.get(id), stat, sign));
        }
      };
      const other = analyseTrace(order(7)).entries;
      const [before, after] = [analyseTrace(early).entries, analyseTrace(spans).entries];
      for (const entries of [before, other]) apply(entries, 1);
      apply(before, -1);
      apply(after, 1);
      apply(other, -1);
      const numbers = ({ counts, sketches }: Stat) => ({ counts, sketches });
      for (const { kind, bucket, key, stat } of after) {
        const id = `${kind} ${bucket} ${key}`;
        expect(numbers(stats.get(id)!)).toEqual(numbers(stat));
        stats.delete(id);
      }
      for (const rest of stats.values())
        expect(numbers(rest)).toEqual({ counts: new Map(), sketches: new Map() });
    },
  );

  it('counts nothing of the context, but learns from it when a message was published', () => {
    const spans = order(1);
    const consumer = spans
      .filter((one) => one.kind === 'consumer')
      .map((one) => ({ ...one, traceId: traceIdOf('other'), parentSpanId: undefined }));
    const producers = spans.filter((one) => one.kind !== 'consumer');
    const { entries, summary } = analyseTrace(consumer, producers);
    expect(new Set(entries.map((entry) => entry.kind))).toEqual(new Set(['group', 'operation', 'edge']));
    expect(summary).toMatchObject({ spanCount: 1, rootService: 'billing', maxTimeInQueue: 6_000_000_000 });
  });
});
