import type { SyntaxNode } from '@lezer/common';
import type { ComparisonOperator, Field, FieldExpression } from './ast.ts';
import { COMPARISONS } from './ast.ts';
import { comparisonOf, type Operand, refusePattern, type WrittenOperator } from './comparison.ts';
import { QueryError } from './error.ts';
import { fieldOf } from './expectation.ts';
import { type Item, rowOf, splitAt } from './items.ts';
import { negated, numberLiteral, stringLiteral, wordLiteral } from './literals.ts';
import type { QueryTree } from './tree.ts';

/** The condition that a `FieldExpression` stands for. Throws `QueryError` where a part of it is not supported. */
export const conditionOf = (node: SyntaxNode, tree: QueryTree): FieldExpression =>
  disjunction(rowOf(node, tree.plain), tree);

const disjunction = (row: readonly Item[], tree: QueryTree): FieldExpression =>
  joined(
    'or',
    splitAt(row, '||').map((part) => conjunction(part, tree)),
  );

const conjunction = (row: readonly Item[], tree: QueryTree): FieldExpression =>
  joined(
    'and',
    splitAt(row, '&&').map((part) => single(part, tree)),
  );

const joined = (type: 'and' | 'or', operands: readonly FieldExpression[]): FieldExpression =>
  operands.length === 1 ? (operands[0] as FieldExpression) : { type, operands };

/** A comparison, a boolean, or a condition in parentheses. */
const single = (row: readonly Item[], tree: QueryTree): FieldExpression => {
  refuseArithmetic(row);
  const items = withSigns(row, tree);
  const [left, operator, right, more] = items as [Part, Part | undefined, Part | undefined, Part | undefined];
  if (operator === undefined) return 'condition' in left ? left.condition : alone(operandOf(left));
  if (more !== undefined)
    throw new QueryError('a comparison has two sides; join comparisons with &&', more.from);
  const expression = comparisonOf(operandOf(left), operatorOf(operator), operandOf(right as Part));
  refusePattern(expression, (right as Part).from);
  return expression;
};

type Part =
  | { readonly from: number; readonly operand: Operand }
  | { readonly from: number; readonly condition: FieldExpression }
  | { readonly from: number; readonly operator: ComparisonOperator };

/** Puts a minus and its number together, and looks into parentheses. */
const withSigns = (row: readonly Item[], tree: QueryTree): readonly Part[] => {
  const parts: Part[] = [];
  let minus: number | undefined;
  for (const item of row) {
    if (item.kind === 'prefix') {
      if (item.text === '!') {
        throw new QueryError('negation with ! is not supported; turn the comparison round', item.from);
      }
      if (minus !== undefined) throw new QueryError('one minus is enough', item.from);
      minus = item.from;
    } else {
      const part = partOf(item, tree);
      parts.push(minus === undefined ? part : { from: minus, operand: minusOf(part, minus) });
      minus = undefined;
    }
  }
  return parts;
};

const partOf = (item: Item, tree: QueryTree): Part => {
  if (item.kind === 'operand') return { from: item.from, operand: operandAt(item.node, tree) };
  if (item.kind !== 'group') return { from: item.from, operator: item.text as ComparisonOperator };
  const row = rowOf(item.node, tree.plain);
  const [only] = row;
  // `((.foo)) = 1`: parentheses around a side of the comparison say nothing.
  if (row.length === 1 && only) return { ...partOf(only, tree), from: item.from };
  return { from: item.from, condition: disjunction(row, tree) };
};

const minusOf = (part: Part, minus: number): Operand => {
  const operand = operandOf(part);
  const value = operand.kind === 'static' ? operand.value : undefined;
  if (value?.type === 'int' || value?.type === 'float' || value?.type === 'duration') {
    return { kind: 'static', value: negated(value), from: minus, text: `-${operand.text}` };
  }
  throw new QueryError('a minus goes with numbers only; arithmetic is not supported', minus);
};

const operandOf = (part: Part): Operand => {
  if ('operand' in part) return part.operand;
  throw new QueryError(
    'condition' in part ? 'a condition cannot be compared with a value' : 'a value is missing here',
    part.from,
  );
};

const operatorOf = (part: Part): WrittenOperator => {
  if ('operator' in part) return { text: part.operator, from: part.from };
  throw new QueryError('a comparison is missing here', part.from);
};

/** What stays between `&&` and `||` are comparisons only. */
const refuseArithmetic = (row: readonly Item[]): void => {
  for (const item of row) {
    if (item.kind !== 'operator' || COMPARISONS.some((one) => one === item.text)) continue;
    throw new QueryError(
      item.text === '~'
        ? '~ compares sets of spans; a pattern goes with =~'
        : `arithmetic (${item.text}) is not supported`,
      item.from,
    );
  }
};

/** An operand that is compared with nothing. */
const alone = (operand: Operand): FieldExpression => {
  if (operand.kind === 'static' && operand.value.type === 'boolean') {
    return { type: 'constant', value: operand.value.value };
  }
  if (operand.kind === 'field' && operand.field.type === 'attribute') {
    return {
      type: 'comparison',
      field: operand.field,
      operator: '=',
      value: { type: 'boolean', value: true },
    };
  }
  throw new QueryError(
    `${operand.text} alone is no condition: compare it, as in name = "text"`,
    operand.from,
  );
};

const operandAt = (node: SyntaxNode, tree: QueryTree): Operand => {
  const token = tree.tokenFrom.get(node.from);
  const text = token?.text ?? tree.plain.slice(node.from, node.to).trim();
  const written = { from: node.from, text };
  const field = fieldOf(token);
  if (field) return { ...written, kind: 'field', field };
  if (text === 'nil') return { ...written, kind: 'nil' };
  if (token?.kind === 'string') {
    return { ...written, kind: 'static', value: { type: 'string', value: stringLiteral(text, node.from) } };
  }
  if (token?.kind === 'number') {
    return { ...written, kind: 'static', value: numberLiteral(text, node.from) };
  }
  const value = wordLiteral(text);
  if (value) return { ...written, kind: 'static', value };
  if (text === 'parent') {
    throw new QueryError('parent alone is not supported; roots are { span:parentID = nil }', node.from);
  }
  throw new QueryError(
    text.startsWith('$') ? `variables such as ${text} are not supported` : `${text} is not supported`,
    node.from,
  );
};

/** The attribute or intrinsic that a `FieldExpression` names. Throws `QueryError` where it is anything else. */
export const fieldAt = (node: SyntaxNode, tree: QueryTree): Field => {
  const row = rowOf(node, tree.plain);
  const [only] = row;
  if (row.length !== 1 || only?.kind !== 'operand') {
    throw new QueryError('only an attribute or an intrinsic can stand here', node.from);
  }
  const operand = operandAt(only.node, tree);
  if (operand.kind !== 'field') {
    throw new QueryError(`${operand.text} is no attribute and no intrinsic`, operand.from);
  }
  return operand.field;
};
