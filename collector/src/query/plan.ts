import type {
  AttributeScope,
  Comparison,
  Field,
  FieldExpression,
  SpansetExpression,
  TraceCondition,
  TraceQuery,
} from './ast.ts';
import { selectedFields } from './evaluate.ts';
import { type Intrinsic, traitsOf } from './intrinsics.ts';
import type { SpanNeed } from './needs.ts';
import { needsOfConditions, needsOfSpans } from './needs-of.ts';

/** What must be read of a block. */
export interface Columns {
  readonly intrinsics: ReadonlySet<Intrinsic>;
  readonly attributes: readonly { readonly scope: AttributeScope; readonly key: string }[];
  /** Who is whose parent: structural operators and `parent.` need it. */
  readonly parents: boolean;
}

export interface QueryPlan {
  /** For passing over blocks: each must be met by some span of the block. */
  readonly needs: readonly SpanNeed[];
  /** For passing over traces by their summaries; the expression says nothing of these. */
  readonly conditions: readonly TraceCondition[];
  /** For passing over traces before their spans are read: every one must hold. The expression asks again. */
  readonly ofTrace: readonly Comparison[];
  /** Whether every span matches, so that no span needs to be read. */
  readonly everySpan: boolean;
  /** What decides. */
  readonly columns: Columns;
  /** What `select` asks of the spans that matched. */
  readonly selected: Columns;
}

export const planOf = (query: TraceQuery): QueryPlan => {
  const { spans, conditions } = query;
  return {
    needs: [...needsOfConditions(conditions), ...needsOfSpans(spans)],
    conditions,
    ofTrace: traceComparisons(spans),
    everySpan: spans.type === 'filter' && spans.condition.type === 'constant' && spans.condition.value,
    columns: columnsOf(fieldsOf(spans), isStructural(spans)),
    selected: columnsOf(selectedFields(spans), false),
  };
};

const columnsOf = (fields: readonly Field[], structural: boolean): Columns => {
  const intrinsics = new Set<Intrinsic>();
  const attributes = new Map<string, Columns['attributes'][number]>();
  let parents = structural;
  for (const field of fields) {
    if (field.type === 'intrinsic') intrinsics.add(field.name);
    else {
      attributes.set(`${field.scope}.${field.key}`, { scope: field.scope, key: field.key });
      parents ||= field.ofParent;
    }
  }
  return { intrinsics, attributes: [...attributes.values()], parents };
};

/** Every field that decides, in the order of the text. */
const fieldsOf = (expression: SpansetExpression): readonly Field[] => {
  switch (expression.type) {
    case 'filter':
      return fieldsOfCondition(expression.condition);
    case 'and':
    case 'or':
      return expression.operands.flatMap(fieldsOf);
    case 'structural':
      return [...fieldsOf(expression.left), ...fieldsOf(expression.right)];
    case 'pipeline':
      return [
        ...fieldsOf(expression.source),
        ...expression.stages.flatMap((stage) => {
          if (stage.type === 'among') return fieldsOf(stage.expression);
          return stage.type === 'aggregate' && stage.field ? [stage.field] : [];
        }),
      ];
  }
};

const fieldsOfCondition = (condition: FieldExpression): readonly Field[] => {
  if ('operands' in condition) return condition.operands.flatMap(fieldsOfCondition);
  return condition.type === 'constant' ? [] : [condition.field];
};

const isStructural = (expression: SpansetExpression): boolean => {
  switch (expression.type) {
    case 'filter':
      return false;
    case 'and':
    case 'or':
      return expression.operands.some(isStructural);
    case 'structural':
      return true;
    case 'pipeline':
      return (
        isStructural(expression.source) ||
        expression.stages.some((stage) => stage.type === 'among' && isStructural(stage.expression))
      );
  }
};

/** Comparisons of the trace itself without which no span can match. */
const traceComparisons = (expression: SpansetExpression): readonly Comparison[] => {
  switch (expression.type) {
    case 'filter':
      return comparisonsOf(expression.condition).filter(
        ({ field }) => field.type === 'intrinsic' && traitsOf(field.name).ofTrace,
      );
    case 'and':
      return expression.operands.flatMap(traceComparisons);
    case 'or':
      return [];
    case 'structural':
      return [
        ...(expression.keep === 'unrelated' ? [] : traceComparisons(expression.left)),
        ...traceComparisons(expression.right),
      ];
    case 'pipeline':
      return traceComparisons(expression.source);
  }
};

const comparisonsOf = (condition: FieldExpression): readonly Comparison[] => {
  if (condition.type === 'comparison') return [condition];
  return condition.type === 'and' ? condition.operands.flatMap(comparisonsOf) : [];
};
