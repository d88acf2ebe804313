import type { SyntaxNode } from '@lezer/common';
import type { Relation, SpansetExpression, Stage, StructuralExpression } from './ast.ts';
import { EVERY_SPAN, RELATIONS } from './ast.ts';
import { QueryError } from './error.ts';
import { conditionOf } from './filter.ts';
import { type Item, rowOf, splitAt } from './items.ts';
import { stageOf } from './stages.ts';
import type { QueryTree } from './tree.ts';

/** The spans that a `SpansetPipelineExpression` stands for. Throws `QueryError` where a part is not supported. */
export const spansetOf = (node: SyntaxNode, tree: QueryTree): SpansetExpression =>
  pipeline(rowOf(node, tree.plain), tree);

const pipeline = (row: readonly Item[], tree: QueryTree): SpansetExpression => {
  const [first, ...later] = splitAt(row, '|') as [readonly Item[], ...(readonly Item[])[]];
  // `count() > 10` alone speaks of every span of the trace.
  const opening = isStage(first) ? [stageAt(first, tree)] : [];
  const source = opening.length > 0 ? EVERY_SPAN : disjunction(first, tree);
  const stages = [...opening, ...later.map((part) => stageAt(part, tree))];
  return stages.length === 0 ? source : { type: 'pipeline', source, stages };
};

const isStage = (row: readonly Item[]): boolean => {
  const [only] = row;
  return row.length === 1 && only?.kind === 'operand' && only.node.firstChild?.name !== 'SpansetFilter';
};

const stageAt = (row: readonly Item[], tree: QueryTree): Stage => {
  const [only] = row;
  return isStage(row) && only?.kind === 'operand'
    ? stageOf(only.node.firstChild as SyntaxNode, tree)
    : { type: 'among', expression: disjunction(row, tree) };
};

const disjunction = (row: readonly Item[], tree: QueryTree): SpansetExpression =>
  joined(
    'or',
    splitAt(row, '||').map((part) => conjunction(part, tree)),
  );

const conjunction = (row: readonly Item[], tree: QueryTree): SpansetExpression =>
  joined(
    'and',
    splitAt(row, '&&').map((part) => structure(part, tree)),
  );

const joined = (type: 'and' | 'or', operands: readonly SpansetExpression[]): SpansetExpression =>
  operands.length === 1 ? (operands[0] as SpansetExpression) : { type, operands };

/** Structural operators have one rank and are read from left to right, as in Tempo. */
const structure = (row: readonly Item[], tree: QueryTree): SpansetExpression => {
  const [first, ...rest] = row;
  let left = spans(first as Item, tree);
  for (let i = 0; i < rest.length; i += 2) {
    const operator = rest[i] as Item;
    const right = spans(rest[i + 1] as Item, tree);
    left = { type: 'structural', ...relationOf(operator), left, right };
  }
  return left;
};

const KEPT: Readonly<Record<string, StructuralExpression['keep']>> = { '!': 'unrelated', '&': 'both' };

const relationOf = (operator: Item): Pick<StructuralExpression, 'relation' | 'keep'> => {
  const text = operator.kind === 'operator' ? operator.text : '';
  const keep = KEPT[text[0] as string];
  const bare = keep ? text.slice(1) : text;
  const relation = RELATIONS.find((one: Relation) => one === bare);
  if (relation) return { relation, keep: keep ?? 'right' };
  throw new QueryError(`the operator ${text} between spans is not supported`, operator.from);
};

const spans = (item: Item, tree: QueryTree): SpansetExpression => {
  if (item.kind === 'group') {
    const inner = item.node;
    const row: readonly Item[] =
      inner.name === 'WrappedSpansetPipeline'
        ? [{ kind: 'operand', node: inner.firstChild as SyntaxNode, from: inner.from }]
        : rowOf(inner, tree.plain);
    return pipeline(row, tree);
  }
  const node = item.kind === 'operand' ? (item.node.firstChild as SyntaxNode) : undefined;
  if (node?.name !== 'SpansetFilter') {
    throw new QueryError(
      'only conditions in braces can be joined; put a pipeline in parentheses, as in ({ … } | count() > 2) && { … }',
      item.from,
    );
  }
  const condition = node.getChild('FieldExpression');
  return condition ? { type: 'filter', condition: conditionOf(condition, tree) } : EVERY_SPAN;
};
