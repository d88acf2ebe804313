import type { SpanKind, StatusCode } from '../model/index.ts';
import type { Intrinsic } from './intrinsics.ts';

/** Where an attribute is looked for; `any` is the span, then its resource. */
export const SCOPES = ['span', 'resource', 'event', 'link', 'instrumentation'] as const;
export type AttributeScope = (typeof SCOPES)[number] | 'any';

export interface AttributeField {
  readonly type: 'attribute';
  readonly scope: AttributeScope;
  readonly key: string;
  /** Read from the parent span instead. */
  readonly ofParent: boolean;
}

export interface IntrinsicField {
  readonly type: 'intrinsic';
  readonly name: Intrinsic;
}

export type Field = AttributeField | IntrinsicField;

/** A value written in a query; durations in nanoseconds. */
export type Static =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'duration'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'status'; readonly value: StatusCode }
  | { readonly type: 'kind'; readonly value: SpanKind };

export type NumericStatic = Extract<Static, { readonly type: 'int' | 'float' | 'duration' }>;

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>=', '=~', '!~'] as const;
export type ComparisonOperator = (typeof COMPARISONS)[number];
export type OrderOperator = Exclude<ComparisonOperator, '=~' | '!~'>;

/** The value of `=~` and `!~` is a pattern that compiles. */
export interface Comparison {
  readonly type: 'comparison';
  readonly field: Field;
  readonly operator: ComparisonOperator;
  readonly value: Static;
}

/** What is asked of one span. */
export type FieldExpression =
  | Comparison
  | { readonly type: 'exists'; readonly field: Field; readonly exists: boolean }
  | { readonly type: 'constant'; readonly value: boolean }
  | { readonly type: 'and' | 'or'; readonly operands: readonly FieldExpression[] };

export const RELATIONS = ['>', '>>', '<', '<<', '~'] as const;
export type Relation = (typeof RELATIONS)[number];

/**
 * `A > B`: spans of B below a span of A. `>>` is any depth, `<` and `<<` look upward, `~` at siblings.
 * `keep` says what matches: the right side, both sides (`&>`), or the right side's spans without the relation (`!>`).
 */
export interface StructuralExpression {
  readonly type: 'structural';
  readonly relation: Relation;
  readonly keep: 'right' | 'both' | 'unrelated';
  readonly left: SpansetExpression;
  readonly right: SpansetExpression;
}

/** Spans of one trace. `and` needs spans of every operand; both give the union. */
export type SpansetExpression =
  | { readonly type: 'filter'; readonly condition: FieldExpression }
  | { readonly type: 'and' | 'or'; readonly operands: readonly SpansetExpression[] }
  | StructuralExpression
  | { readonly type: 'pipeline'; readonly source: SpansetExpression; readonly stages: readonly Stage[] };

export const AGGREGATES = ['count', 'avg', 'max', 'min', 'sum'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/** Lets the spans through where the aggregate over them compares; `count` has no field. */
export interface AggregateStage {
  readonly type: 'aggregate';
  readonly aggregate: Aggregate;
  readonly field: Field | undefined;
  readonly operator: OrderOperator;
  readonly value: NumericStatic;
}

export type Stage =
  | AggregateStage
  /** Asks for these fields of the matched spans; filters nothing. */
  | { readonly type: 'select'; readonly fields: readonly Field[] }
  /** Keeps what matches among the spans so far. */
  | { readonly type: 'among'; readonly expression: SpansetExpression };

/** What the words of the search box ask of a trace as a whole: the facts of its summary. */
export type TraceCondition =
  | { readonly fact: 'services'; readonly has: string }
  /** Part of the entry's name, any case. */
  | { readonly fact: 'rootName'; readonly contains: string }
  | { readonly fact: 'hasErrors' | 'crossesQueue'; readonly is: boolean }
  /** Of the response, ns, bounds included. */
  | { readonly fact: 'responseDuration'; readonly min: number; readonly max: number };

/** A trace is found where every condition holds and the expression matches at least one of its spans. */
export interface TraceQuery {
  readonly spans: SpansetExpression;
  readonly conditions: readonly TraceCondition[];
}

export const EVERY_SPAN: SpansetExpression = {
  type: 'filter',
  condition: { type: 'constant', value: true },
};
