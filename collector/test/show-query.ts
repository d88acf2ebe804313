import type { Field, FieldExpression, SpansetExpression, Stage, Static } from '../src/query/index.ts';

/** A parsed query as text with every parenthesis written, so that tests see what binds to what. */
export const showSpans = (expression: SpansetExpression): string => {
  switch (expression.type) {
    case 'filter':
      return isAll(expression.condition) ? '{}' : `{${showCondition(expression.condition)}}`;
    case 'and':
    case 'or':
      return `(${expression.operands.map(showSpans).join(expression.type === 'and' ? ' && ' : ' || ')})`;
    case 'structural': {
      const prefix = { right: '', both: '&', unrelated: '!' }[expression.keep];
      return `(${showSpans(expression.left)} ${prefix}${expression.relation} ${showSpans(expression.right)})`;
    }
    case 'pipeline':
      return `(${[showSpans(expression.source), ...expression.stages.map(showStage)].join(' | ')})`;
  }
};

const isAll = (condition: FieldExpression): boolean => condition.type === 'constant' && condition.value;

const showStage = (stage: Stage): string => {
  if (stage.type === 'among') return showSpans(stage.expression);
  if (stage.type === 'select') return `select(${stage.fields.map(showField).join(', ')})`;
  const field = stage.field ? showField(stage.field) : '';
  return `${stage.aggregate}(${field}) ${stage.operator} ${showStatic(stage.value)}`;
};

export const showCondition = (condition: FieldExpression): string => {
  switch (condition.type) {
    case 'constant':
      return String(condition.value);
    case 'exists':
      return `${showField(condition.field)} ${condition.exists ? '!=' : '='} nil`;
    case 'comparison':
      return `${showField(condition.field)} ${condition.operator} ${showStatic(condition.value)}`;
    case 'and':
    case 'or':
      return `(${condition.operands.map(showCondition).join(condition.type === 'and' ? ' && ' : ' || ')})`;
  }
};

const showField = (field: Field): string => {
  if (field.type === 'intrinsic') return field.name;
  const parent = field.ofParent ? 'parent.' : '';
  const key = /^[\w.]+$/.test(field.key) ? field.key : JSON.stringify(field.key);
  return `${parent}${field.scope === 'any' ? '' : field.scope}${field.scope === 'any' && parent ? '' : '.'}${key}`;
};

const showStatic = (value: Static): string => {
  if (value.type === 'string') return JSON.stringify(value.value);
  if (value.type === 'float') return `float ${value.value}`;
  return value.type === 'duration' ? `${value.value}ns` : String(value.value);
};
