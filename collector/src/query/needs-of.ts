import { SPAN_KINDS, STATUS_CODES, UNKNOWN_SERVICE } from '../model/index.ts';
import type {
  AttributeField,
  Comparison,
  FieldExpression,
  SpansetExpression,
  TraceCondition,
} from './ast.ts';
import { bothOf, type ExactValue, eitherOf, isEmptyNeed, type SpanNeed } from './needs.ts';
import { listedTexts } from './regex.ts';

/** Alternatives multiply; leaving a need out is always right. */
const MAX_NEEDS = 16;

/** What spans a matching trace must hold: every need must be met, each by some span. */
export const needsOfSpans = (expression: SpansetExpression): readonly SpanNeed[] => {
  switch (expression.type) {
    case 'filter':
      return needsOfFilter(expression.condition);
    case 'and':
      return expression.operands.flatMap(needsOfSpans).slice(0, MAX_NEEDS);
    case 'or':
      return expression.operands.map(needsOfSpans).reduce(alternatives);
    case 'structural':
      return expression.keep === 'unrelated'
        ? needsOfSpans(expression.right)
        : [...needsOfSpans(expression.left), ...needsOfSpans(expression.right)].slice(0, MAX_NEEDS);
    case 'pipeline':
      return [
        ...needsOfSpans(expression.source),
        ...expression.stages.flatMap((stage) =>
          stage.type === 'among' ? needsOfSpans(stage.expression) : [],
        ),
      ].slice(0, MAX_NEEDS);
  }
};

export const needsOfConditions = (conditions: readonly TraceCondition[]): readonly SpanNeed[] =>
  conditions.flatMap((condition): SpanNeed[] => {
    if (condition.fact === 'services') return [{ services: new Set([condition.has]) }];
    // The response is the entry span.
    if (condition.fact !== 'responseDuration') return [];
    return [durationNeed(condition.min, condition.max)];
  });

const alternatives = (a: readonly SpanNeed[], b: readonly SpanNeed[]): readonly SpanNeed[] =>
  a
    .flatMap((left) => b.map((right) => eitherOf(left, right)))
    .filter((need) => !isEmptyNeed(need))
    .slice(0, MAX_NEEDS);

const needsOfFilter = (condition: FieldExpression): readonly SpanNeed[] => {
  const parts = condition.type === 'and' ? condition.operands : [condition];
  const own = needOf(condition);
  const elsewhere = parts.flatMap(needsElsewhere);
  return (isEmptyNeed(own) ? elsewhere : [own, ...elsewhere]).slice(0, MAX_NEEDS);
};

/** What the condition asks of the span itself. */
const needOf = (condition: FieldExpression): SpanNeed => {
  switch (condition.type) {
    case 'constant':
      return condition.value ? {} : { names: new Set() };
    case 'and':
      return condition.operands.map(needOf).reduce(bothOf);
    case 'or':
      return condition.operands.map(needOf).reduce(eitherOf);
    case 'exists':
      return condition.exists && condition.field.type === 'attribute'
        ? attributeNeed(condition.field, undefined)
        : {};
    case 'comparison':
      return comparisonNeed(condition);
  }
};

/** What a comparison asks of another span of the trace: the parent, or the root. */
const needsElsewhere = (condition: FieldExpression): readonly SpanNeed[] => {
  if (condition.type !== 'comparison' && condition.type !== 'exists') return [];
  const { field } = condition;
  if (field.type === 'attribute') {
    if (!field.ofParent) return [];
    const asOwn = { ...field, ofParent: false };
    return [needOf({ ...condition, field: asOwn })].filter((need) => !isEmptyNeed(need));
  }
  const texts = condition.type === 'comparison' ? textsOf(condition) : undefined;
  if (texts === undefined) return [];
  if (field.name === 'trace:rootName') return [{ names: texts }];
  return field.name === 'trace:rootService' ? [{ services: texts }] : [];
};

const comparisonNeed = (comparison: Comparison): SpanNeed => {
  const { field, value } = comparison;
  if (field.type === 'attribute') return attributeNeed(field, comparison);
  const texts = textsOf(comparison);
  if (field.name === 'span:name') return texts ? { names: texts } : {};
  if (field.name === 'span:kind') return { kinds: remaining(SPAN_KINDS, comparison) };
  if (field.name === 'span:status') return { statuses: remaining(STATUS_CODES, comparison) };
  if (field.name !== 'span:duration') return {};
  const nanos = Number(value.value);
  switch (comparison.operator) {
    case '=':
      return durationNeed(nanos, nanos);
    case '>':
    case '>=':
      return durationNeed(nanos, Infinity);
    case '<':
    case '<=':
      return durationNeed(-Infinity, nanos);
    default:
      return {};
  }
};

const durationNeed = (min: number, max: number): SpanNeed => ({
  ...(min > -Infinity ? { minDuration: min } : {}),
  ...(max < Infinity ? { maxDuration: max } : {}),
});

const remaining = <T>(all: readonly T[], { operator, value }: Comparison): ReadonlySet<T> =>
  new Set(all.filter((one) => ((one as unknown) === value.value) === (operator === '=')));

const attributeNeed = (field: AttributeField, comparison: Comparison | undefined): SpanNeed => {
  if (field.ofParent) return {};
  const { scope, key } = field;
  const texts = comparison && textsOf(comparison);
  if (scope === 'resource' && key === 'service.name' && texts) {
    // An empty text and an array match, and name no service.
    return { services: new Set([...texts, UNKNOWN_SERVICE]) };
  }
  const values = comparison && (texts ?? equalTo(comparison));
  return { attributes: [{ scope, key, values }] };
};

/** The texts of which the value must be one, where there are such. */
const textsOf = ({ operator, value }: Comparison): ReadonlySet<string> | undefined => {
  if (value.type !== 'string') return undefined;
  if (operator === '=') return new Set([value.value]);
  const listed = operator === '=~' ? listedTexts(value.value) : undefined;
  return listed && new Set(listed);
};

const equalTo = ({ operator, value }: Comparison): ReadonlySet<ExactValue> | undefined => {
  if (operator !== '=') return undefined;
  const exact = value.value;
  return new Set([typeof exact === 'number' && Number.isInteger(exact) ? BigInt(exact) : exact]);
};
