import type { Comparison, ComparisonOperator, Field, FieldExpression, Static } from './ast.ts';
import { QueryError } from './error.ts';
import { type IntrinsicType, traitsOf } from './intrinsics.ts';
import { wordLiteral } from './literals.ts';
import { compilePattern, PatternError } from './regex.ts';

/** One side of a comparison as it is written. */
export type Operand = { readonly from: number; readonly text: string } & (
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'static'; readonly value: Static }
  | { readonly kind: 'nil' }
);

export interface WrittenOperator {
  readonly text: ComparisonOperator;
  readonly from: number;
}

const MIRRORED: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
};

const TYPE_NAMES: Readonly<Record<Static['type'], string>> = {
  string: 'a text',
  int: 'a number',
  float: 'a number',
  duration: 'a duration',
  boolean: 'a boolean',
  status: 'a status (error, ok or unset)',
  kind: 'a kind (server, client, producer, consumer, internal or unspecified)',
};

/** `field operator value`, whichever side the field is on. Throws `QueryError` where the two can never compare. */
export const comparisonOf = (left: Operand, operator: WrittenOperator, right: Operand): FieldExpression => {
  if (left.kind === 'field') return fieldAgainst(left.field, left, operator, right);
  const mirrored = MIRRORED[operator.text];
  if (right.kind !== 'field')
    throw new QueryError('a comparison needs an attribute or an intrinsic', left.from);
  if (mirrored === undefined) {
    throw new QueryError(`the pattern of ${operator.text} stands on the right`, operator.from);
  }
  return fieldAgainst(right.field, right, { text: mirrored, from: operator.from }, left);
};

const fieldAgainst = (
  field: Field,
  written: Operand,
  operator: WrittenOperator,
  right: Operand,
): FieldExpression => {
  if (right.kind === 'field') {
    throw new QueryError(
      /^\.\d+$/.test(right.text)
        ? `a number begins with a digit: 0${right.text}`
        : 'comparing two attributes with each other is not supported',
      right.from,
    );
  }
  if (right.kind === 'nil') return existence(field, written, operator);
  const value = right.value;
  refuseTypes(field, written, value, right);
  refuseOperator(operator, value);
  return { type: 'comparison', field, operator: operator.text, value } satisfies Comparison;
};

const existence = (field: Field, written: Operand, operator: WrittenOperator): FieldExpression => {
  if (operator.text !== '=' && operator.text !== '!=') {
    throw new QueryError(`nil goes with = and != only, not with ${operator.text}`, operator.from);
  }
  if (field.type === 'intrinsic' && !traitsOf(field.name).optional) {
    throw new QueryError(`${written.text} is never nil: every span has it`, written.from);
  }
  return { type: 'exists', field, exists: operator.text === '!=' };
};

const NUMERIC: readonly Static['type'][] = ['int', 'float', 'duration'];

const fits = (type: IntrinsicType, value: Static): boolean =>
  type === 'duration' ? NUMERIC.includes(value.type) : type === value.type;

const refuseTypes = (field: Field, written: Operand, value: Static, right: Operand): void => {
  if (field.type === 'attribute') {
    if (value.type !== 'status' && value.type !== 'kind') return;
    throw new QueryError(
      `${right.text} is ${TYPE_NAMES[value.type]}, which no attribute holds; a text is written "${right.text}"`,
      right.from,
    );
  }
  const type = traitsOf(field.name).type;
  if (fits(type, value)) return;
  const word = value.type === 'string' ? wordLiteral(value.value) : undefined;
  if (word?.type === type) {
    throw new QueryError(`${word.value} is written without quotation marks here`, right.from);
  }
  throw new QueryError(
    `${written.text} is ${TYPE_NAMES[type]} and never compares with ${TYPE_NAMES[value.type]}`,
    right.from,
  );
};

const refuseOperator = (operator: WrittenOperator, value: Static): void => {
  const isPattern = operator.text === '=~' || operator.text === '!~';
  if (isPattern && value.type !== 'string') {
    throw new QueryError(`${operator.text} needs a pattern in quotation marks`, operator.from);
  }
  const isOrdered = value.type === 'string' || NUMERIC.includes(value.type);
  if (!isOrdered && operator.text !== '=' && operator.text !== '!=') {
    throw new QueryError(`${TYPE_NAMES[value.type]} goes with = and != only`, operator.from);
  }
};

/** Throws `QueryError` where the pattern of a comparison cannot be compiled. */
export const refusePattern = (expression: FieldExpression, position: number): void => {
  if (expression.type !== 'comparison' || expression.value.type !== 'string') return;
  if (expression.operator !== '=~' && expression.operator !== '!~') return;
  try {
    compilePattern(expression.value.value);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new QueryError(`the pattern is wrong: ${error.message}`, position);
  }
};
