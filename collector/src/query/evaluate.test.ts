import { describe, expect, it } from 'vitest';
import { type SpanWords, span, spanIdOf, traceIdOf } from '../../test/spans.ts';
import type { AttributeValue, Span } from '../model/index.ts';
import { compileMatcher } from './evaluate.ts';
import { parseQuery } from './parse.ts';
import { traceViewOf } from './span-view.ts';

/** The ids of the spans that the query matches, in the order of the trace. */
const matched = (query: string, spans: readonly Span[]): string[] => {
  const { matchedSpans } = compileMatcher(parseQuery(query).spans);
  return matchedSpans(traceViewOf(spans)).map((i) => spans[i]?.name as string);
};

const trace = (...words: SpanWords[]): Span[] => words.map(span);

/** Whether the condition holds on a span with this value of `span.x`; none where the value is undefined. */
const holds = (condition: string, x: AttributeValue | undefined): boolean =>
  matched(`{ ${condition} }`, trace({ id: 'a', attributes: x === undefined ? {} : { x } })).length > 0;

describe('values', () => {
  it('compare as numbers whether integer, float or duration', () => {
    expect(holds('.x = 200', 200n)).toBe(true);
    expect(holds('.x = 200', 200.0)).toBe(true);
    expect(holds('.x = 200.0', 200n)).toBe(true);
    expect(holds('.x > 1.5', 2n)).toBe(true);
    expect(holds('.x < -1', -1.5)).toBe(true);
    expect(holds('.x = 5us', 5_000n)).toBe(true);
    expect(holds('.x != 200', 404n)).toBe(true);
    expect(holds('.x <= 200 && .x >= 200', 200n)).toBe(true);
  });

  it('compare large integers without rounding', () => {
    expect(holds('.x = 9007199254740993', 9007199254740993n)).toBe(true);
    expect(holds('.x = 9007199254740993', 9007199254740992n)).toBe(false);
    expect(holds('.x = 9007199254740993', 9007199254740992)).toBe(false);
    expect(holds('.x > 9007199254740992', 9007199254740993n)).toBe(true);
  });

  it('are never equal to what is no number', () => {
    expect(holds('.x = 0', Number.NaN)).toBe(false);
    expect(holds('.x < 0 || .x >= 0', Number.NaN)).toBe(false);
  });

  it('of another type match nothing, not even !=', () => {
    for (const x of ['200', true, 1n, 1.5, new Map(), new Uint8Array(2), [] as AttributeValue[]]) {
      if (typeof x !== 'string')
        expect(holds('.x = "200" || .x != "200" || .x =~ ".*" || .x !~ "a"', x)).toBe(false);
      if (typeof x !== 'boolean') expect(holds('.x = true || .x != true', x)).toBe(false);
      if (typeof x !== 'bigint' && typeof x !== 'number')
        expect(holds('.x = 200 || .x != 200 || .x < 1 || .x >= 1', x)).toBe(false);
    }
  });

  it('that are missing match nothing but = nil', () => {
    for (const x of [undefined, null]) {
      expect(holds('.x = "" || .x != "a" || .x !~ "a" || .x != 1 || .x < 1 || .x', x)).toBe(false);
      expect(holds('.x = nil', x)).toBe(true);
      expect(holds('.x != nil', x)).toBe(false);
    }
    expect(holds('.x != nil', '')).toBe(true);
    expect(holds('.x = nil', false)).toBe(false);
  });

  it('that are texts have an order', () => {
    expect(holds('.x >= "400" && .x < "500"', '404')).toBe(true);
    expect(holds('.x > "b"', 'a')).toBe(false);
  });

  it('that are arrays match by one element, and != by none', () => {
    expect(holds('.x = "b"', ['a', 'b'])).toBe(true);
    expect(holds('.x =~ "b.*"', ['a', 'bcd'])).toBe(true);
    expect(holds('.x > 5', [1n, 7.5])).toBe(true);
    expect(holds('.x != "b"', ['a', 'b'])).toBe(false);
    expect(holds('.x != "c"', ['a', 'b'])).toBe(true);
    expect(holds('.x !~ "b.*"', ['a', 'bcd'])).toBe(false);
    expect(holds('.x != "c"', [1n, 2n])).toBe(false);
    expect(holds('.x != "c"', [1n, 'b'])).toBe(true);
    expect(holds('.x != "c" || .x = "c"', [])).toBe(false);
  });

  it('compare with false like with any value', () => {
    expect(holds('.x = false', false)).toBe(true);
    expect(holds('.x', false)).toBe(false);
    expect(holds('.x', true)).toBe(true);
    expect(holds('.x', 'true')).toBe(false);
  });
});

describe('patterns', () => {
  it('fit the whole text', () => {
    expect(holds('.x =~ "ab"', 'xabx')).toBe(false);
    expect(holds('.x =~ ".*ab.*"', 'xabx')).toBe(true);
    expect(holds('.x =~ "a|bc"', 'bc')).toBe(true);
    expect(holds('.x =~ "a|b.*"', 'axx')).toBe(false);
    expect(holds('.x !~ "a|bc"', 'bcd')).toBe(true);
    expect(holds('.x =~ ""', '')).toBe(true);
    expect(holds('.x =~ "GET|"', '')).toBe(true);
  });

  it('know RE2: classes, flags, letters of every alphabet', () => {
    expect(holds('.x =~ `\\d{3}`', '404')).toBe(true);
    expect(holds('.x =~ "(?i)get"', 'GET')).toBe(true);
    expect(holds('.x =~ `\\p{Cyrillic}+`', 'ключ')).toBe(true);
    expect(holds('.x =~ "a.b"', 'a😀b')).toBe(true);
  });

  it('take no longer than the text is long, whatever they are', () => {
    const started = performance.now();
    expect(holds('.x =~ "(a+)+b" || .x =~ "(a|a)*b" || .x =~ "(.*)*c"', 'a'.repeat(50_000))).toBe(false);
    // A backtracking engine would not come back in this life.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('fields', () => {
  const spans = trace(
    { id: 'root', service: 'gateway', kind: 'server', for: 100, attributes: { tier: 'edge' } },
    {
      id: 'call',
      parent: 'root',
      service: 'orders',
      kind: 'client',
      for: 50,
      error: true,
      attributes: { host: 'own' },
      host: 'machine',
      events: [
        { name: 'retry', at: 1, attributes: { attempt: 1n } },
        { name: 'retry', at: 20, attributes: { attempt: 2n, 'error.type': 'timeout' } },
      ],
      links: [['other', 'far']],
    },
    { id: 'orphan', parent: 'lost', service: 'orders', at: 90, for: 60 },
  );

  it('are the intrinsics of the span', () => {
    expect(matched('{ name = "call" }', spans)).toEqual(['call']);
    expect(matched('{ kind = server }', spans)).toEqual(['root']);
    expect(matched('{ status = error }', spans)).toEqual(['call']);
    expect(matched('{ status != error }', spans)).toEqual(['root', 'orphan']);
    expect(matched('{ duration >= 50ms && duration < 100ms }', spans)).toEqual(['call', 'orphan']);
    expect(matched(`{ span:id = "${spanIdOf('root')}" }`, spans)).toEqual(['root']);
    expect(matched('{ instrumentation:name = "test" }', spans)).toHaveLength(3);
  });

  it('are the intrinsics of the trace, the same for every span', () => {
    expect(matched('{ rootName = "root" && rootServiceName = "gateway" }', spans)).toHaveLength(3);
    expect(matched('{ traceDuration = 150ms }', spans)).toHaveLength(3);
    expect(matched(`{ trace:id = "${traceIdOf('t')}" && name = "call" }`, spans)).toEqual(['call']);
    expect(matched('{ traceDuration > 150ms }', spans)).toEqual([]);
  });

  it('are attributes, unscoped ones of the span before its resource', () => {
    expect(matched('{ resource.service.name = "orders" }', spans)).toEqual(['call', 'orphan']);
    expect(matched('{ .service.name = "gateway" }', spans)).toEqual(['root']);
    expect(matched('{ span.service.name != nil }', spans)).toEqual([]);
    expect(matched('{ .tier = "edge" }', spans)).toEqual(['root']);
    const both = trace({
      id: 'a',
      service: 'x',
      attributes: { 'service.name': 'y' },
    });
    expect(matched('{ .service.name = "y" }', both)).toEqual(['a']);
    expect(matched('{ .service.name = "x" }', both)).toEqual([]);
  });

  it('may be the parent’s, which roots and orphans do not have', () => {
    expect(matched('{ parent.tier = "edge" }', spans)).toEqual(['call']);
    expect(matched('{ parent.resource.service.name = "gateway" }', spans)).toEqual(['call']);
    expect(matched('{ parent.tier = nil }', spans)).toEqual(['root', 'orphan']);
    expect(matched('{ span:parentID = nil }', spans)).toEqual(['root']);
    expect(matched(`{ span:parentID = "${spanIdOf('lost')}" }`, spans)).toEqual(['orphan']);
  });

  it('of events and links match by any of them', () => {
    expect(matched('{ event:name = "retry" }', spans)).toEqual(['call']);
    expect(matched('{ event.attempt = 2 && event.attempt = 1 }', spans)).toEqual(['call']);
    expect(matched('{ event.attempt != 2 }', spans)).toEqual([]);
    expect(matched('{ event.attempt != 3 }', spans)).toEqual(['call']);
    expect(matched('{ event.error.type != nil }', spans)).toEqual(['call']);
    expect(matched('{ event:name = nil }', spans)).toEqual(['root', 'orphan']);
    expect(matched('{ event:timeSinceStart > 15ms }', spans)).toEqual(['call']);
    expect(matched(`{ link:spanID = "${spanIdOf('far')}" }`, spans)).toEqual(['call']);
    expect(matched('{ link:traceID = nil }', spans)).toEqual(['root', 'orphan']);
  });

  it('may have hostile names', () => {
    const odd = trace({ id: 'a', attributes: { ['__proto__']: 'x', constructor: 'y', 'a b': 'z' } });
    expect(matched('{ .__proto__ = "x" && .constructor = "y" && span."a b" = "z" }', odd)).toEqual(['a']);
    expect(matched('{ .toString != nil || .hasOwnProperty != nil }', odd)).toEqual([]);
  });

  it('survive clocks that stepped back', () => {
    expect(matched('{ duration < 0ms && duration = -5ms }', trace({ id: 'a', for: -5 }))).toEqual(['a']);
  });
});

describe('sets of spans', () => {
  //  root ── a ── b ── c
  //       └─ d
  const spans = trace(
    { id: 'root' },
    { id: 'a', parent: 'root' },
    { id: 'b', parent: 'a' },
    { id: 'c', parent: 'b' },
    { id: 'd', parent: 'root' },
  );
  const is = (name: string): string => `{ name = "${name}" }`;

  it('are all spans for {}', () => {
    expect(matched('{}', spans)).toEqual(['root', 'a', 'b', 'c', 'd']);
  });

  it('unite for && where both have spans, and for || where one has', () => {
    expect(matched(`${is('a')} && ${is('d')}`, spans)).toEqual(['a', 'd']);
    expect(matched(`${is('a')} && ${is('x')}`, spans)).toEqual([]);
    expect(matched(`${is('x')} || ${is('d')}`, spans)).toEqual(['d']);
    expect(matched(`{} && ${is('d')}`, spans)).toHaveLength(5);
  });

  it('keep the right side of a relation', () => {
    expect(matched(`${is('a')} > {}`, spans)).toEqual(['b']);
    expect(matched(`${is('a')} >> {}`, spans)).toEqual(['b', 'c']);
    expect(matched(`${is('b')} < {}`, spans)).toEqual(['a']);
    expect(matched(`${is('c')} << {}`, spans)).toEqual(['root', 'a', 'b']);
    expect(matched(`${is('a')} ~ {}`, spans)).toEqual(['d']);
    expect(matched(`${is('root')} > {} > {}`, spans)).toEqual(['b']);
  });

  it('keep what has no such relation for the negated ones', () => {
    expect(matched(`${is('a')} !>> {}`, spans)).toEqual(['root', 'a', 'd']);
    expect(matched('{} !< {}', spans)).toEqual(['c', 'd']);
    expect(matched(`${is('x')} !> ${is('a')}`, spans)).toEqual(['a']);
  });

  it('keep both sides for the uniting ones, each only where it has its counterpart', () => {
    expect(matched(`({ name =~ "root|d" }) &>> ${is('c')}`, spans)).toEqual(['root', 'c']);
    expect(matched(`${is('c')} &<< ${is('a')}`, spans)).toEqual(['a', 'c']);
    expect(matched(`${is('d')} &~ {}`, spans)).toEqual(['a', 'd']);
    expect(matched(`${is('d')} &> ${is('c')}`, spans)).toEqual([]);
  });

  it('are nothing where the relation is to itself alone', () => {
    for (const operator of ['>', '>>', '<', '<<', '~']) {
      expect(matched(`${is('a')} ${operator} ${is('a')}`, spans)).toEqual([]);
    }
  });

  it('are nothing in an empty trace', () => {
    const none = { ...traceViewOf(spans), count: 0 };
    for (const query of ['{}', '{} >> {}', '{} !> {}', '{} | count() = 0']) {
      expect(compileMatcher(parseQuery(query).spans).matchedSpans(none)).toEqual([]);
    }
  });
});

describe('pipelines', () => {
  const spans = trace(
    { id: 'a', for: 10, attributes: { size: 1n, note: 'x' } },
    { id: 'b', for: 20, attributes: { size: 2.5 } },
    { id: 'c', for: 60, attributes: { size: [3n, 5n] } },
  );

  it('count', () => {
    expect(matched('{} | count() = 3', spans)).toEqual(['a', 'b', 'c']);
    expect(matched('{ duration > 10ms } | count() > 2', spans)).toEqual([]);
    expect(matched('{ duration > 10ms } | count() < 2.5', spans)).toEqual(['b', 'c']);
    expect(matched('{ name = "x" } | count() = 0', spans)).toEqual([]);
    expect(matched('(count() >= 3)', spans)).toHaveLength(3);
  });

  it('aggregate numbers and durations', () => {
    expect(matched('{} | avg(duration) = 30ms', spans)).toHaveLength(3);
    expect(matched('{} | max(duration) > 60ms', spans)).toEqual([]);
    expect(
      matched('{} | min(duration) = 10ms | max(duration) = 60ms | sum(duration) = 90ms', spans),
    ).toHaveLength(3);
    expect(matched('{} | sum(.size) = 11.5', spans)).toHaveLength(3);
    expect(matched('{ .note = "x" } | avg(span.size) = 1', spans)).toEqual(['a']);
  });

  it('aggregate nothing where no span has a number', () => {
    for (const aggregate of ['avg', 'sum', 'min', 'max']) {
      expect(matched(`{} | ${aggregate}(.note) < 5`, spans)).toEqual([]);
      expect(matched(`{} | ${aggregate}(.none) != 5`, spans)).toEqual([]);
    }
  });

  it('filter the spans that came through', () => {
    expect(matched('{ duration > 10ms } | { .size = 2.5 }', spans)).toEqual(['b']);
    expect(matched('{ duration > 10ms } | { .size = 1 }', spans)).toEqual([]);
    expect(matched('({} | count() > 2) && { name = "a" }', spans)).toHaveLength(3);
    expect(matched('({} | count() > 5) || { name = "a" }', spans)).toEqual(['a']);
  });

  it('select fields of the spans that matched, missing ones as undefined', () => {
    const matcher = compileMatcher(
      parseQuery('{ name != "c" } | select(.note, duration) | select(span.size)').spans,
    );
    const view = traceViewOf(spans);
    expect(matcher.selected).toHaveLength(3);
    expect(matcher.matchedSpans(view).map((i) => matcher.selectedValues(view, i))).toEqual([
      ['x', 10e6, 1n],
      [undefined, 20e6, 2.5],
    ]);
  });
});
