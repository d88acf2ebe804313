import type { SyntaxNode } from '@lezer/common';
import type { Aggregate, AggregateStage, Field, NumericStatic, OrderOperator, Stage } from './ast.ts';
import { AGGREGATES } from './ast.ts';
import { QueryError } from './error.ts';
import { fieldAt } from './filter.ts';
import { traitsOf } from './intrinsics.ts';
import { childrenOf } from './items.ts';
import { negated, numberLiteral } from './literals.ts';
import type { QueryTree } from './tree.ts';

const UNSUPPORTED: Readonly<Record<string, string>> = {
  GroupOperation: 'grouping with by(…) is not supported',
  CoalesceOperation: 'coalesce() is not supported',
  MetricsOperation: 'metrics such as rate() and quantile_over_time(…) are not supported',
  MetricsAggregatorFunctions: 'topk(…) and bottomk(…) are not supported',
};

/** What stands after a `|`, other than spans. Throws `QueryError` where it is not supported. */
export const stageOf = (node: SyntaxNode, tree: QueryTree): Stage => {
  if (node.name === 'ScalarFilter') return aggregateStage(node, tree);
  if (node.name === 'SelectOperation') return { type: 'select', fields: selectedFields(node, tree) };
  throw new QueryError(UNSUPPORTED[node.name] ?? `${node.name} is not supported`, node.from);
};

const selectedFields = (select: SyntaxNode, tree: QueryTree): readonly Field[] => {
  const fields: Field[] = [];
  // Later arguments stand further up in the tree.
  for (let args = select.getChild('SelectArgs'); args; args = args.getChild('SelectArgs')) {
    fields.push(fieldAt(args.getChild('FieldExpression') as SyntaxNode, tree));
  }
  return fields.reverse();
};

const aggregateStage = (filter: SyntaxNode, tree: QueryTree): AggregateStage => {
  const [left, operator, right] = childrenOf(filter) as [SyntaxNode, SyntaxNode, SyntaxNode];
  const [called] = childrenOf(left);
  if (called?.name !== 'Aggregate' || left.getChild('ScalarOp')) {
    throw new QueryError('an aggregate such as count() or avg(duration) goes on the left', left.from);
  }
  const aggregate = aggregateNamed(called, tree);
  const argument = called.getChild('FieldExpression');
  const field = argument ? fieldAt(argument, tree) : undefined;
  if (argument && field?.type === 'intrinsic' && traitsOf(field.name).type !== 'duration') {
    throw new QueryError(`${aggregate}(…) needs numbers or durations`, argument.from);
  }
  const value = scalarOf(right, tree);
  if (aggregate === 'count' && value.type === 'duration') {
    throw new QueryError('count() is a number and never compares with a duration', right.from);
  }
  return { type: 'aggregate', aggregate, field, operator: orderOperator(operator, tree), value };
};

const aggregateNamed = (called: SyntaxNode, tree: QueryTree): Aggregate => {
  const word = tree.tokenFrom.get(called.from)?.text;
  return AGGREGATES.find((one) => one === word) ?? 'count';
};

const orderOperator = (node: SyntaxNode, tree: QueryTree): OrderOperator => {
  const text = tree.plain.slice(node.from, node.to);
  if (text !== '=~' && text !== '!~') return text as OrderOperator;
  throw new QueryError(`${text} needs a text, and aggregates are numbers`, node.from);
};

const scalarOf = (node: SyntaxNode, tree: QueryTree): NumericStatic => {
  const [number, more] = childrenOf(node);
  const token = number && tree.tokenFrom.get(number.from);
  if (more || number === undefined || token?.kind !== 'number') {
    throw new QueryError('a plain number or duration goes on the right of an aggregate', node.from);
  }
  const value = numberLiteral(token.text, token.from);
  return tree.plain[node.from] === '-' ? negated(value) : value;
};
