import type { AttributeValue } from '../model/index.ts';
import type { ComparisonOperator, OrderOperator, Static } from './ast.ts';
import { compilePattern } from './regex.ts';

/** Whether a value compares; undefined stands for a field that the span does not have. */
export type ValueTest = (value: AttributeValue | undefined) => boolean;

/** Undefined where the two are of different types, which never match. */
type ScalarTest = (value: AttributeValue) => boolean | undefined;

/**
 * The test of `operator value`, good for any number of values: spans' own, or a column's dictionary.
 *
 * - A missing value and one of another type match nothing, not even `!=`. Integers, floats and durations are numbers.
 * - An array, and the attributes of several events or links, match where one element does; `!=` and `!~` match where
 *   none is equal and at least one is of the type.
 */
export const valueTest = (operator: ComparisonOperator, value: Static): ValueTest => {
  if (operator === '!=') return noneOf(scalarTest('=', value));
  if (operator === '!~') return noneOf(scalarTest('=~', value));
  return anyOf(scalarTest(operator, value));
};

const isArray = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value);

const anyOf = (test: ScalarTest): ValueTest => {
  const any = (value: AttributeValue | undefined): boolean =>
    value !== undefined && (isArray(value) ? value.some(any) : test(value) === true);
  return any;
};

const noneOf = (test: ScalarTest): ValueTest => {
  /** The worst answer of all: equal, before of the type, before of another type. */
  const worst = (value: AttributeValue): boolean | undefined => {
    if (!isArray(value)) return test(value);
    let answer: boolean | undefined;
    for (const element of value) {
      const one = worst(element);
      if (one === true) return true;
      if (one === false) answer = false;
    }
    return answer;
  };
  return (value) => value !== undefined && worst(value) === false;
};

const scalarTest = (operator: Exclude<ComparisonOperator, '!=' | '!~'>, expected: Static): ScalarTest => {
  if (expected.type === 'boolean') {
    return (value) => (typeof value === 'boolean' ? value === expected.value : undefined);
  }
  if (expected.type === 'int' || expected.type === 'float' || expected.type === 'duration') {
    const compares = numberTest(operator as OrderOperator, expected.value);
    return (value) => (typeof value === 'number' || typeof value === 'bigint' ? compares(value) : undefined);
  }
  const compares = textTest(operator, expected.value);
  return (value) => (typeof value === 'string' ? compares(value) : undefined);
};

const textTest = (
  operator: Exclude<ComparisonOperator, '!=' | '!~'>,
  expected: string,
): ((text: string) => boolean) => {
  switch (operator) {
    case '=':
      return (text) => text === expected;
    case '<':
      return (text) => text < expected;
    case '<=':
      return (text) => text <= expected;
    case '>':
      return (text) => text > expected;
    case '>=':
      return (text) => text >= expected;
    case '=~':
      return compilePattern(expected);
  }
};

/** Integers of 64 bits and floats compare exactly, without rounding one to the other's type. */
export const numberTest = (
  operator: OrderOperator,
  expected: number | bigint,
): ((value: number | bigint) => boolean) => {
  switch (operator) {
    case '=':
      return (value) => value <= expected && value >= expected;
    case '!=':
      return (value) => !(value <= expected && value >= expected);
    case '<':
      return (value) => value < expected;
    case '<=':
      return (value) => value <= expected;
    case '>':
      return (value) => value > expected;
    case '>=':
      return (value) => value >= expected;
  }
};
