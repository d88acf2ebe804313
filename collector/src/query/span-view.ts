import {
  type Attributes,
  type AttributeValue,
  nanosBetween,
  type Span,
  serviceOf,
  type UnixNanos,
} from '../model/index.ts';
import type { SingleScope, TraceView } from './view.ts';

/** The spans of one trace, at least one, as a query reads them; span `i` of the view is `spans[i]`. */
export const traceViewOf = (spans: readonly Span[]): TraceView => {
  const indexOf = new Map<string, number>();
  spans.forEach((span, i) => {
    if (!indexOf.has(span.spanId)) indexOf.set(span.spanId, i);
  });
  const at = (i: number): Span => spans[i] as Span;
  const parent = (i: number): number => {
    const above = indexOf.get(at(i).parentSpanId ?? '') ?? -1;
    return above === i ? -1 : above;
  };
  const root = rootOf(spans, parent);
  return {
    count: spans.length,
    traceId: () => root.traceId,
    traceDuration: () => durationOf(spans),
    rootName: () => root.name,
    rootService: () => serviceOf(root),
    spanId: (i) => at(i).spanId,
    parentSpanId: (i) => at(i).parentSpanId,
    parent,
    name: (i) => at(i).name,
    kind: (i) => at(i).kind,
    status: (i) => at(i).status.code,
    statusMessage: (i) => at(i).status.message,
    durationNanos: (i) => nanosBetween(at(i).start, at(i).end),
    scopeName: (i) => at(i).scope.name,
    scopeVersion: (i) => at(i).scope.version,
    attribute: (scope, key, i) => attributesOf(scope, at(i)).get(key),
    attributes: (scope, key, i) => valuesOf(scope === 'event' ? at(i).events : at(i).links, key),
    eventNames: (i) => at(i).events.map((event) => event.name),
    eventOffsets: (i) => at(i).events.map((event) => nanosBetween(at(i).start, event.time)),
    linkTraceIds: (i) => at(i).links.map((link) => link.traceId),
    linkSpanIds: (i) => at(i).links.map((link) => link.spanId),
  };
};

const attributesOf = (scope: SingleScope, span: Span): Attributes =>
  scope === 'span'
    ? span.attributes
    : scope === 'resource'
      ? span.resource.attributes
      : span.scope.attributes;

const valuesOf = (owners: readonly { readonly attributes: Attributes }[], key: string): AttributeValue[] => {
  const values: AttributeValue[] = [];
  for (const { attributes } of owners) {
    const value = attributes.get(key);
    if (value !== undefined) values.push(value);
  }
  return values;
};

/** The earliest span without a parent; where there is none, of those whose parent is missing; else of all. */
const rootOf = (spans: readonly Span[], parent: (i: number) => number): Span => {
  const rank = (i: number): number => (spans[i]?.parentSpanId === undefined ? 0 : parent(i) < 0 ? 1 : 2);
  let best = 0;
  spans.forEach((span, i) => {
    const difference = rank(i) - rank(best);
    if (difference < 0 || (difference === 0 && span.start < (spans[best] as Span).start)) best = i;
  });
  return spans[best] as Span;
};

const durationOf = (spans: readonly Span[]): number => {
  let [start, end] = [spans[0]?.start as UnixNanos, spans[0]?.end as UnixNanos];
  for (const span of spans) {
    if (span.start < start) start = span.start;
    if (span.end > end) end = span.end;
  }
  return nanosBetween(start, end);
};
