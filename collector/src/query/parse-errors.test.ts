import { describe, expect, it } from 'vitest';
import { QueryError } from './error.ts';
import { parseQuery } from './parse.ts';

const failure = (text: string): QueryError => {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
};

/** The place is where ¦ stands; it is no part of the query. */
const expectFailure = (marked: string, message: RegExp): void => {
  const position = marked.indexOf('¦');
  const error = failure(marked.replace('¦', ''));
  expect(error.message).toMatch(message);
  expect([error.position, error.message]).toEqual([
    position,
    expect.stringContaining(`character ${position + 1})`),
  ]);
};

describe('what is not supported is said at its place:', () => {
  it.each([
    ['{ ¦!.a }', /negation with ! is not supported/],
    ['{ .a ¦+ 1 = 2 }', /arithmetic \(\+\) is not supported/],
    ['{ .a = 2 ¦* 3 }', /arithmetic \(\*\)/],
    ['{ ¦-.a = 1 }', /minus goes with numbers only/],
    ['{ .a = -¦-1 }', /one minus is enough/],
    ['{ .a = ¦.b }', /two attributes with each other is not supported/],
    ['{ ¦parent = nil }', /parent alone is not supported/],
    ['{ ¦span:childCount > 1 }', /span:childCount is not supported; known are span:name/],
    ['{ ¦childCount > 1 }', /"childCount" is no intrinsic/],
    ['{ .a = ¦$x }', /variables such as \$x are not supported/],
    ['{} | ¦rate()', /metrics such as rate\(\)/],
    ['{} | ¦quantile_over_time(duration, 0.99) by (.a)', /metrics/],
    ['{} | ¦rate() by (.a) | topk(5)', /metrics/],
    ['{} | ¦topk(5)', /topk/],
    ['{} | ¦by(.a) | count() > 1', /grouping with by/],
    ['{} | ¦coalesce()', /coalesce\(\) is not supported/],
    ['{} | ¦compare({})', /metrics/],
    ['{} | ¦p99(duration) > 1s', /"p99" is not supported after a \|; supported are count\(\)/],
    ['{} ¦with (most_recent=true)', /hints/],
    ['{} | ¦2 < count()', /goes on the left/],
    ['{} | avg(duration) > ¦1s + 1s', /plain number or duration/],
    ['{} | ¦count() + 1 > 2', /goes on the left/],
    ['{} | ¦count() > 2 && {}', /put a pipeline in parentheses/],
    ['{} && ¦count() > 1', /put a pipeline in parentheses/],
    ['{} | ¦select(.a) && {}', /put a pipeline in parentheses/],
  ])('%s', expectFailure);
});

describe('what can never match is said at its place:', () => {
  it.each([
    ['{ name = ¦5 }', /name is a text and never compares with a number/],
    ['{ duration > ¦"1s" }', /a duration and never compares with a text/],
    ['{ status = ¦"error" }', /written without quotation marks/],
    ['{ status = ¦"broken" }', /a status .* never compares with a text/],
    ['{ kind = ¦error }', /a kind .* never compares with a status/],
    ['{ status ¦> error }', /goes with = and != only/],
    ['{ .a ¦< true }', /goes with = and != only/],
    ['{ .a = ¦error }', /which no attribute holds; a text is written "error"/],
    ['{ .a ¦=~ 5 }', /needs a pattern in quotation marks/],
    ['{ duration ¦!~ 1s }', /needs a pattern/],
    ['{ .a =~ ¦"(" }', /the pattern is wrong: .*missing closing \)/],
    ['{ .a =~ ¦"(?=a)" }', /the pattern is wrong/],
    ['{ .a !~ ¦"(a{1000}){1000}" }', /the pattern is wrong/],
    ['{ "a" ¦=~ .b }', /stands on the right/],
    ['{ ¦1 = 2 }', /needs an attribute or an intrinsic/],
    ['{ ¦name }', /name alone is no condition/],
    ['{ ¦"a" }', /alone is no condition/],
    ['{ .a = 1 && ¦5 }', /alone is no condition/],
    ['{ ¦nil }', /nil alone is no condition/],
    ['{ ¦name = nil }', /never nil/],
    ['{ .a ¦> nil }', /nil goes with = and != only/],
    ['{ .a = 1 ¦= 2 }', /two sides/],
    ['{ ¦(.a = 1) = 2 }', /a condition cannot be compared/],
    ['{ .a = ¦(.b = 1) }', /a condition cannot be compared/],
    ['{ .a ¦~ "x" }', /a pattern goes with =~/],
    ['{} | avg(¦name) > 1', /needs numbers or durations/],
    ['{} | count() > ¦1s', /never compares with a duration/],
    ['{} | count() ¦=~ 1', /aggregates are numbers/],
    ['{} | select(¦1)', /no attribute and no intrinsic/],
    ['{} | select(¦.a = 1)', /only an attribute or an intrinsic/],
    ['{ .a = ¦99999999999999999999 }', /larger than a 64-bit integer/],
  ])('%s', expectFailure);
});

describe('what is misspelt is said at its place:', () => {
  it.each([
    ['{ ¦foo = 1 }', /"foo" is no intrinsic .* \.foo or span\.foo/],
    ['{ ¦http.status_code = 200 }', /\.http\.status_code or span\.http\.status_code/],
    ['{ .a = ¦foo }', /"foo" must stand in quotation marks/],
    ["{ .a = ¦'x' }", /double quotation marks/],
    ['{ .a =¦= 1 }', /one =/],
    ['{ .a = 1 ¦and .b = 2 }', /and is written &&/],
    ['{ .a = 1 ¦OR .b = 2 }', /OR is written \|\|/],
    ['{ duration > ¦1h30m }', /no duration such as 300ms/],
    ['{ duration > ¦5d }', /no duration such as 300ms/],
    ['{ .a = ¦1e5 }', /"1e5" is no number/],
    ['{ .a = ¦"x }', /unfinished quotation/],
    ['{ .a = ¦`x }', /unfinished quotation/],
    ['{ .a = ¦"x\n" }', /unfinished quotation/],
    ['{ .a = "x ¦\\d" }', /the escape \\d is not known; write \\\\d or put the text in backquotes/],
    ['{ ¦/* }', /comment is never closed/],
    ['{ span.¦ = 1 }', /attribute name is missing after span\./],
    ['{ .a = ¦.5 }', /begins with a digit: 0\.5/],
    ['{ .¦ = 1 }', /attribute name is missing after the dot/],
    ['¦{ .a = 1', /this \{ is never closed/],
    ['{ ¦(.a = 1 ', /this \( is never closed/],
    ['{ .a = 1 ¦) }', /this \) cannot close the \{/],
    ['{ .a = 1 } ¦}', /nothing is open/],
    ['{ .a = 1 } ¦foo', /an operator such as && or >>.* was expected, not foo/],
    ['{ .a ¦.b }', /a comparison .* was expected, not \.b/],
    ['{ .a = 1 ¦.b = 2 }', /&&, \|\| or the closing bracket was expected/],
    ['{ .a = ¦}', /a value such as .* was expected, not \}/],
    ['{ .a = 1 && ¦}', /an attribute such as .* was expected/],
    ['{¦{}}', /was expected, not \{/],
    ['{(¦)}', /was expected, not \)/],
    ['{} ¦{}', /an operator .* was expected/],
    ['{} >>¦', /in braces, .* is missing at the end/],
    ['{} |¦', /count\(\), .* is missing at the end/],
    ['{} | count() >¦', /a number or a duration is missing at the end/],
    ['{} | count()¦', /a comparison .* is missing at the end/],
    ['{} | select(.a ¦.b)', /a comma or the closing parenthesis was expected/],
    ['{} | sum(¦) > 2', /an attribute such as .* was expected/],
    ['{ .a = 1 } ¦? {}', /has no meaning here/],
  ])('%s', expectFailure);
});

describe('excess', () => {
  it('is refused before anything recurses', () => {
    expect(failure(`{ .a${' || .a'.repeat(5000)} }`).message).toMatch(/join 250 conditions/);
    expect(failure(`{}${' >> {}'.repeat(5000)}`).message).toMatch(/join 250 conditions/);
    expect(failure(`{ ${'('.repeat(100)}.a${')'.repeat(100)} }`).message).toMatch(/nest 50 deep/);
    expect(failure(`{ ${'!'.repeat(5000)}.a }`).message).toMatch(/nest 50 deep/);
    expect(failure('{('.repeat(3000)).message).toMatch(/nest 50 deep/);
    expect(failure(`{ name = "${'x'.repeat(40_000)}" }`).message).toMatch(/32768 characters/);
  });

  it('begins beyond what people write', () => {
    const user = 'x'.repeat(60);
    for (const operator of ['&&', '||']) {
      const conditions = Array.from({ length: 251 }, (_, i) => `span.user = "${user}${i}"`).join(operator);
      const { spans } = parseQuery(`{ ${conditions} }`);
      expect(spans).toMatchObject({ condition: { operands: { length: 251 } } });
    }
    for (const operator of ['&&', '>>', '!~', '|']) {
      const filters = Array.from({ length: 251 }, (_, i) => `{ span.user = "${user}${i}" }`).join(operator);
      expect(() => parseQuery(filters)).not.toThrow();
    }
    expect(() => parseQuery(`{ name = "${'x'.repeat(20_000)}" }${' >> {}'.repeat(250)}`)).not.toThrow();
    expect(() => parseQuery(`{} | select(${Array(250).fill('span.some_key').join(', ')})`)).not.toThrow();
  });
});
