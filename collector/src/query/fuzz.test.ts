import { describe, expect, it } from 'vitest';
import { randomQuery } from '../../test/random-query.ts';
import { randomSpans } from '../../test/random-spans.ts';
import { chance } from '../../test/spans.ts';
import { completionsAt } from './complete.ts';
import { QueryError } from './error.ts';
import { compileMatcher } from './evaluate.ts';
import { parseQuery, parseTraceQl } from './parse.ts';
import { planOf } from './plan.ts';
import { traceViewOf } from './span-view.ts';

const PIECES = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '{ ',
    ' }',
    '|',
    '||',
    '&&',
    '>',
    '>>',
    '<',
    '<<',
    '~',
    '!',
    '!>',
    '&>>',
    '=',
    '!=',
    '=~',
    '!~',
  ],
  ...[
    '.a',
    'span.b',
    'resource.',
    'parent.',
    'parent.x',
    'event:name',
    'span:',
    'name',
    'status',
    'kind',
    'duration',
  ],
  ...[
    '"x"',
    '"',
    '`',
    "'",
    '\\',
    '"\\',
    '"\\u00',
    '1',
    '-',
    '1.5',
    '5ms',
    '5d',
    '1e9',
    '.5',
    'true',
    'nil',
    'error',
  ],
  ...[
    'count()',
    'count',
    'avg(',
    'select(',
    ',',
    'by(',
    'rate()',
    'with',
    '$x',
    '${',
    '//',
    '/*',
    '*/',
    '\n',
    '\t',
    ' ',
  ],
  ...[
    '\u0000',
    'é',
    '😀',
    '\ud800',
    '\u2028',
    '\ufeff',
    '+',
    '*',
    '/',
    '%',
    '^',
    '=~ "("',
    '=~ "(a+)+"',
    '"a|b"',
  ],
];

/** The error that reading the text gave, if any; fails for errors of any other kind. */
const reading = (text: string, read: (text: string) => unknown): QueryError | undefined => {
  try {
    read(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof QueryError))
      throw new Error(`${JSON.stringify(text)} threw ${error}`, { cause: error });
    expect(error.position, text).toBeGreaterThanOrEqual(0);
    expect(error.position, text).toBeLessThanOrEqual(text.length);
    return error;
  }
};

describe('any text at all', () => {
  const random = chance(1);
  const below = (limit: number): number => Math.floor(random() * limit);

  it('is a query or a QueryError within the text, and completes', () => {
    for (let round = 0; round < 8_000; round += 1) {
      const text = Array.from({ length: below(14) }, () => PIECES[below(PIECES.length)]).join('');
      reading(text, parseTraceQl);
      reading(text, parseQuery);
      completionsAt(text, below(text.length + 1));
    }
  });

  it('that was a query before one change is one still, or a QueryError within the text', () => {
    let accepted = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const text = randomQuery(random);
      const at = below(text.length);
      const piece = PIECES[below(PIECES.length)] as string;
      reading(text.slice(0, at), parseTraceQl);
      reading(text.slice(0, at) + text.slice(at + 1 + below(4)), parseTraceQl);
      const changed = text.slice(0, at) + piece + text.slice(at);
      if (!reading(changed, (one) => planOf(parseTraceQl(one)))) accepted += 1;
      completionsAt(text, at);
    }
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('any query', () => {
  it('answers for spans of every shape that OTLP allows', () => {
    const random = chance(2);
    let found = 0;
    for (let round = 0; round < 600; round += 1) {
      const spans = randomSpans(random, 1 + Math.floor(random() * 30));
      const { matchedSpans, selected, selectedValues } = compileMatcher(
        parseQuery(randomQuery(random)).spans,
      );
      const view = traceViewOf(spans);
      const matched = matchedSpans(view);
      expect([...matched].sort((a, b) => a - b)).toEqual(matched);
      for (const i of matched) expect(selectedValues(view, i)).toHaveLength(selected.length);
      found += matched.length;
    }
    expect(found).toBeGreaterThan(1_000);
  });
});
