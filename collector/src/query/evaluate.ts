import type { AttributeValue } from '../model/index.ts';
import { aggregateTest } from './aggregate.ts';
import type { Field, FieldExpression, SpansetExpression, Stage, StructuralExpression } from './ast.ts';
import { type Family, familyOf, INVERSE, related, type SpanSet } from './family.ts';
import { fieldReader } from './field-reader.ts';
import { valueTest } from './value-test.ts';
import type { TraceView } from './view.ts';

/** An expression made ready once, to be asked of any number of traces. */
export interface Matcher {
  /** The numbers of the matched spans, ascending; empty where the trace does not match. */
  matchedSpans(view: TraceView): SpanSet;
  /** What `select` asks for, in its order. */
  readonly selected: readonly Field[];
  /** The selected fields of one span, in the same order. */
  selectedValues(view: TraceView, span: number): readonly (AttributeValue | undefined)[];
}

export const compileMatcher = (expression: SpansetExpression): Matcher => {
  const find = finderOf(expression);
  const selected = selectedFields(expression);
  const readers = selected.map(fieldReader);
  return {
    selected,
    matchedSpans: (view) =>
      find(
        new Trace(view),
        Array.from({ length: view.count }, (_, span) => span),
      ),
    selectedValues: (view, span) => readers.map((read) => read(view, span)),
  };
};

/** A view and what the operators share of it. */
class Trace {
  readonly view: TraceView;
  #family: Family | undefined;

  constructor(view: TraceView) {
    this.view = view;
  }

  get family(): Family {
    this.#family ??= familyOf(this.view);
    return this.#family;
  }
}

/** The spans among the given ones that an expression matches. */
type Finder = (trace: Trace, among: SpanSet) => SpanSet;

const NONE: SpanSet = [];

const finderOf = (expression: SpansetExpression): Finder => {
  switch (expression.type) {
    case 'filter':
      return filterFinder(expression.condition);
    case 'and':
      return everyOf(expression.operands.map(finderOf));
    case 'or':
      return anyOf(expression.operands.map(finderOf));
    case 'structural':
      return structuralFinder(expression);
    case 'pipeline':
      return pipelineFinder(finderOf(expression.source), expression.stages.map(stageFinder));
  }
};

const everyOf =
  (finders: readonly Finder[]): Finder =>
  (trace, among) => {
    const found: SpanSet[] = [];
    for (const find of finders) {
      const spans = find(trace, among);
      if (spans.length === 0) return NONE;
      found.push(spans);
    }
    return union(found, trace.view.count);
  };

const anyOf =
  (finders: readonly Finder[]): Finder =>
  (trace, among) =>
    union(
      finders.map((find) => find(trace, among)),
      trace.view.count,
    );

const filterFinder = (condition: FieldExpression): Finder => {
  if (condition.type === 'constant') return (_, among) => (condition.value ? among : NONE);
  const test = spanTest(condition);
  return ({ view }, among) => among.filter((span) => test(view, span));
};

const structuralFinder = ({ relation, keep, left, right }: StructuralExpression): Finder => {
  const [findLeft, findRight] = [finderOf(left), finderOf(right)];
  return (trace, among) => {
    const rights = findRight(trace, among);
    if (rights.length === 0) return NONE;
    const lefts = findLeft(trace, among);
    const matched = lefts.length === 0 ? NONE : related(relation, lefts, rights, trace.family);
    if (keep === 'right') return matched;
    if (keep === 'both') {
      return union([matched, related(INVERSE[relation], matched, lefts, trace.family)], trace.view.count);
    }
    const isMatched = new Set(matched);
    return rights.filter((span) => !isMatched.has(span));
  };
};

const pipelineFinder =
  (source: Finder, stages: readonly Finder[]): Finder =>
  (trace, among) => {
    let spans = source(trace, among);
    for (const stage of stages) {
      if (spans.length === 0) return NONE;
      spans = stage(trace, spans);
    }
    return spans;
  };

const stageFinder = (stage: Stage): Finder => {
  if (stage.type === 'among') return finderOf(stage.expression);
  if (stage.type === 'select') return (_, spans) => spans;
  const test = aggregateTest(stage);
  return ({ view }, spans) => (test(view, spans) ? spans : NONE);
};

const union = (sets: readonly SpanSet[], count: number): SpanSet => {
  const filled = sets.filter((set) => set.length > 0);
  if (filled.length < 2) return filled[0] ?? NONE;
  const marked = new Uint8Array(count);
  for (const set of filled) for (const span of set) marked[span] = 1;
  const spans: number[] = [];
  for (let span = 0; span < count; span += 1) if (marked[span]) spans.push(span);
  return spans;
};

type SpanTest = (view: TraceView, span: number) => boolean;

const spanTest = (expression: FieldExpression): SpanTest => {
  switch (expression.type) {
    case 'constant':
      return () => expression.value;
    case 'exists': {
      const read = fieldReader(expression.field);
      return (view, span) => (read(view, span) !== undefined) === expression.exists;
    }
    case 'comparison': {
      const read = fieldReader(expression.field);
      const test = valueTest(expression.operator, expression.value);
      return (view, span) => test(read(view, span));
    }
    case 'and': {
      const tests = expression.operands.map(spanTest);
      return (view, span) => tests.every((test) => test(view, span));
    }
    case 'or': {
      const tests = expression.operands.map(spanTest);
      return (view, span) => tests.some((test) => test(view, span));
    }
  }
};

/** Of the pipeline at the top; a `select` inside of operands has no say. */
export const selectedFields = (expression: SpansetExpression): readonly Field[] =>
  expression.type === 'pipeline'
    ? [
        ...selectedFields(expression.source),
        ...expression.stages.flatMap((stage) => (stage.type === 'select' ? stage.fields : [])),
      ]
    : [];
