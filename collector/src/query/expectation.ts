import type { ComparisonOperator, Field } from './ast.ts';
import { COMPARISONS } from './ast.ts';
import { intrinsicNamed } from './intrinsics.ts';
import { keyLiteral, wordLiteral } from './literals.ts';
import type { Token } from './tokens.ts';

/** What a query may go on with. */
export type Expectation =
  | { readonly expects: 'spanset' | 'spansetOperator' | 'stage' }
  | { readonly expects: 'field' | 'connector' | 'separator' }
  | { readonly expects: 'operator'; readonly field: Field }
  | { readonly expects: 'value'; readonly field: Field | undefined; readonly operator: ComparisonOperator }
  | { readonly expects: 'aggregateOperator' | 'number' | 'openParenthesis' };

const isComparison = (token: Token | undefined): boolean =>
  token?.kind === 'operator' && COMPARISONS.some((one) => one === token.text);

/** The field that the token names, if it names one. */
export const fieldOf = (token: Token | undefined): Field | undefined => {
  if (token?.kind === 'attribute') {
    const { scope, ofParent, rawKey } = token;
    return { type: 'attribute', scope, key: keyLiteral(rawKey), ofParent };
  }
  const name = token?.kind === 'word' ? intrinsicNamed(token.text) : undefined;
  return name && { type: 'intrinsic', name };
};

type Surroundings = 'spansets' | 'condition' | 'arguments';

/** Which bracket the end of the tokens is in. */
const surroundingsOf = (tokens: readonly Token[]): Surroundings => {
  const open: Surroundings[] = ['spansets'];
  tokens.forEach((token, i) => {
    const around = open[open.length - 1] as Surroundings;
    if (token.text === '{') open.push('condition');
    else if (token.text === '(') open.push(tokens[i - 1]?.kind === 'word' ? 'arguments' : around);
    else if ((token.text === '}' || token.text === ')') && open.length > 1) open.pop();
  });
  return open[open.length - 1] as Surroundings;
};

/** What may follow these tokens, the beginning of a query: for completion, and for saying what is missing. */
export const expectationAfter = (tokens: readonly Token[]): Expectation => {
  const around = surroundingsOf(tokens);
  if (around === 'spansets') return afterSpanset(tokens);
  const field = fieldOf(tokens.at(-1));
  if (around === 'arguments') return { expects: field ? 'separator' : 'field' };
  return insideCondition(tokens, field);
};

const insideCondition = (tokens: readonly Token[], field: Field | undefined): Expectation => {
  const last = tokens.at(-1);
  const operatorAt = last?.text === '-' ? -2 : -1;
  if (isComparison(tokens.at(operatorAt))) {
    const operator = tokens.at(operatorAt)?.text as ComparisonOperator;
    return { expects: 'value', field: fieldOf(tokens.at(operatorAt - 1)), operator };
  }
  const isValue = last?.kind === 'string' || last?.kind === 'number' || (last && wordLiteral(last.text));
  if (isComparison(tokens.at(-2)) || isValue || last?.text === ')' || last?.text === 'nil') {
    return { expects: 'connector' };
  }
  return field ? { expects: 'operator', field } : { expects: 'field' };
};

const afterSpanset = (tokens: readonly Token[]): Expectation => {
  const last = tokens.at(-1);
  if (last === undefined) return { expects: 'spanset' };
  if (last.text === '|') return { expects: 'stage' };
  if (last.kind === 'word') return { expects: 'openParenthesis' };
  if (last.text === ')' && isCall(tokens)) {
    return { expects: calledWord(tokens) === 'select' ? 'spansetOperator' : 'aggregateOperator' };
  }
  // `{} > …` goes on with spans, `count() > …` with a number.
  if (isComparison(last) && isCall(tokens.slice(0, -1))) return { expects: 'number' };
  if (last.text === '-') return { expects: 'number' };
  const isOperand = last.text === '}' || last.text === ')' || last.kind === 'number';
  return { expects: isOperand ? 'spansetOperator' : 'spanset' };
};

/** The word before the parentheses that the last token closes, if that is what it does. */
const calledWord = (tokens: readonly Token[]): string | undefined => {
  if (tokens.at(-1)?.text !== ')') return undefined;
  let depth = 0;
  for (let i = tokens.length - 1; i >= 0; i -= 1) {
    const token = tokens[i] as Token;
    if (token.text === ')') depth += 1;
    if (token.text === '(') depth -= 1;
    if (depth === 0) return tokens[i - 1]?.kind === 'word' ? tokens[i - 1]?.text : undefined;
  }
  return undefined;
};

const isCall = (tokens: readonly Token[]): boolean => calledWord(tokens) !== undefined;
