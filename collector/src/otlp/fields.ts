import { FIXED32, FIXED64, LENGTH, MalformedError, VARINT } from './wire.ts';

const varint = (field: number): number => (field << 3) | VARINT;
const fixed64 = (field: number): number => (field << 3) | FIXED64;
const length = (field: number): number => (field << 3) | LENGTH;
const fixed32 = (field: number): number => (field << 3) | FIXED32;

/** Tags (field number and wire type) of opentelemetry-proto 1.x, by message. */
export const TAG = {
  ExportTraceServiceRequest: { resourceSpans: length(1) },
  ResourceSpans: { resource: length(1), scopeSpans: length(2), schemaUrl: length(3) },
  Resource: { attributes: length(1), droppedAttributesCount: varint(2), entityRefs: length(3) },
  EntityRef: { schemaUrl: length(1), type: length(2), idKeys: length(3), descriptionKeys: length(4) },
  ScopeSpans: { scope: length(1), spans: length(2), schemaUrl: length(3) },
  InstrumentationScope: {
    name: length(1),
    version: length(2),
    attributes: length(3),
    droppedAttributesCount: varint(4),
  },
  Span: {
    traceId: length(1),
    spanId: length(2),
    traceState: length(3),
    parentSpanId: length(4),
    name: length(5),
    kind: varint(6),
    startTimeUnixNano: fixed64(7),
    endTimeUnixNano: fixed64(8),
    attributes: length(9),
    droppedAttributesCount: varint(10),
    events: length(11),
    droppedEventsCount: varint(12),
    links: length(13),
    droppedLinksCount: varint(14),
    status: length(15),
    flags: fixed32(16),
  },
  Event: {
    timeUnixNano: fixed64(1),
    name: length(2),
    attributes: length(3),
    droppedAttributesCount: varint(4),
  },
  Link: {
    traceId: length(1),
    spanId: length(2),
    traceState: length(3),
    attributes: length(4),
    droppedAttributesCount: varint(5),
    flags: fixed32(6),
  },
  Status: { message: length(2), code: varint(3) },
  KeyValue: { key: length(1), value: length(2) },
  AnyValue: {
    string: length(1),
    bool: varint(2),
    int: varint(3),
    double: fixed64(4),
    array: length(5),
    kvlist: length(6),
    bytes: length(7),
  },
  ArrayValue: { values: length(1) },
  KeyValueList: { values: length(1) },
} as const;

/** Arrays and lists within lists: deeper than any honest sender goes, shallow enough for every stack. */
export const MAX_VALUE_DEPTH = 100;

export const checkDepth = (depth: number): void => {
  if (depth > MAX_VALUE_DEPTH) {
    throw new MalformedError(`attribute values nested deeper than ${MAX_VALUE_DEPTH}`);
  }
};
