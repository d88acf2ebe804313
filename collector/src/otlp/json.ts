import {
  type Attributes,
  type AttributeValue,
  type EntityRef,
  NO_ATTRIBUTES,
  parseUnixNanos,
  type Resource,
  type Scope,
  type SpanEvent,
  type UnixNanos,
  unixNanos,
} from '../model/index.ts';
import { checkDepth } from './fields.ts';
import { type DecodedBatch, type RawLink, SpanCollector } from './spans.ts';
import { MalformedError } from './wire.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads an `ExportTraceServiceRequest` in OTLP's JSON: ids in hex, other bytes in base64, enums as numbers,
 * 64-bit integers as numbers or strings, unknown fields ignored, null as the default.
 * Throws `MalformedError` where the body is no such message.
 */
export const decodeJsonSpans = (body: Uint8Array): DecodedBatch => {
  const request = asObject(parse(body), 'the body');
  const collector = new SpanCollector();
  for (const item of list(request, 'resourceSpans')) {
    const resourceSpans = asObject(item, 'resourceSpans');
    const resource = readResource(resourceSpans);
    for (const inner of list(resourceSpans, 'scopeSpans')) {
      const scopeSpans = asObject(inner, 'scopeSpans');
      const scope = readScope(scopeSpans);
      for (const span of list(scopeSpans, 'spans')) {
        readSpan(asObject(span, 'spans'), resource, scope, collector);
      }
    }
  }
  return collector.result();
};

/** Digits that a double may not hold exactly, outside of strings as far as a quick look can tell. */
const LONG_INTEGER = /[[:,\s-]\d{16,}\s*[,}\]]/;

const parse = (body: Uint8Array): unknown => {
  try {
    const text = utf8.decode(body);
    // A reviver makes parsing several times slower, so only bodies that need it pay for it.
    return LONG_INTEGER.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
  } catch (cause) {
    throw new MalformedError(`no valid JSON: ${cause instanceof Error ? cause.message : 'unreadable'}`, {
      cause,
    });
  }
};

/** Integers beyond 2^53 stay text, which every 64-bit field accepts. */
const keepLongIntegers = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
    ? context.source
    : value;

type JsonObject = { readonly [key: string]: unknown };

const asObject = (value: unknown, where: string): JsonObject => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new MalformedError(`${where} must be an object`);
};

const list = (object: JsonObject, key: string): readonly unknown[] => {
  const value = object[key];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new MalformedError(`${key} must be an array`);
};

const text = (object: JsonObject, key: string): string => {
  const value = object[key];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new MalformedError(`${key} must be a string`);
};

const texts = (object: JsonObject, key: string): readonly string[] =>
  list(object, key).map((value) => {
    if (typeof value === 'string') return value;
    throw new MalformedError(`${key} must be an array of strings`);
  });

const uint32 = (object: JsonObject, key: string): number => {
  const value = object[key];
  if (value === undefined || value === null) return 0;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff)
    return number;
  throw new MalformedError(`${key} must be an unsigned 32-bit integer`);
};

/** Enums are integers on the wire: names are refused, as the protocol demands. */
const enumValue = (object: JsonObject, key: string): number => {
  const value = object[key];
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new MalformedError(`${key} must be an integer, not a name`);
};

const time = (object: JsonObject, key: string): UnixNanos => {
  const value = object[key];
  if (value === undefined || value === null) return unixNanos(0n);
  const parsed =
    typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))
      ? parseUnixNanos(String(value))
      : undefined;
  if (parsed === undefined) throw new MalformedError(`${key} must be an unsigned 64-bit integer`);
  return parsed;
};

const readResource = (resourceSpans: JsonObject): Resource => {
  const resource = resourceSpans.resource ? asObject(resourceSpans.resource, 'resource') : {};
  return {
    attributes: readAttributes(resource, 'attributes', 0),
    droppedAttributesCount: uint32(resource, 'droppedAttributesCount'),
    entityRefs: list(resource, 'entityRefs').map((ref) => readEntityRef(asObject(ref, 'entityRefs'))),
    schemaUrl: text(resourceSpans, 'schemaUrl'),
  };
};

const readEntityRef = (ref: JsonObject): EntityRef => ({
  schemaUrl: text(ref, 'schemaUrl'),
  type: text(ref, 'type'),
  idKeys: texts(ref, 'idKeys'),
  descriptionKeys: texts(ref, 'descriptionKeys'),
});

const readScope = (scopeSpans: JsonObject): Scope => {
  const scope = scopeSpans.scope ? asObject(scopeSpans.scope, 'scope') : {};
  return {
    name: text(scope, 'name'),
    version: text(scope, 'version'),
    attributes: readAttributes(scope, 'attributes', 0),
    droppedAttributesCount: uint32(scope, 'droppedAttributesCount'),
    schemaUrl: text(scopeSpans, 'schemaUrl'),
  };
};

const readSpan = (span: JsonObject, resource: Resource, scope: Scope, collector: SpanCollector): void => {
  const status = span.status ? asObject(span.status, 'status') : {};
  collector.add({
    traceId: text(span, 'traceId'),
    spanId: text(span, 'spanId'),
    parentSpanId: text(span, 'parentSpanId'),
    traceState: text(span, 'traceState'),
    flags: uint32(span, 'flags'),
    name: text(span, 'name'),
    kind: enumValue(span, 'kind'),
    start: time(span, 'startTimeUnixNano'),
    end: time(span, 'endTimeUnixNano'),
    status: { code: enumValue(status, 'code'), message: text(status, 'message') },
    attributes: readAttributes(span, 'attributes', 0),
    droppedAttributesCount: uint32(span, 'droppedAttributesCount'),
    events: list(span, 'events').map((event) => readEvent(asObject(event, 'events'))),
    droppedEventsCount: uint32(span, 'droppedEventsCount'),
    links: list(span, 'links').map((link) => readLink(asObject(link, 'links'))),
    droppedLinksCount: uint32(span, 'droppedLinksCount'),
    resource,
    scope,
  });
};

const readEvent = (event: JsonObject): SpanEvent => ({
  time: time(event, 'timeUnixNano'),
  name: text(event, 'name'),
  attributes: readAttributes(event, 'attributes', 0),
  droppedAttributesCount: uint32(event, 'droppedAttributesCount'),
});

const readLink = (link: JsonObject): RawLink => ({
  traceId: text(link, 'traceId'),
  spanId: text(link, 'spanId'),
  traceState: text(link, 'traceState'),
  attributes: readAttributes(link, 'attributes', 0),
  droppedAttributesCount: uint32(link, 'droppedAttributesCount'),
  flags: uint32(link, 'flags'),
});

const readAttributes = (owner: JsonObject, field: string, depth: number): Attributes => {
  const entries = list(owner, field);
  if (entries.length === 0) return NO_ATTRIBUTES;
  const attributes = new Map<string, AttributeValue>();
  for (const entry of entries) {
    const { key, value } = asObject(entry, field);
    if (key !== undefined && key !== null && typeof key !== 'string')
      throw new MalformedError('key must be a string');
    attributes.set(key ?? '', readValue(value, depth));
  }
  return attributes;
};

const readValue = (value: unknown, depth: number): AttributeValue => {
  checkDepth(depth);
  if (value === undefined || value === null) return null;
  const any = asObject(value, 'value');
  if (isPresent(any.stringValue)) return text(any, 'stringValue');
  if (isPresent(any.boolValue)) return readBoolean(any.boolValue);
  if (isPresent(any.intValue)) return readInt(any.intValue);
  if (isPresent(any.doubleValue)) return readDouble(any.doubleValue);
  if (isPresent(any.arrayValue)) {
    return list(asObject(any.arrayValue, 'arrayValue'), 'values').map((item) => readValue(item, depth + 1));
  }
  if (isPresent(any.kvlistValue)) {
    return new Map(readAttributes(asObject(any.kvlistValue, 'kvlistValue'), 'values', depth + 1));
  }
  if (isPresent(any.bytesValue)) return new Uint8Array(Buffer.from(text(any, 'bytesValue'), 'base64'));
  return null;
};

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

const readBoolean = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw new MalformedError('boolValue must be true or false');
};

const MIN_INT64 = -(1n << 63n);
const MAX_INT64 = (1n << 63n) - 1n;

const readInt = (value: unknown): bigint => {
  const isInteger =
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,20}$/.test(value));
  if (isInteger) {
    const integer = BigInt(value as string | number);
    if (integer >= MIN_INT64 && integer <= MAX_INT64) return integer;
  }
  throw new MalformedError('intValue must be a 64-bit integer');
};

const readDouble = (value: unknown): number => {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value);
  throw new MalformedError('doubleValue must be a number');
};
