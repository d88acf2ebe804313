import { describe, expect, it } from 'vitest';
import { randomQuery } from '../../test/random-query.ts';
import { chance, type SpanWords, span } from '../../test/spans.ts';
import { type AttributeValue, SPAN_KINDS, serviceOf, UNKNOWN_SERVICE } from '../model/index.ts';
import { compileMatcher } from './evaluate.ts';
import type { AttributeNeed, ExactValue, SpanNeed } from './needs.ts';
import { parseQuery } from './parse.ts';
import { planOf } from './plan.ts';
import { traceViewOf } from './span-view.ts';
import type { TraceView } from './view.ts';

const needs = (text: string): readonly SpanNeed[] => planOf(parseQuery(text)).needs;
const set = <T>(...items: T[]): ReadonlySet<T> => new Set(items);

describe('what a block must hold', () => {
  it('is nothing for a query that every span answers', () => {
    expect(planOf(parseQuery('{}'))).toMatchObject({ needs: [], everySpan: true });
    expect(planOf(parseQuery('error=true queue=false'))).toMatchObject({ needs: [], everySpan: true });
    expect(planOf(parseQuery('{ name = "a" }')).everySpan).toBe(false);
    expect(needs('{ .a = nil }')).toEqual([]);
  });

  it('is a span with all that one filter asks for', () => {
    expect(
      needs(
        '{ resource.service.name = "a" && name = "b" && kind = server && status = error && duration > 5ms && duration <= 9ms }',
      ),
    ).toEqual([
      {
        services: set('a', UNKNOWN_SERVICE),
        names: set('b'),
        kinds: set('server'),
        statuses: set('error'),
        minDuration: 5e6,
        maxDuration: 9e6,
        attributes: undefined,
      },
    ]);
  });

  it('is an attribute with one of the exact values, whole numbers as integers, or just the attribute where they are not known', () => {
    expect(
      needs('{ span.a = "x" && .b > 5 && resource.c =~ "x|y" && event.d = 200.0 && link.e != "z" }'),
    ).toEqual([
      {
        attributes: [
          { scope: 'span', key: 'a', values: set('x') },
          { scope: 'any', key: 'b', values: undefined },
          { scope: 'resource', key: 'c', values: set('x', 'y') },
          { scope: 'event', key: 'd', values: set(200n) },
          { scope: 'link', key: 'e', values: undefined },
        ],
      },
    ]);
  });

  it('is wider for alternatives, and open where one of them leaves it open', () => {
    expect(needs('{ name = "a" || name = "b" || name =~ "c|d" }')).toEqual([
      { names: set('a', 'b', 'c', 'd') },
    ]);
    expect(needs('{ .x = 1 && duration > 1ns || .x = 2 && duration > 5ns }')).toEqual([
      { minDuration: 1, attributes: [{ scope: 'any', key: 'x', values: set(1n, 2n) }] },
    ]);
    expect(needs('{ name = "a" || .x = 1 }')).toEqual([]);
    expect(needs('{ name = "a" } || { name = "b" }')).toEqual([{ names: set('a', 'b') }]);
    expect(needs('{ name = "a" } || {}')).toEqual([]);
  });

  it('is a span for each filter that must find one', () => {
    const both = [{ names: set('a') }, { names: set('b') }];
    expect(needs('{ name = "a" } && { name = "b" }')).toEqual(both);
    expect(needs('{ name = "a" } >> { name = "b" }')).toEqual(both);
    expect(needs('{ name = "a" } &~ { name = "b" }')).toEqual(both);
    expect(needs('{ name = "a" } !>> { name = "b" }')).toEqual([{ names: set('b') }]);
    expect(needs('{ name = "a" } | count() > 2 | { name = "b" }')).toEqual(both);
  });

  it('is another span for what is asked of the parent and of the root', () => {
    expect(needs('{ name = "a" && parent.x = 1 && rootName = "r" && rootServiceName =~ "s|t" }')).toEqual([
      { names: set('a') },
      { attributes: [{ scope: 'any', key: 'x', values: set(1n) }] },
      { names: set('r') },
      { services: set('s', 't') },
    ]);
  });

  it('cannot be met by contradictions', () => {
    expect(needs('{ name = "a" && name = "b" }')).toEqual([{ names: set() }]);
    expect(needs('{ false }')).toEqual([{ names: set() }]);
    expect(needs('{ status = ok && status != ok }')).toEqual([{ statuses: set() }]);
  });

  it('follows from words as well', () => {
    expect(needs('service=a minDuration=1ms maxDuration=2ms name=x')).toEqual([
      { services: set('a') },
      { minDuration: 1e6, maxDuration: 2e6 },
    ]);
  });
});

describe('what must be read', () => {
  it('is each field once, and parents only where they matter', () => {
    const { columns, selected } = planOf(
      parseQuery(
        '{ span.a = 1 && .a = 2 && name = "x" } && { span.a > 5 } | avg(duration) > 1s | select(.c, name)',
      ),
    );
    expect(columns).toEqual({
      intrinsics: set('span:name', 'span:duration'),
      attributes: [
        { scope: 'span', key: 'a' },
        { scope: 'any', key: 'a' },
      ],
      parents: false,
    });
    expect(selected).toEqual({
      intrinsics: set('span:name'),
      attributes: [{ scope: 'any', key: 'c' }],
      parents: false,
    });
    expect(planOf(parseQuery('{} > {}')).columns.parents).toBe(true);
    expect(planOf(parseQuery('{} | ({} ~ {}) && {}')).columns.parents).toBe(true);
    expect(planOf(parseQuery('{ parent.a = 1 }')).columns.parents).toBe(true);
    expect(planOf(parseQuery('{} | select(parent.a)')).selected.parents).toBe(true);
  });
});

describe('what the trace must be', () => {
  const ofTrace = (text: string) =>
    planOf(parseQuery(text)).ofTrace.map(
      ({ field, operator }) => `${field.type === 'intrinsic' && field.name} ${operator}`,
    );

  it('is known before its spans are read', () => {
    expect(
      ofTrace('{ traceDuration > 1s && (name = "a" && rootName =~ "x.*") } >> { trace:id = "ab" }'),
    ).toEqual(['trace:duration >', 'trace:rootName =~', 'trace:id =']);
    expect(ofTrace('{ traceDuration > 1s || name = "a" }')).toEqual([]);
    expect(ofTrace('{ traceDuration > 1s } || {}')).toEqual([]);
    expect(ofTrace('{ traceDuration > 1s } !> {}')).toEqual([]);
  });
});

describe('a plan never passes over a trace that matches', () => {
  const random = chance(20_261_120);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const VALUES: readonly AttributeValue[] = [0n, 1n, 2n, 1.5, 2, 'x', 'y', true, false, null, ['x', 1n], []];
  const attributes = (): Record<string, AttributeValue> =>
    Object.fromEntries(
      ['a', 'b', 'a b', 'service.name'].filter(() => random() < 0.4).map((key) => [key, pick(VALUES)]),
    );
  const randomTrace = () =>
    Array.from({ length: 1 + below(5) }, (_, i): SpanWords => {
      const parent = random() < 0.8 && i > 0 ? { parent: `${below(i)}` } : {};
      const events = [{ name: pick(['x', 'y']), attributes: attributes() }].slice(below(2));
      return {
        ...parent,
        id: `${i}`,
        name: pick(['x', 'y', 's1']),
        service: pick(['s1', 's2', 'x', '']),
        kind: pick(SPAN_KINDS),
        for: pick([-1, 0, 5, 10, 20]),
        error: random() < 0.3,
        attributes: attributes(),
        events,
      };
    }).map(span);

  const equals = (value: AttributeValue, exact: ExactValue): boolean => {
    if (Array.isArray(value)) return value.some((element) => equals(element, exact));
    if (typeof exact === 'string' || typeof exact === 'boolean') return value === exact;
    return (typeof value === 'bigint' || typeof value === 'number') && value >= exact && value <= exact;
  };

  const hasValue = (view: TraceView, need: AttributeNeed, i: number): boolean => {
    const single = (scope: 'span' | 'resource') => [view.attribute(scope, need.key, i) ?? null];
    const values =
      need.scope === 'event' || need.scope === 'link'
        ? view.attributes(need.scope, need.key, i)
        : need.scope === 'any'
          ? [...single('span'), ...single('resource')]
          : single(need.scope as 'span' | 'resource');
    return values.some(
      (value) =>
        value !== null &&
        (need.values === undefined || [...need.values].some((exact) => equals(value, exact))),
    );
  };

  it('on random traces and queries', () => {
    let found = 0;
    for (let round = 0; round < 6_000; round += 1) {
      const text = randomQuery(random);
      const query = parseQuery(text);
      const spans = randomTrace();
      const view = traceViewOf(spans);
      if (compileMatcher(query.spans).matchedSpans(view).length === 0) continue;
      found += 1;
      const plan = planOf(query);
      for (const need of plan.needs) {
        const meets = (i: number): boolean =>
          (need.services?.has(serviceOf(spans[i] as (typeof spans)[number])) ?? true) &&
          (need.names?.has(view.name(i)) ?? true) &&
          (need.kinds?.has(view.kind(i)) ?? true) &&
          (need.statuses?.has(view.status(i)) ?? true) &&
          view.durationNanos(i) >= (need.minDuration ?? -Infinity) &&
          view.durationNanos(i) <= (need.maxDuration ?? Infinity) &&
          (need.attributes ?? []).every((one) => hasValue(view, one, i));
        expect(
          spans.some((_, i) => meets(i)),
          text,
        ).toBe(true);
      }
      for (const comparison of plan.ofTrace) {
        const alone = compileMatcher({ type: 'filter', condition: comparison });
        expect(alone.matchedSpans(view), text).toHaveLength(spans.length);
      }
    }
    expect(found).toBeGreaterThan(1_000);
  });
});
