import { type Attributes, type AttributeValue, NO_ATTRIBUTES, unixNanos } from '../model/index.ts';
import { checkDepth, TAG } from './fields.ts';
import {
  type DecodedSpans,
  type RawLink,
  type Resource,
  type Scope,
  SpanCollector,
  type SpanEvent,
} from './spans.ts';
import { WireReader } from './wire.ts';

/**
 * Reads an `ExportTraceServiceRequest` in protobuf. Unknown fields are skipped, as the protocol asks.
 * Throws `MalformedError` where the bytes are no such message; then nothing of it counts.
 */
export const decodeProtobufSpans = (body: Uint8Array): DecodedSpans => {
  const reader = new WireReader(body);
  const collector = new SpanCollector();
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ExportTraceServiceRequest.resourceSpans) {
      const outer = reader.enter();
      readResourceSpans(reader, collector);
      reader.leave(outer);
    } else reader.skip(tag);
  }
  return collector.result();
};

/** Field order is free in protobuf: the resource may follow its spans, so the spans wait for it. */
const readResourceSpans = (reader: WireReader, collector: SpanCollector): void => {
  const start = reader.position;
  const end = reader.end;
  let resource: { attributes: Attributes; droppedAttributesCount: number } = {
    attributes: NO_ATTRIBUTES,
    droppedAttributesCount: 0,
  };
  let schemaUrl = '';
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ResourceSpans.resource) {
      const outer = reader.enter();
      resource = readResource(reader);
      reader.leave(outer);
    } else if (tag === TAG.ResourceSpans.schemaUrl) schemaUrl = reader.string();
    else reader.skip(tag);
  }
  const whole: Resource = { ...resource, schemaUrl };
  reader.position = start;
  reader.end = end;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ResourceSpans.scopeSpans) {
      const outer = reader.enter();
      readScopeSpans(reader, whole, collector);
      reader.leave(outer);
    } else reader.skip(tag);
  }
};

const readResource = (reader: WireReader) => {
  const attributes = new Map<string, AttributeValue>();
  let droppedAttributesCount = 0;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.Resource.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === TAG.Resource.droppedAttributesCount) droppedAttributesCount = reader.uint32();
    else reader.skip(tag);
  }
  return { attributes, droppedAttributesCount };
};

const readScopeSpans = (reader: WireReader, resource: Resource, collector: SpanCollector): void => {
  const start = reader.position;
  const end = reader.end;
  let scope = { name: '', version: '', attributes: NO_ATTRIBUTES, droppedAttributesCount: 0 };
  let schemaUrl = '';
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ScopeSpans.scope) {
      const outer = reader.enter();
      scope = readScope(reader);
      reader.leave(outer);
    } else if (tag === TAG.ScopeSpans.schemaUrl) schemaUrl = reader.string();
    else reader.skip(tag);
  }
  const whole: Scope = { ...scope, schemaUrl };
  reader.position = start;
  reader.end = end;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ScopeSpans.spans) {
      const outer = reader.enter();
      readSpan(reader, resource, whole, collector);
      reader.leave(outer);
    } else reader.skip(tag);
  }
};

const readScope = (reader: WireReader) => {
  const attributes = new Map<string, AttributeValue>();
  let name = '';
  let version = '';
  let droppedAttributesCount = 0;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.InstrumentationScope.name) name = reader.string();
    else if (tag === TAG.InstrumentationScope.version) version = reader.string();
    else if (tag === TAG.InstrumentationScope.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === TAG.InstrumentationScope.droppedAttributesCount)
      droppedAttributesCount = reader.uint32();
    else reader.skip(tag);
  }
  return { name, version, attributes, droppedAttributesCount };
};

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

const readSpan = (reader: WireReader, resource: Resource, scope: Scope, collector: SpanCollector): void => {
  const T = TAG.Span;
  const attributes = new Map<string, AttributeValue>();
  const events: SpanEvent[] = [];
  const links: RawLink[] = [];
  const raw = {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    start: unixNanos(0n),
    end: unixNanos(0n),
    status: { code: 0, message: '' },
    attributes,
    droppedAttributesCount: 0,
    events,
    droppedEventsCount: 0,
    links,
    droppedLinksCount: 0,
    resource,
    scope,
  };
  while (!reader.atEnd) {
    const tag = reader.tag();
    switch (tag) {
      case T.traceId:
        raw.traceId = hex(reader.bytes());
        break;
      case T.spanId:
        raw.spanId = hex(reader.bytes());
        break;
      case T.traceState:
        raw.traceState = reader.string();
        break;
      case T.parentSpanId:
        raw.parentSpanId = hex(reader.bytes());
        break;
      case T.name:
        raw.name = reader.string();
        break;
      case T.kind:
        raw.kind = reader.uint32();
        break;
      case T.startTimeUnixNano:
        raw.start = unixNanos(reader.fixed64());
        break;
      case T.endTimeUnixNano:
        raw.end = unixNanos(reader.fixed64());
        break;
      case T.attributes:
        readKeyValue(reader, attributes, 0);
        break;
      case T.droppedAttributesCount:
        raw.droppedAttributesCount = reader.uint32();
        break;
      case T.events:
        events.push(readEvent(reader));
        break;
      case T.droppedEventsCount:
        raw.droppedEventsCount = reader.uint32();
        break;
      case T.links:
        links.push(readLink(reader));
        break;
      case T.droppedLinksCount:
        raw.droppedLinksCount = reader.uint32();
        break;
      case T.status:
        raw.status = readStatus(reader);
        break;
      case T.flags:
        raw.flags = reader.fixed32();
        break;
      default:
        reader.skip(tag);
    }
  }
  collector.add(raw);
};

const readEvent = (reader: WireReader): SpanEvent => {
  const outer = reader.enter();
  const attributes = new Map<string, AttributeValue>();
  let time = unixNanos(0n);
  let name = '';
  let droppedAttributesCount = 0;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.Event.timeUnixNano) time = unixNanos(reader.fixed64());
    else if (tag === TAG.Event.name) name = reader.string();
    else if (tag === TAG.Event.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === TAG.Event.droppedAttributesCount) droppedAttributesCount = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { time, name, attributes, droppedAttributesCount };
};

const readLink = (reader: WireReader): RawLink => {
  const outer = reader.enter();
  const attributes = new Map<string, AttributeValue>();
  const link = { traceId: '', spanId: '', traceState: '', attributes, droppedAttributesCount: 0, flags: 0 };
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.Link.traceId) link.traceId = hex(reader.bytes());
    else if (tag === TAG.Link.spanId) link.spanId = hex(reader.bytes());
    else if (tag === TAG.Link.traceState) link.traceState = reader.string();
    else if (tag === TAG.Link.attributes) readKeyValue(reader, attributes, 0);
    else if (tag === TAG.Link.droppedAttributesCount) link.droppedAttributesCount = reader.uint32();
    else if (tag === TAG.Link.flags) link.flags = reader.fixed32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return link;
};

const readStatus = (reader: WireReader) => {
  const outer = reader.enter();
  const status = { code: 0, message: '' };
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.Status.message) status.message = reader.string();
    else if (tag === TAG.Status.code) status.code = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return status;
};

const readKeyValue = (reader: WireReader, into: Map<string, AttributeValue>, depth: number): void => {
  const outer = reader.enter();
  let key = '';
  let value: AttributeValue = null;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.KeyValue.key) key = reader.string();
    else if (tag === TAG.KeyValue.value) value = readAnyValue(reader, depth);
    else reader.skip(tag);
  }
  reader.leave(outer);
  into.set(key, value);
};

const readAnyValue = (reader: WireReader, depth: number): AttributeValue => {
  checkDepth(depth);
  const T = TAG.AnyValue;
  const outer = reader.enter();
  let value: AttributeValue = null;
  while (!reader.atEnd) {
    const tag = reader.tag();
    switch (tag) {
      case T.string:
        value = reader.string();
        break;
      case T.bool:
        value = reader.uint32() !== 0;
        break;
      case T.int:
        value = reader.int64();
        break;
      case T.double:
        value = reader.double();
        break;
      case T.array:
        value = readArray(reader, depth + 1);
        break;
      case T.kvlist:
        value = readKeyValueList(reader, depth + 1);
        break;
      case T.bytes:
        // A copy: the body's buffer must not live as long as the span.
        value = reader.bytes().slice();
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(outer);
  return value;
};

const readArray = (reader: WireReader, depth: number): AttributeValue => {
  const outer = reader.enter();
  const values: AttributeValue[] = [];
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ArrayValue.values) values.push(readAnyValue(reader, depth));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
};

const readKeyValueList = (reader: WireReader, depth: number): AttributeValue => {
  const outer = reader.enter();
  const values = new Map<string, AttributeValue>();
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.KeyValueList.values) readKeyValue(reader, values, depth);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
};
