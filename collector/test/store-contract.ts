import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpanBatch } from '../src/batch/index.ts';
import { addNanos, fromMillis, type Span, unixNanos } from '../src/model/index.ts';
import type {
  DerivedRow,
  IndexedTrace,
  SettledTrace,
  Store,
  StoreOptions,
  TraceFilter,
  TraceSort,
} from '../src/store/index.ts';
import { EPOCH, span, traceIdOf } from './spans.ts';

const SETTLE_MS = 100;
const SEAL_AFTER_MS = 1_000;
const BLOCK_ROWS = 10;

/** A batch of one span takes a few kilobytes, however small the span. */
const HEAD_BYTES = 1_000_000;

export const batchOf = (spans: readonly Span[]): SpanBatch => {
  const batch = new SpanBatch();
  for (const one of spans) batch.add(one);
  return batch;
};

/** How one kind of store is opened; `reopen` gives the same data after a restart, where the kind survives one. */
export interface StoreUnderTest {
  readonly open: (options: StoreOptions) => Store;
  readonly reopen?: (store: Store, options: StoreOptions) => Store;
}

const bodyOf = (spans: readonly Span[]): Uint8Array =>
  new TextEncoder().encode(spans.map((one) => one.name).join());

const indexed = (name: string, more: Partial<IndexedTrace> = {}): IndexedTrace => ({
  traceId: traceIdOf(name),
  start: EPOCH,
  responseDuration: 0,
  rootName: name,
  services: ['app'],
  errorCount: 0,
  queueHops: 0,
  longestWait: 0,
  summary: `summary of ${name}`,
  ...more,
});

const EVERYTHING: TraceFilter = { start: unixNanos(0n), end: unixNanos(2n ** 63n - 1n) };

/** What every store must do: run for the SQLite file and for the plain reference alike. */
export const describeStore = (what: string, { open, reopen }: StoreUnderTest): void => {
  describe(what, () => {
    let nowMs = 0;
    let store: Store;
    const options: StoreOptions = {
      settleMs: SETTLE_MS,
      sealAfterMs: SEAL_AFTER_MS,
      blockRows: BLOCK_ROWS,
      headBytes: HEAD_BYTES,
      monotonic: () => nowMs,
    };
    const append = (spans: readonly Span[], receivedAt = fromMillis(1_790_000_000_000)) =>
      store.append({ encoding: 'json', body: bodyOf(spans), receivedAt }, batchOf(spans));
    const settle = (...traces: IndexedTrace[]) => store.settle(traces.map((index) => ({ index, joins: [] })));
    /** Settles and seals, with what the traces are to be joined by and what was derived from them. */
    const sealAll = (traces: readonly SettledTrace[], derived: readonly DerivedRow[] = []) => {
      store.settle(traces);
      store.seal(derived);
    };
    const seal = (...traces: IndexedTrace[]) => sealAll(traces.map((index) => ({ index, joins: [] })));
    const search = (filter: Partial<TraceFilter> = {}, sort: TraceSort = 'newest', limit = 100) =>
      store.search({ filter: { ...EVERYTHING, ...filter }, sort, limit }).map((trace) => trace.rootName);

    beforeEach(() => {
      nowMs = 0;
      store = open(options);
    });
    afterEach(() => store.close());

    it('shows a span as soon as its append resolved, in order of start', async () => {
      await append([span({ id: 'late', at: 5 }), span({ id: 'early', at: 1 })]);
      expect(store.spans(traceIdOf('t')).map((one) => one.name)).toEqual(['early', 'late']);
      expect(store.analysedSpans(traceIdOf('t'))).toEqual([]);
    });

    it('gives back every field of a span, sealed or not', async () => {
      const rich: Span = {
        ...span({ id: 'rich', parent: 'p', kind: 'client', error: true, links: [['other', 'x']] }),
        traceState: 'a=b',
        start: unixNanos(2n ** 64n - 2n),
        end: unixNanos(1n),
        status: { code: 'error', message: 'no\u0000pe' },
        attributes: new Map<string, never>([
          ['int', 2n ** 63n - 1n] as never,
          ['double', Number.NaN] as never,
          ['bytes', Uint8Array.from([0, 255])] as never,
          ['empty', null] as never,
          ['list', [1n, ['x'], new Map([['__proto__', true]])]] as never,
        ]),
        droppedAttributesCount: 3,
        droppedEventsCount: 4,
        droppedLinksCount: 5,
      };
      await append([rich]);
      expect(store.spans(rich.traceId)).toEqual([rich]);
      seal(indexed('t'));
      expect(store.spans(rich.traceId)).toEqual([rich]);
      expect(store.analysedSpans(rich.traceId)).toEqual([rich]);
    });

    it('shows a span once, however often it was sent', async () => {
      const spans = [span({ id: 'a' }), span({ id: 'b' })];
      await append(spans);
      await append(spans);
      seal(indexed('t'));
      await append(spans);
      expect(store.spans(traceIdOf('t'))).toHaveLength(2);
      seal(indexed('t'));
      expect(store.spans(traceIdOf('t'))).toHaveLength(2);
      expect(store.figures()).toMatchObject({ spans: 2, traces: 1, head: { traces: 0, spans: 0 } });
    });

    it('knows nothing of an unknown trace', () => {
      expect(store.spans(traceIdOf('unknown'))).toEqual([]);
      expect(store.analysedSpans(traceIdOf('unknown'))).toEqual([]);
    });

    it('takes an empty payload', async () => {
      await append([]);
      expect(store.figures().head).toMatchObject({ traces: 0, spans: 0 });
    });

    it('says which traces rested for the settle time', async () => {
      await append([span({ id: 'a' })]);
      nowMs = SETTLE_MS - 1;
      expect(store.rested()).toEqual([]);
      await append([span({ id: 'b' })]);
      nowMs += SETTLE_MS - 1;
      expect(store.rested()).toEqual([]);
      nowMs += 1;
      expect(store.rested()).toEqual([traceIdOf('t')]);
    });

    it('hurries on the oldest traces while the head is over its bound', async () => {
      const large = 'x'.repeat(600_000);
      await append([span({ id: 'a', trace: 'one', attributes: { large } })]);
      expect(store.rested()).toEqual([]);
      await append([span({ id: 'b', trace: 'two', attributes: { large } })]);
      expect(store.rested()[0]).toBe(traceIdOf('one'));
      settle(indexed('one'));
      expect(store.isSealDue).toBe(true);
    });

    it('waits with sealing until a block is full or the first settled trace has waited long enough', async () => {
      expect(store.isSealDue).toBe(false);
      await append([span({ id: 'a', trace: 'one' })]);
      settle(indexed('one'));
      expect(store.isSealDue).toBe(false);
      nowMs += SEAL_AFTER_MS;
      expect(store.isSealDue).toBe(true);
      store.seal([]);
      expect(store.isSealDue).toBe(false);
      await append(Array.from({ length: BLOCK_ROWS }, (_, i) => span({ id: `s${i}`, trace: 'two' })));
      expect(store.isSealDue).toBe(false);
      settle(indexed('two'));
      expect(store.isSealDue).toBe(true);
    });

    it('finds settled traces as it finds sealed ones', async () => {
      await append([span({ id: 'a', trace: 'one' })]);
      store.settle([{ index: indexed('one'), joins: ['name'] }]);
      for (const moment of ['settled', 'sealed']) {
        expect(search(), moment).toEqual(['one']);
        expect(store.joined('name'), moment).toEqual([traceIdOf('one')]);
        expect(store.indexed(traceIdOf('one')), moment).toEqual(indexed('one'));
        expect(store.analysedSpans(traceIdOf('one')), moment).toHaveLength(1);
        expect([...store.openTraces()], moment).toEqual([]);
        store.seal([]);
      }
    });

    it('opens a settled trace again when it grows, and seals it only once it was analysed again', async () => {
      await append([span({ id: 'a', trace: 'one' })]);
      settle(indexed('one'));
      await append([span({ id: 'b', trace: 'one' })]);
      expect([...store.openTraces()].map((trace) => trace.traceId)).toEqual([traceIdOf('one')]);
      expect(store.reopened()).toEqual([traceIdOf('one')]);
      expect(store.analysedSpans(traceIdOf('one')).map((one) => one.name)).toEqual(['a']);
      store.unsettle([traceIdOf('one')]);
      expect(store.reopened()).toEqual([]);
      expect(store.analysedSpans(traceIdOf('one'))).toEqual([]);
      expect(store.indexed(traceIdOf('one'))).toBeUndefined();
      store.seal([]);
      expect(store.figures()).toMatchObject({ traces: 0, head: { traces: 1, spans: 2 } });
    });

    it('moves to another version whenever a trace grows', async () => {
      const version = () =>
        [...store.openTraces()].find((trace) => trace.traceId === traceIdOf('t'))?.version ?? 0;
      await append([span({ id: 'a' })]);
      const first = version();
      await append([span({ id: 'b' })]);
      expect(version()).toBeGreaterThan(first);
    });

    it('joins late spans to their sealed trace and takes its new summary', async () => {
      await append([span({ id: 'a', at: 0 })]);
      seal(indexed('t'));
      await append([span({ id: 'b', at: 1 })]);
      expect(store.spans(traceIdOf('t')).map((one) => one.name)).toEqual(['a', 'b']);
      expect(store.analysedSpans(traceIdOf('t')).map((one) => one.name)).toEqual(['a']);
      seal(indexed('t', { rootName: 'amended' }));
      expect(store.analysedSpans(traceIdOf('t')).map((one) => one.name)).toEqual(['a', 'b']);
      expect(search()).toEqual(['amended']);
      expect(store.indexed(traceIdOf('t'))?.summary).toBe('summary of t');
      expect(store.indexed(traceIdOf('unknown'))).toBeUndefined();
      expect(store.figures()).toMatchObject({ traces: 1, spans: 2 });
    });

    it('searches sealed traces by each filter', async () => {
      const traces = [
        indexed('plain', { start: addNanos(EPOCH, 1) }),
        indexed('POST /Orders', {
          start: addNanos(EPOCH, 2),
          services: ['gateway', 'or"ders'],
          responseDuration: 500,
        }),
        indexed('broken', {
          start: addNanos(EPOCH, 3),
          errorCount: 2,
          queueHops: 1,
          longestWait: 9,
          responseDuration: 70,
        }),
      ];
      for (const trace of traces) await append([span({ id: 'a', trace: trace.rootName })]);
      seal(...traces);
      expect(search()).toEqual(['broken', 'POST /Orders', 'plain']);
      expect(search({}, 'slowest')).toEqual(['POST /Orders', 'broken', 'plain']);
      expect(search({}, 'longest-wait')[0]).toBe('broken');
      expect(search({ start: addNanos(EPOCH, 2) })).toEqual(['broken', 'POST /Orders']);
      expect(search({ end: addNanos(EPOCH, 2) })).toEqual(['plain']);
      expect(search({ service: 'or"ders' })).toEqual(['POST /Orders']);
      expect(search({ service: 'ders' })).toEqual([]);
      expect(search({ name: 'post /o' })).toEqual(['POST /Orders']);
      expect(search({ name: '%' })).toEqual([]);
      expect(search({ errors: true })).toEqual(['broken']);
      expect(search({ errors: false, crossesQueue: false })).toEqual(['POST /Orders', 'plain']);
      expect(search({ crossesQueue: true })).toEqual(['broken']);
      expect(search({ minDuration: 70, maxDuration: 499 })).toEqual(['broken']);
      expect(store.search({ filter: EVERYTHING, sort: 'newest', limit: 1 })[0]).toEqual(traces[2]);
    });

    it.each(['newest', 'slowest', 'longest-wait'] as const)(
      'pages through equal values without loss, %s first',
      async (sort) => {
        const traces = Array.from({ length: 7 }, (_, i) =>
          indexed(`trace ${i}`, { responseDuration: i >> 1, longestWait: i >> 2 }),
        );
        for (const trace of traces) await append([span({ id: 'a', trace: trace.rootName })]);
        seal(...traces);
        const seen: string[] = [];
        for (
          let after: { value: bigint; traceId: IndexedTrace['traceId'] } | undefined, pages = 0;
          pages < 10;
          pages++
        ) {
          const page = store.search({ filter: EVERYTHING, sort, limit: 3, ...(after ? { after } : {}) });
          const last = page.at(-1);
          if (!last) break;
          seen.push(...page.map((trace) => trace.rootName));
          const value = {
            newest: last.start,
            slowest: last.responseDuration,
            'longest-wait': last.longestWait,
          }[sort];
          after = { value: BigInt(value), traceId: last.traceId };
        }
        expect(seen.toSorted()).toEqual(traces.map((trace) => trace.rootName).toSorted());
      },
    );

    it('finds traces by the other names they were given', async () => {
      await append([span({ id: 'a', trace: 'one' }), span({ id: 'b', trace: 'two' })]);
      const sealed = (name: string, ...joins: string[]) => ({ index: indexed(name), joins });
      sealAll([sealed('one', 'consumed:x', 'link:y'), sealed('two', 'consumed:x')]);
      expect([...store.joined('consumed:x')].sort()).toEqual([traceIdOf('one'), traceIdOf('two')].sort());
      expect(store.joined('link:y')).toEqual([traceIdOf('one')]);
      expect(store.joined('link:z')).toEqual([]);
    });

    it('keeps derived rows by kind, bucket and key, the last one of each', () => {
      const row = (kind: string, bucket: number, key: string, value: number) => ({
        kind,
        bucket,
        key,
        stat: Uint8Array.from([value]),
      });
      store.seal([row('chain', 10, 'a', 1), row('chain', 20, 'a', 2), row('queue', 10, 'a', 3)]);
      store.seal([row('chain', 10, 'a', 4)]);
      const rows = (kind: string | undefined, from: number, to: number) =>
        [...store.derived(kind, from, to)].map((one) => one.stat[0]).sort();
      expect(rows('chain', 0, 100)).toEqual([2, 4]);
      expect(rows('chain', 10, 20)).toEqual([4]);
      expect(rows(undefined, 0, 20)).toEqual([3, 4]);
      expect(store.derivedRow('queue', 10, 'a')?.stat[0]).toBe(3);
      expect(store.derivedRow('queue', 20, 'a')).toBeUndefined();
    });

    it('keeps small state', () => {
      expect(store.state('alerts')).toBeUndefined();
      store.saveState('alerts', '1');
      store.saveState('alerts', '2');
      expect(store.state('alerts')).toBe('2');
    });

    it('forgets by the time of receipt, not by what senders say', async () => {
      await append([span({ id: 'a', trace: 'old', at: 1e9 })], fromMillis(1_000_000));
      sealAll(
        [{ index: indexed('old'), joins: ['name'] }],
        [{ kind: 'chain', bucket: 1_000, key: '', stat: new Uint8Array() }],
      );
      await append([span({ id: 'b', trace: 'new', at: -1e9 })], fromMillis(3_000_000));
      seal(indexed('new'));
      expect(store.expire(fromMillis(2_000_000), Number.MAX_SAFE_INTEGER)).toMatchObject({ traces: 1 });
      expect(store.figures()).toMatchObject({ traces: 1, spans: 1 });
      expect(search()).toEqual(['new']);
      expect(store.spans(traceIdOf('old'))).toEqual([]);
      expect(store.joined('name')).toEqual([]);
      expect([...store.derived('chain', 0, 2_000)]).toEqual([]);
      expect(store.expire(fromMillis(2_000_000), Number.MAX_SAFE_INTEGER)).toMatchObject({ traces: 0 });
    });

    it('counts what it holds', async () => {
      expect(store.figures()).toMatchObject({ spans: 0, traces: 0, oldest: null, newest: null });
      await append([
        span({ id: 'a', trace: 'one' }),
        span({ id: 'b', trace: 'one' }),
        span({ id: 'c', trace: 'two' }),
      ]);
      expect(store.figures().head).toMatchObject({ traces: 2, spans: 3 });
      seal(indexed('one'));
      expect(store.figures()).toMatchObject({
        spans: 2,
        traces: 1,
        oldest: EPOCH,
        newest: EPOCH,
        head: { traces: 1, spans: 1 },
      });
    });

    if (!reopen) return;
    describe('after a restart', () => {
      const restart = () => {
        store = reopen(store, options);
      };

      it('has sealed and unsealed spans, state and derived rows', async () => {
        await append([span({ id: 'sealed', trace: 'one' })]);
        sealAll(
          [{ index: indexed('one'), joins: ['x'] }],
          [{ kind: 'k', bucket: 10, key: '', stat: Uint8Array.of(7) }],
        );
        await append([span({ id: 'open', trace: 'two' })]);
        store.saveState('s', 'kept');
        restart();
        expect(store.spans(traceIdOf('one')).map((one) => one.name)).toEqual(['sealed']);
        expect(store.spans(traceIdOf('two')).map((one) => one.name)).toEqual(['open']);
        expect(store.joined('x')).toEqual([traceIdOf('one')]);
        expect(store.derivedRow('k', 10, '')?.stat[0]).toBe(7);
        expect(store.state('s')).toBe('kept');
      });

      it('does not show twice what was sealed while its payload had to stay', async () => {
        // One payload with two traces: it stays in the log until both are sealed.
        await append([span({ id: 'a', trace: 'one' }), span({ id: 'b', trace: 'two' })]);
        seal(indexed('one'));
        restart();
        expect(store.spans(traceIdOf('one'))).toHaveLength(1);
        seal(indexed('one'), indexed('two'));
        expect(store.figures()).toMatchObject({ spans: 2, traces: 2, head: { spans: 0 } });
        restart();
        expect(store.figures()).toMatchObject({ spans: 2, traces: 2, head: { spans: 0 } });
      });
    });
  });
};
