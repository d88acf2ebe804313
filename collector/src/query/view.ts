import type { AttributeValue, SpanKind, StatusCode } from '../model/index.ts';
import type { AttributeScope } from './ast.ts';

/** Scopes of which a span has one set of attributes; events and links come in numbers. */
export type SingleScope = Exclude<AttributeScope, 'any' | 'event' | 'link'>;

/**
 * One trace as a query reads it. Spans are numbered from 0 in any order; a query asks only for what its plan names
 * as columns, so that a store may leave the rest unread.
 */
export interface TraceView {
  readonly count: number;

  traceId(): string;
  /** From the earliest start to the latest end, ns. */
  traceDuration(): number;
  rootName(): string;
  rootService(): string;

  spanId(span: number): string;
  /** As sent, also where no such span is in the trace. */
  parentSpanId(span: number): string | undefined;
  /** The parent's number, or -1 where it is not in the trace or is the span itself. Longer cycles are allowed. */
  parent(span: number): number;
  name(span: number): string;
  kind(span: number): SpanKind;
  status(span: number): StatusCode;
  statusMessage(span: number): string;
  /** ns; negative where the sender's clock stepped. */
  durationNanos(span: number): number;
  scopeName(span: number): string;
  scopeVersion(span: number): string;
  attribute(scope: SingleScope, key: string, span: number): AttributeValue | undefined;

  /** One value for each event or link that has the attribute. */
  attributes(scope: 'event' | 'link', key: string, span: number): readonly AttributeValue[];
  eventNames(span: number): readonly string[];
  /** ns after the span's start. */
  eventOffsets(span: number): readonly number[];
  linkTraceIds(span: number): readonly string[];
  linkSpanIds(span: number): readonly string[];
}
