import { beforeEach, describe, expect, it } from 'vitest';
import { otlpJson } from '../../test/otlp-json.ts';
import { shippingSpan, shopFlow } from '../../test/shop-flow.ts';
import { EPOCH, nats, span, traceIdOf } from '../../test/spans.ts';
import { addNanos, NANOS_PER_SECOND, type Span, toMillis } from '../model/index.ts';
import { MalformedError } from '../otlp/index.ts';
import { MemoryStore } from '../store/index.ts';
import { Engine } from './engine.ts';

const SETTLE_MS = 100;
const RANGE = { start: addNanos(EPOCH, -60 * NANOS_PER_SECOND), end: addNanos(EPOCH, 60 * NANOS_PER_SECOND) };

let nowMs: number;
/** By how much the wall clock was set. */
let stepMs: number;
let engine: Engine;
let sealing = true;
const setUp = (): void => {
  nowMs = 0;
  stepMs = 0;
  const monotonic = () => nowMs;
  const store = new MemoryStore({
    settleMs: SETTLE_MS,
    sealAfterMs: 0,
    blockRows: 1,
    headBytes: 1e9,
    monotonic,
  });
  const now = () => toMillis(EPOCH) + nowMs + stepMs;
  engine = new Engine({ store, now, monotonic, retentionMs: 3_600_000, maxBytes: 1e9 });
};
beforeEach(setUp);

const ingest = (spans: readonly Span[]) =>
  engine.ingest({ transport: 'http', encoding: 'json', body: Buffer.from(otlpJson(spans)) });
const settle = (): void => {
  nowMs += SETTLE_MS;
  while (engine.settle() > 0);
  if (sealing) engine.seal();
};
const chainCounts = () =>
  Object.fromEntries(engine.chains(RANGE).map((chain) => [chain.signature, chain.count]));
const search = () =>
  engine.search({ filter: { start: RANGE.start, end: RANGE.end }, sort: 'newest', limit: 10 }).traces;

describe.each([
  ['that seals at once', true],
  ['that still waits with its blocks', false],
])('the engine, on a store %s', (_what, seals) => {
  beforeEach(() => {
    sealing = seals;
  });

  it('shows a trace at once, as one to which more may come, and as complete when it settled', async () => {
    await ingest(shopFlow('a'));
    expect(search().map((trace) => [trace.rootName, trace.complete])).toContainEqual([
      'POST /checkout',
      false,
    ]);
    settle();
    const [entry] = search().filter((trace) => trace.rootService === 'gateway');
    expect(entry).toMatchObject({
      complete: true,
      spanCount: 4,
      services: ['gateway', 'orders'],
      syncDepth: 1,
    });
  });

  it('joins traces that only a link connects into one flow, before and after they settle', async () => {
    await ingest(shopFlow('a'));
    for (const moment of ['open', 'settled']) {
      for (const trace of ['a-entry', 'a-shipping']) {
        const flow = engine.flow(traceIdOf(trace));
        expect(flow?.entry, `${moment} from ${trace}`).toMatchObject({
          service: 'gateway',
          name: 'POST /checkout',
        });
        expect(flow?.traceIds).toHaveLength(2);
        expect(flow?.deliveries).toMatchObject([
          {
            destination: 'orders.created',
            consumerGroup: 'shipping',
            timeInQueue: 1_000e6,
            clock: 'broker',
            pending: 3,
          },
        ]);
      }
      settle();
    }
  });

  it('counts a trace once, in whatever pieces and however often it came', async () => {
    const spans = shopFlow('a');
    await ingest(spans);
    settle();
    const whole = chainCounts();
    expect(Object.values(whole)).toContain(1);

    for (const [index, one] of shopFlow('b').entries()) {
      await ingest([one]);
      if (index % 2 === 0) settle();
    }
    await ingest(spans);
    settle();
    const twice = Object.fromEntries(
      Object.entries(whole).map(([signature, count]) => [signature, count * 2]),
    );
    expect(chainCounts()).toEqual(twice);
    const deliveries = engine.queues(RANGE).find((queue) => queue.consumerGroup === 'shipping');
    // The sketch is right within a few percent.
    expect((deliveries?.timeInQueue.max ?? 0) / 1_000e6).toBeCloseTo(1, 1);
  });

  it('takes back exactly what it counted, though more is known of the message by then', async () => {
    // A core NATS message: only the producer's span, in another trace, can tell when it was published.
    const consume = {
      trace: 'consumer',
      service: 'mail',
      kind: 'consumer',
      links: [['producer', 'publish']],
    } as const;
    const process = span({ ...consume, id: 'process', at: 900, attributes: nats('process', 'mail.queued') });
    const publish = span({
      trace: 'producer',
      id: 'publish',
      service: 'shop',
      kind: 'producer',
      attributes: nats('publish', 'mail.queued'),
    });
    const late = span({ trace: 'consumer', id: 'late', parent: 'process', service: 'mail', at: 950 });
    await ingest([process]);
    settle();
    await ingest([publish]);
    settle();
    await ingest([late]);
    settle();
    const inPieces = engine.queues(RANGE);

    setUp();
    await ingest([publish]);
    settle();
    await ingest([process, late]);
    settle();
    expect(inPieces).toEqual(engine.queues(RANGE));
  });

  it('amends the summary of a sealed trace with late spans', async () => {
    const [first, ...late] = shopFlow('a').filter((one) => one.traceId === traceIdOf('a-entry')) as [
      Span,
      ...Span[],
    ];
    await ingest([first]);
    settle();
    expect(search()).toMatchObject([{ spanCount: 1 }]);
    await ingest(late);
    expect(search()).toMatchObject([{ spanCount: 4, complete: false }]);
    settle();
    expect(search()).toMatchObject([{ spanCount: 4, complete: true }]);
  });

  it('pages through open and sealed traces alike', async () => {
    const letters = [...'abcdefg'];
    for (const [i, name] of letters.entries()) {
      await ingest([span({ id: 'x', trace: name, name, at: i, kind: 'server' })]);
      if (i === 3) settle();
    }
    const names: string[] = [];
    let after: { value: bigint; traceId: ReturnType<typeof traceIdOf> } | undefined;
    do {
      const page = engine.search({ filter: RANGE, sort: 'newest', limit: 2, ...(after ? { after } : {}) });
      names.push(...page.traces.map((trace) => trace.rootName));
      after = page.next;
    } while (after);
    expect(names).toEqual(letters.reverse());
  });

  it('searches by what spans say, page by page', async () => {
    for (let i = 0; i < 6; i++) {
      const attributes = { 'order.id': BigInt(i), even: i % 2 === 0 };
      await ingest([span({ id: 'a', trace: `t${i}`, name: 'entry', at: i, kind: 'server', attributes })]);
    }
    settle();
    const starts: bigint[] = [];
    let after: Parameters<Engine['search']>[0]['after'];
    do {
      const request = { filter: RANGE, sort: 'newest', limit: 2, ...(after ? { after } : {}) } as const;
      const page = engine.search(request, '{ span.even = true }');
      starts.push(...page.traces.map((trace) => trace.start));
      after = page.next;
    } while (after);
    expect(starts).toEqual([4, 2, 0].map((i) => addNanos(EPOCH, i * 1e6)));
    const one = engine.search({ filter: RANGE, sort: 'newest', limit: 10 }, '{ .order.id = 3 }');
    expect(one).toMatchObject({ traces: [{ start: addNanos(EPOCH, 3e6) }] });
    expect(one.next).toBeUndefined();
  });

  it('tells what changed since a mark', async () => {
    await ingest([span({ id: 'a', trace: 'one' })]);
    const { latest, traces } = engine.changes(0, 10);
    expect(traces).toHaveLength(1);
    expect(engine.changes(latest, 10)).toEqual({ latest, traces: [] });
    await ingest([span({ id: 'b', trace: 'two' })]);
    expect(engine.changes(latest, 10).traces.map((trace) => trace.traceId)).toEqual([traceIdOf('two')]);
    // A trace that came and was sealed between two looks is not missed.
    settle();
    expect(engine.changes(latest, 10).traces.map((trace) => trace.complete)).toEqual([true, true]);
  });

  it('answers nothing for an unknown trace', () => {
    expect(engine.trace(traceIdOf('unknown'), 0, 10)).toBeUndefined();
    expect(engine.flow(traceIdOf('unknown'))).toBeUndefined();
  });

  it('gives a large trace in windows and says that there is more', async () => {
    await ingest(Array.from({ length: 5 }, (_, i) => span({ id: `s${i}`, at: i })));
    const window = engine.trace(traceIdOf('t'), 1, 2);
    expect(window?.spans.map((one) => one.name)).toEqual(['s1', 's2']);
    expect(window?.total).toBe(5);
    expect(window?.warnings).toEqual(['spans 3 to 5 are on further pages']);
  });

  it('keeps nothing of a malformed request, and counts it', async () => {
    const body = Buffer.from('{"resourceSpans":');
    await expect(engine.ingest({ transport: 'grpc', encoding: 'json', body })).rejects.toThrow(
      MalformedError,
    );
    await ingest([shippingSpan('a')]);
    const { ingest: counted, senders } = engine.status();
    expect(counted.grpc).toMatchObject({ requests: 1, failedRequests: 1, accepted: 0 });
    expect(counted.http).toMatchObject({ requests: 1, failedRequests: 0, accepted: 1 });
    expect(senders).toMatchObject([{ service: 'shipping', spans: 1 }]);
  });

  it('bounds the senders it lists', async () => {
    await ingest(Array.from({ length: 600 }, (_, i) => span({ id: `s${i}`, service: `service ${i}` })));
    const { senders } = engine.status();
    expect(senders).toHaveLength(501);
    expect(senders[0]).toMatchObject({ service: '(other services)', spans: 100 });
  });
});

describe('retention of the engine', () => {
  beforeEach(() => {
    sealing = true;
  });
  const RETENTION_MS = 3_600_000;
  const YEAR_MS = 365 * 24 * RETENTION_MS;
  const isKept = (): boolean => engine.trace(traceIdOf('t'), 0, 1) !== undefined;
  const receive = async (at = 0): Promise<void> => {
    await ingest([span({ id: 'a', at })]);
    settle();
  };
  const expireAfter = (ms: number): number => {
    nowMs += ms;
    return engine.expire();
  };

  it('forgets what is older, and nothing before', async () => {
    await receive();
    expect(expireAfter(RETENTION_MS - 1_000)).toBe(0);
    expect(isKept()).toBe(true);
    expect(expireAfter(60_000)).toBe(1);
    expect(isKept()).toBe(false);
  });

  it.each([
    ['a year ahead', YEAR_MS],
    ['a year behind', -YEAR_MS],
  ])('goes by the receipt, where the sender is %s', async (_where, at) => {
    await receive(at);
    expireAfter(RETENTION_MS - 1_000);
    expect(isKept()).toBe(true);
    expireAfter(60_000);
    expect(isKept()).toBe(false);
  });

  it('forgets nothing early when the clock jumps a year forwards', async () => {
    await receive();
    stepMs = YEAR_MS;
    expireAfter(RETENTION_MS - 1_000);
    expect(isKept()).toBe(true);
    expireAfter(60_000);
    expect(isKept()).toBe(false);
  });

  it('forgets nothing early that came while the clock was a year behind', async () => {
    stepMs = -YEAR_MS;
    await receive();
    stepMs = 0;
    expireAfter(RETENTION_MS - 1_000);
    expect(isKept()).toBe(true);
    expireAfter(60_000);
    expect(isKept()).toBe(false);
  });

  it('settles traces by a clock that does not jump', async () => {
    await ingest([span({ id: 'a' })]);
    stepMs = YEAR_MS;
    expect(engine.settle()).toBe(0);
    stepMs = -YEAR_MS;
    nowMs += SETTLE_MS;
    expect(engine.settle()).toBe(1);
  });
});
