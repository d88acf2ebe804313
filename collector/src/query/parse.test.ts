import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { showCondition, showSpans } from '../../test/show-query.ts';
import { EVERY_SPAN } from './ast.ts';
import { parseQuery } from './parse.ts';

const shown = (text: string): string => showSpans(parseQuery(text).spans);

/** What stands between the braces of a query that is one filter. */
const condition = (text: string): string => {
  const { spans } = parseQuery(`{ ${text} }`);
  return spans.type === 'filter' ? showCondition(spans.condition) : 'no filter';
};

describe('the search box', () => {
  it('holds TraceQL where the text begins with a brace or a parenthesis, else words', () => {
    expect(parseQuery('  { }')).toEqual({ spans: EVERY_SPAN, conditions: [] });
    expect(parseQuery('({})')).toEqual({ spans: EVERY_SPAN, conditions: [] });
    expect(parseQuery('')).toEqual({ spans: EVERY_SPAN, conditions: [] });
    expect(parseQuery('service=orders queue=true name="POST /a" error=false minDuration=1ms')).toEqual({
      spans: EVERY_SPAN,
      conditions: [
        { fact: 'services', has: 'orders' },
        { fact: 'rootName', contains: 'POST /a' },
        { fact: 'hasErrors', is: false },
        { fact: 'crossesQueue', is: true },
        { fact: 'responseDuration', min: 1e6, max: Infinity },
      ],
    });
  });
});

describe('fields', () => {
  it('are intrinsics, by their scoped and by their older names', () => {
    expect(condition('name = "a" && span:name = "b"')).toBe('(span:name = "a" && span:name = "b")');
    expect(condition('rootServiceName = "a"')).toBe('trace:rootService = "a"');
    expect(condition('rootName = "a"')).toBe('trace:rootName = "a"');
    expect(condition('traceDuration > 1s')).toBe('trace:duration > 1000000000ns');
    expect(condition('statusMessage =~ "a|b"')).toBe('span:statusMessage =~ "a|b"');
    expect(condition('span:id = "ab" || trace:id = "cd"')).toBe('(span:id = "ab" || trace:id = "cd")');
    expect(condition('event:name = "exception"')).toBe('event:name = "exception"');
    expect(condition('link:traceID = "ab"')).toBe('link:traceID = "ab"');
    expect(condition('instrumentation:version = "1"')).toBe('instrumentation:version = "1"');
  });

  it('are attributes of a scope, or of the span or else its resource', () => {
    expect(condition('.foo = 1 && span.foo = 1')).toBe('(.foo = 1 && span.foo = 1)');
    expect(condition('resource.service.name = "a"')).toBe('resource.service.name = "a"');
    expect(condition('event.a = 1 || link.b = 1 || instrumentation.c = 1')).toBe(
      '(event.a = 1 || link.b = 1 || instrumentation.c = 1)',
    );
    expect(condition('parent.foo = 1')).toBe('parent.foo = 1');
    expect(condition('parent.resource.foo = 1')).toBe('parent.resource.foo = 1');
    expect(condition('parent.event.foo = 1')).toBe('parent.event.foo = 1');
  });

  it('may be named like a word of the language', () => {
    expect(condition('.event.id = 1')).toBe('.event.id = 1');
    expect(condition('span.span.links = 1')).toBe('span.span.links = 1');
    expect(condition('.parent = 1 && .parental = 2')).toBe('(.parent = 1 && .parental = 2)');
    expect(condition('.name = 1 && .status = 2 && span.error = true')).toBe(
      '(.name = 1 && .status = 2 && span.error = true)',
    );
    expect(condition('span.with = 1 && .nil = nil')).toBe('(span.with = 1 && .nil = nil)');
  });

  it('may have hyphens, slashes, colons, brackets and letters of any alphabet in their names', () => {
    expect(condition('span.a-b/c:d[0]@e = 1')).toBe('span."a-b/c:d[0]@e" = 1');
    expect(condition('.ключ.naïve = 1')).toBe('."ключ.naïve" = 1');
    expect(condition('.1st = 1')).toBe('.1st = 1');
  });

  it('are quoted where their names hold blanks or operators, as a whole or in part', () => {
    expect(condition('span."a b" = 1')).toBe('span."a b" = 1');
    expect(condition('."x=y && {z}" = 1')).toBe('."x=y && {z}" = 1');
    expect(condition('span.a."b c".d = 1')).toBe('span."a.b c.d" = 1');
    expect(condition(String.raw`."say \"hi\" \\ there" = 1`)).toBe(
      `.${JSON.stringify('say "hi" \\ there')} = 1`,
    );
    expect(condition('."// no comment" = 1')).toBe('."// no comment" = 1');
  });

  it('may end at a line break or a tab', () => {
    expect(condition('.a\n= 1\n&& span.b\t= 2')).toBe('(.a = 1 && span.b = 2)');
  });
});

describe('values', () => {
  it('are integers of 64 bits, floats, durations, booleans, statuses and kinds', () => {
    expect(condition('.a = 9223372036854775807')).toBe('.a = 9223372036854775807');
    expect(condition('.a >= -5 && .b < -1.5')).toBe('(.a >= -5 && .b < float -1.5)');
    expect(condition('.a = 1.50')).toBe('.a = float 1.5');
    expect(condition('duration > 1.5ms && duration <= 3us')).toBe(
      '(span:duration > 1500000ns && span:duration <= 3000ns)',
    );
    expect(condition('duration > 7µs && duration > 2h')).toBe(
      '(span:duration > 7000ns && span:duration > 7200000000000ns)',
    );
    expect(condition('.a = true && .b != false')).toBe('(.a = true && .b != false)');
    expect(condition('status = error || status != unset')).toBe(
      '(span:status = error || span:status != unset)',
    );
    expect(condition('kind = consumer && kind != unspecified')).toBe(
      '(span:kind = consumer && span:kind != unspecified)',
    );
  });

  it('are texts in quotation marks, with the escapes \\" \\\\ \\n \\t \\u', () => {
    expect(condition(String.raw`name = "a \"b\" \\ \n \t \u00e9"`)).toBe(
      `span:name = ${JSON.stringify('a "b" \\ \n \t é')}`,
    );
    expect(condition('name = "{ a } // && \' ` 漢字"')).toBe('span:name = "{ a } // && \' ` 漢字"');
    expect(condition('name = ""')).toBe('span:name = ""');
  });

  it('are texts in backquotes without any escape', () => {
    expect(condition('name =~ `\\d+ "x"`')).toBe(`span:name =~ ${JSON.stringify('\\d+ "x"')}`);
  });

  it('may stand on the left', () => {
    expect(condition('200 <= .status && 5s > duration')).toBe(
      '(.status >= 200 && span:duration < 5000000000ns)',
    );
    expect(condition('nil != .a && "x" = name')).toBe('(.a != nil && span:name = "x")');
  });

  it('are nil for what is missing', () => {
    expect(condition('.a = nil && span.b != nil')).toBe('(.a = nil && span.b != nil)');
    expect(condition('span:parentID = nil && event:name != nil')).toBe(
      '(span:parentID = nil && event:name != nil)',
    );
  });
});

describe('conditions', () => {
  it('bind comparisons before && before ||', () => {
    expect(condition('.a = 1 || .b = 2 && .c = 3 || .d = 4')).toBe(
      '(.a = 1 || (.b = 2 && .c = 3) || .d = 4)',
    );
    expect(condition('(.a = 1 || .b = 2) && .c = 3')).toBe('((.a = 1 || .b = 2) && .c = 3)');
  });

  it('end a negative number where it ends', () => {
    expect(condition('.a > -5 && .b = 1 || .c = -1')).toBe('((.a > -5 && .b = 1) || .c = -1)');
  });

  it('may be in more parentheses than needed', () => {
    expect(condition('((((.a)) = (1)))')).toBe('.a = 1');
    expect(condition('(((.a = 1) && (.b = 2)))')).toBe('(.a = 1 && .b = 2)');
  });

  it('may be a boolean attribute, or true and false themselves', () => {
    expect(condition('.cached || span.hit && true')).toBe('(.cached = true || (span.hit = true && true))');
    expect(condition('false')).toBe('false');
  });

  it('may hold comments', () => {
    expect(condition('.a = 1 // && .b = 2\n && /* {"( */ .c = 3')).toBe('(.a = 1 && .c = 3)');
  });
});

describe('sets of spans', () => {
  it('bind structural operators from left to right, before && before ||', () => {
    expect(shown('{.a} > {.b} >> {.c}')).toBe('(({.a = true} > {.b = true}) >> {.c = true})');
    expect(shown('{.a} >> {.b} > {.c}')).toBe('(({.a = true} >> {.b = true}) > {.c = true})');
    expect(shown('{} || {} && {} ~ {}')).toBe('({} || ({} && ({} ~ {})))');
    expect(shown('{} >> ({} > {})')).toBe('({} >> ({} > {}))');
  });

  it.each(['>', '>>', '<', '<<', '~', '!>', '!>>', '!<', '!<<', '!~', '&>', '&>>', '&<', '&<<', '&~'])(
    'may stand in the relation %s, with and without blanks',
    (operator) => {
      expect(shown(`{}${operator}{}`)).toBe(`({} ${operator} {})`);
      expect(shown(`{ .a = 1 }\n${operator}\t{ name = "x" }`)).toBe(
        `({.a = 1} ${operator} {span:name = "x"})`,
      );
    },
  );

  it('go through pipelines', () => {
    expect(shown('{} | count() > 2 | avg(duration) >= 1.5s | select(.a, span."b c", name)')).toBe(
      '({} | count() > 2 | avg(span:duration) >= 1500000000ns | select(.a, span."b c", span:name))',
    );
    expect(shown('{} && {} | max(.a) = -1 | min(.a) != 2.5 | sum(.a) < 3')).toBe(
      '(({} && {}) | max(.a) = -1 | min(.a) != float 2.5 | sum(.a) < 3)',
    );
    expect(shown('{} | { .a } >> { .b } | count ( ) = 1')).toBe(
      '({} | ({.a = true} >> {.b = true}) | count() = 1)',
    );
  });

  it('may be the outcome of a pipeline in parentheses', () => {
    expect(shown('({} | count() > 2) && ({ .a } | count() = 1)')).toBe(
      '(({} | count() > 2) && ({.a = true} | count() = 1))',
    );
    expect(shown('((({} | count() > 1)))')).toBe('({} | count() > 1)');
    expect(shown('(count() > 10) || {.a}')).toBe('(({} | count() > 10) || {.a = true})');
  });
});

describe('docs/traceql.md', () => {
  it('shows queries that work', () => {
    const page = readFileSync(new URL('../../../docs/traceql.md', import.meta.url), 'utf8');
    const [, block = ''] = page.split('```');
    const examples = block
      .trim()
      .split('\n')
      .map((line) => line.split(/ {4,}/)[0] as string);
    expect(examples.length).toBeGreaterThan(3);
    for (const example of examples) expect(() => parseQuery(example), example).not.toThrow();
  });
});
