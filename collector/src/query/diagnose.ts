import { QueryError } from './error.ts';
import { type Expectation, expectationAfter } from './expectation.ts';
import { INTRINSIC_ALIASES, INTRINSIC_NAMES, intrinsicNamed } from './intrinsics.ts';
import { numberLiteral, wordLiteral } from './literals.ts';
import type { Token } from './tokens.ts';

const WANTED: Readonly<Record<Expectation['expects'], string>> = {
  spanset: 'a condition on spans in braces, such as { status = error },',
  spansetOperator: 'an operator such as && or >>, a | or the end of the query',
  stage: 'count(), avg(…), max(…), min(…), sum(…), select(…) or { … }',
  field: 'an attribute such as .foo or span.foo, or an intrinsic such as name or duration,',
  connector: '&&, || or the closing bracket',
  separator: 'a comma or the closing parenthesis',
  operator: 'a comparison (=, !=, <, <=, >, >=, =~ or !~)',
  value: 'a value such as "text", 200, 1.5s, true, error or nil',
  aggregateOperator: 'a comparison (=, !=, <, <=, > or >=)',
  number: 'a number or a duration',
  openParenthesis: 'an opening parenthesis',
};

/** `span.` before anything else; complete ones are attributes. */
const SCOPE_ALONE = /^(?:parent|span|resource|event|link|instrumentation)\.$/;

const LOGICAL: Readonly<Record<string, string>> = { and: '&&', or: '||' };

/** Mistakes that show in the tokens alone: what is open and never closed, and characters of no token. */
const unfinished = (tokens: readonly Token[]): QueryError | undefined => {
  const open: Token[] = [];
  for (const token of tokens) {
    const error = unfinishedToken(token) ?? mismatch(token, open);
    if (error) return error;
    if (token.text === '{' || token.text === '(') open.push(token);
    if (token.text === '}' || token.text === ')') open.pop();
  }
  const last = open.at(-1);
  return last && new QueryError(`this ${last.text} is never closed`, last.from);
};

const unfinishedToken = (token: Token): QueryError | undefined => {
  if (token.kind === 'string' && !token.closed) {
    return new QueryError('unfinished quotation: the closing mark is missing', token.from);
  }
  if (token.kind === 'open-comment') return new QueryError('this comment is never closed', token.from);
  if (token.kind === 'word' && SCOPE_ALONE.test(token.text)) {
    return new QueryError(`an attribute name is missing after ${token.text}`, token.to);
  }
  if (token.kind !== 'unknown') return undefined;
  if (token.text === "'") {
    return new QueryError('texts are written in double quotation marks or in backquotes', token.from);
  }
  if (token.text === '.') return new QueryError('an attribute name is missing after the dot', token.to);
  return new QueryError(`${JSON.stringify(token.text)} has no meaning here`, token.from);
};

const mismatch = (token: Token, open: readonly Token[]): QueryError | undefined => {
  if (token.text !== '}' && token.text !== ')') return undefined;
  const wanted = token.text === '}' ? '{' : '(';
  const last = open.at(-1);
  if (last === undefined) return new QueryError(`nothing is open that this ${token.text} closes`, token.from);
  return last.text === wanted
    ? undefined
    : new QueryError(`this ${token.text} cannot close the ${last.text} before it`, token.from);
};

/** The error for a query that the grammar refuses at this place. */
const unexpected = (tokens: readonly Token[], position: number, end: number): QueryError => {
  const before = tokens.filter((token) => token.to <= position);
  const token = tokens[before.length];
  const { expects } = expectationAfter(before);
  if (token === undefined) return new QueryError(`${WANTED[expects]} is missing at the end`, end);
  return (
    wrongWord(token, expects) ??
    wrongNumber(token) ??
    new QueryError(
      token.text === '=' && before.at(-1)?.text === '='
        ? 'equality is written with one ='
        : `${WANTED[expects]} was expected, not ${token.text}`,
      token.from,
    )
  );
};

const wrongWord = (token: Token, expects: Expectation['expects']): QueryError | undefined => {
  if (token.kind !== 'word') return undefined;
  const word = token.text;
  const logical = LOGICAL[word.toLowerCase()];
  const message = logical
    ? `${word} is written ${logical}`
    : expects === 'field'
      ? wrongField(word)
      : expects === 'value' && !intrinsicNamed(word) && !wordLiteral(word)
        ? `"${word}" must stand in quotation marks`
        : expects === 'stage'
          ? `"${word}" is not supported after a |; supported are ${WANTED.stage}`
          : undefined;
  return message === undefined ? undefined : new QueryError(message, token.from);
};

const wrongField = (word: string): string => {
  if (wordLiteral(word) || intrinsicNamed(word)) return `${word} cannot stand here`;
  const scope = /^([a-z]+):/.exec(word)?.[1];
  const siblings = INTRINSIC_NAMES.filter((name) => name.startsWith(`${scope}:`));
  if (siblings.length > 0) return `${word} is not supported; known are ${siblings.join(', ')}`;
  const known = [...INTRINSIC_ALIASES.keys()].join(', ');
  return `"${word}" is no intrinsic (${known}); an attribute needs a dot or a scope: .${word} or span.${word}`;
};

const wrongNumber = (token: Token): QueryError | undefined => {
  if (token.kind !== 'number') return undefined;
  try {
    numberLiteral(token.text, token.from);
    return undefined;
  } catch (error) {
    return error as QueryError;
  }
};

export const diagnose = { unfinished, unexpected };
