import { parser } from '@grafana/lezer-traceql';
import type { SyntaxNode } from '@lezer/common';
import { diagnose } from './diagnose.ts';
import { QueryError } from './error.ts';
import { plainText } from './plain-text.ts';
import { type Token, tokensOf } from './tokens.ts';

/** `@lezer/lr` gives up on rows of more than 300 left-associative steps where they begin with a long text. */
const MAX_JOINED = 250;
/** Everything after the parser recurses by nesting. */
const MAX_NESTING = 50;
const MAX_LENGTH = 32_768;

/** A tree without errors, and the tokens to read names and strings from. */
export interface QueryTree {
  readonly top: SyntaxNode;
  /** As the grammar saw it, for the tokens that are no nodes. */
  readonly plain: string;
  readonly tokenFrom: ReadonlyMap<number, Token>;
}

/** Throws `QueryError` at the first place that fits nothing. */
export const parseTree = (text: string): QueryTree => {
  if (text.length > MAX_LENGTH) {
    throw new QueryError(`a query may have ${MAX_LENGTH} characters`, MAX_LENGTH);
  }
  const tokens = tokensOf(text);
  refuseExcess(tokens);
  const unfinished = diagnose.unfinished(tokens);
  if (unfinished) throw unfinished;
  const plain = plainText(text, tokens);
  const tree = parser.parse(plain);
  let wrong: number | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && (wrong === undefined || node.from < wrong)) wrong = node.from;
    },
  });
  if (wrong !== undefined) throw diagnose.unexpected(tokens, wrong, text.length);
  return { top: tree.topNode, plain, tokenFrom: new Map(tokens.map((token) => [token.from, token])) };
};

const JOINS_CONDITIONS = /^(?:&&|\|\||,)$/;
const JOINS_SPANS = /^(?:&&|\|\||\||,|[!&]?(?:>>|<<|>|<|~))$/;

const refuseExcess = (tokens: readonly Token[]): void => {
  let joined = 0;
  let depth = 0;
  let signs = 0;
  let joins = JOINS_SPANS;
  for (const token of tokens) {
    if (token.text === '{') joins = JOINS_CONDITIONS;
    if (token.text === '}') joins = JOINS_SPANS;
    if (joins.test(token.text)) joined += 1;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    signs = token.text === '-' || token.text === '!' ? signs + 1 : 0;
    if (joined > MAX_JOINED) {
      throw new QueryError(
        `a query may join ${MAX_JOINED} conditions; many values of one field are one pattern: =~ "a|b|c"`,
        token.from,
      );
    }
    if (depth + signs > MAX_NESTING) {
      throw new QueryError(`a query may nest ${MAX_NESTING} deep`, token.from);
    }
  }
};
