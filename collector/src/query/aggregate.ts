import type { AttributeValue } from '../model/index.ts';
import type { AggregateStage } from './ast.ts';
import type { SpanSet } from './family.ts';
import { fieldReader } from './field-reader.ts';
import { numberTest } from './value-test.ts';
import type { TraceView } from './view.ts';

/** Whether the aggregate over the spans compares. Without any number only `count` has a value. */
export const aggregateTest = (stage: AggregateStage): ((view: TraceView, spans: SpanSet) => boolean) => {
  const compares = numberTest(stage.operator, stage.value.value);
  const { aggregate, field } = stage;
  if (aggregate === 'count' || field === undefined) return (_, spans) => compares(spans.length);
  const read = fieldReader(field);
  return (view, spans) => {
    const totals = new Totals();
    for (const span of spans) totals.add(read(view, span));
    return totals.count > 0 && compares(totals[aggregate]);
  };
};

class Totals {
  count = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  get avg(): number {
    return this.sum / this.count;
  }

  /** Numbers count, also those in arrays; everything else is passed over. */
  add(value: AttributeValue | undefined): void {
    if (Array.isArray(value)) for (const element of value) this.add(element);
    if (typeof value !== 'number' && typeof value !== 'bigint') return;
    const number = Number(value);
    this.count += 1;
    this.sum += number;
    this.min = Math.min(this.min, number);
    this.max = Math.max(this.max, number);
  }
}
