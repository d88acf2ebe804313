import type { AttributeValue } from '../model/index.ts';
import type { AttributeField, Field } from './ast.ts';
import type { Intrinsic } from './intrinsics.ts';
import type { TraceView } from './view.ts';

/** A field of one span; several values of events or links as an array. Undefined where the span does not have it. */
export type FieldReader = (view: TraceView, span: number) => AttributeValue | undefined;

export const fieldReader = (field: Field): FieldReader => {
  if (field.type === 'intrinsic') return INTRINSIC_READERS[field.name];
  const read = attributeReader(field);
  if (!field.ofParent) return read;
  return (view, span) => {
    const parent = view.parent(span);
    return parent < 0 ? undefined : read(view, parent);
  };
};

const attributeReader = ({ scope, key }: AttributeField): FieldReader => {
  if (scope === 'event' || scope === 'link') {
    return (view, span) => orMissing(view.attributes(scope, key, span));
  }
  if (scope !== 'any') return (view, span) => present(view.attribute(scope, key, span));
  return (view, span) =>
    present(view.attribute('span', key, span)) ?? present(view.attribute('resource', key, span));
};

/** OTLP's empty value is no value: `nil` finds it. */
const present = (value: AttributeValue | undefined): AttributeValue | undefined => value ?? undefined;

const orMissing = (values: readonly AttributeValue[]): AttributeValue | undefined =>
  values.some((value) => value !== null) ? values : undefined;

const INTRINSIC_READERS: Readonly<Record<Intrinsic, FieldReader>> = {
  'span:name': (view, span) => view.name(span),
  'span:status': (view, span) => view.status(span),
  'span:statusMessage': (view, span) => view.statusMessage(span),
  'span:kind': (view, span) => view.kind(span),
  'span:duration': (view, span) => view.durationNanos(span),
  'span:id': (view, span) => view.spanId(span),
  'span:parentID': (view, span) => view.parentSpanId(span),
  'trace:id': (view) => view.traceId(),
  'trace:duration': (view) => view.traceDuration(),
  'trace:rootName': (view) => view.rootName(),
  'trace:rootService': (view) => view.rootService(),
  'event:name': (view, span) => orMissing(view.eventNames(span)),
  'event:timeSinceStart': (view, span) => orMissing(view.eventOffsets(span)),
  'link:spanID': (view, span) => orMissing(view.linkSpanIds(span)),
  'link:traceID': (view, span) => orMissing(view.linkTraceIds(span)),
  'instrumentation:name': (view, span) => view.scopeName(span),
  'instrumentation:version': (view, span) => view.scopeVersion(span),
};
