import { type Message, Reader, Type } from 'protobufjs';
import type { AttributeValue, Span } from '../src/model/index.ts';
import { SPAN_KINDS, STATUS_CODES } from '../src/model/index.ts';
import { ExportTraceServiceRequest } from './otlp-schema.ts';

/** A request as protobufjs reads it, turned into spans of the model: what our decoder must give. */

interface Proto {
  readonly [field: string]: unknown;
}

const list = (message: Proto, field: string): Proto[] => message[field] as Proto[];
const hex = (message: Proto, field: string): string =>
  Buffer.from(message[field] as Uint8Array).toString('hex');
const bigint = (message: Proto, field: string): bigint => BigInt(String(message[field]));
const isId = (id: string, bytes: number): boolean => id.length === bytes * 2 && /[^0]/.test(id);

const attributes = (message: Proto, field = 'attributes'): Map<string, AttributeValue> =>
  new Map(list(message, field).map((pair) => [pair.key as string, valueIn(pair.value as Proto | null)]));

const valueIn = (any: Proto | null): AttributeValue => {
  switch (any?.value) {
    case 'stringValue':
    case 'boolValue':
    case 'doubleValue':
      return any[any.value] as string | boolean | number;
    case 'intValue':
      return bigint(any as Proto, 'intValue');
    case 'bytesValue':
      return Uint8Array.from(any?.bytesValue as Uint8Array);
    case 'arrayValue':
      return list(any?.arrayValue as Proto, 'values').map(valueIn);
    case 'kvlistValue':
      return attributes(any?.kvlistValue as Proto, 'values');
    default:
      return null;
  }
};

const plain = (message: Proto | null, ...fields: string[]): object =>
  Object.fromEntries(fields.map((field) => [field, message?.[field]]));

const resourceOf = (of: Proto): object => {
  const resource = of.resource as Proto | null;
  return {
    attributes: resource ? attributes(resource) : new Map(),
    droppedAttributesCount: resource?.droppedAttributesCount ?? 0,
    entityRefs: resource
      ? list(resource, 'entityRefs').map((ref) =>
          plain(ref, 'schemaUrl', 'type', 'idKeys', 'descriptionKeys'),
        )
      : [],
    schemaUrl: of.schemaUrl,
  };
};

const scopeOf = (of: Proto): object => {
  const scope = of.scope as Proto | null;
  return {
    name: scope?.name ?? '',
    version: scope?.version ?? '',
    attributes: scope ? attributes(scope) : new Map(),
    droppedAttributesCount: scope?.droppedAttributesCount ?? 0,
    schemaUrl: of.schemaUrl,
  };
};

const linkOf = (link: Proto) => ({
  traceId: hex(link, 'traceId'),
  spanId: hex(link, 'spanId'),
  ...plain(link, 'traceState', 'droppedAttributesCount', 'flags'),
  attributes: attributes(link),
});

const spanOf = (span: Proto, resource: object, scope: object) => {
  const links = list(span, 'links').map(linkOf);
  const kept = links.filter((link) => isId(link.traceId, 16) && isId(link.spanId, 8));
  const parent = hex(span, 'parentSpanId');
  const status = span.status as Proto | null;
  return {
    traceId: hex(span, 'traceId'),
    spanId: hex(span, 'spanId'),
    parentSpanId: isId(parent, 8) ? parent : undefined,
    ...plain(span, 'traceState', 'flags', 'name', 'droppedAttributesCount', 'droppedEventsCount'),
    kind: SPAN_KINDS[span.kind as number] ?? 'unspecified',
    start: bigint(span, 'startTimeUnixNano'),
    end: bigint(span, 'endTimeUnixNano'),
    status: { code: STATUS_CODES[(status?.code ?? 0) as number] ?? 'unset', message: status?.message ?? '' },
    attributes: attributes(span),
    events: list(span, 'events').map((event) => ({
      time: bigint(event, 'timeUnixNano'),
      ...plain(event, 'name', 'droppedAttributesCount'),
      attributes: attributes(event),
    })),
    links: kept,
    droppedLinksCount: Math.min((span.droppedLinksCount as number) + links.length - kept.length, 0xffff_ffff),
    resource,
    scope,
  };
};

const isTakeable = (span: Proto): boolean => {
  const parent = hex(span, 'parentSpanId');
  const isParent = /^0*$/.test(parent) || parent.length === 16;
  return isId(hex(span, 'traceId'), 16) && isId(hex(span, 'spanId'), 8) && isParent;
};

export const expectedSpans = (body: Uint8Array): { spans: Span[]; rejected: number } => {
  // From a Buffer protobufjs has Node read the strings, so that broken UTF-8 becomes U+FFFD as everywhere else.
  const request = ExportTraceServiceRequest.decode(Buffer.from(body)) as Message & Proto;
  const spans: object[] = [];
  let rejected = 0;
  for (const resourceSpans of list(request, 'resourceSpans')) {
    for (const scopeSpans of list(resourceSpans, 'scopeSpans')) {
      for (const span of list(scopeSpans, 'spans')) {
        if (isTakeable(span)) spans.push(spanOf(span, resourceOf(resourceSpans), scopeOf(scopeSpans)));
        else rejected++;
      }
    }
  }
  return { spans: spans as Span[], rejected };
};

/**
 * Whether the bytes are a request. `loose` is where readers may differ: protobufjs takes a known field of another
 * wire type for the field, ours for an unknown one, as the protocol says; and it does not look how a group ends.
 */
export const shapeOf = (body: Uint8Array): 'sound' | 'malformed' | 'loose' => {
  try {
    return isStrict(ExportTraceServiceRequest, Reader.create(body), body.length) ? 'sound' : 'loose';
  } catch (error) {
    return error instanceof GroupError ? 'loose' : 'malformed';
  }
};

class GroupError extends Error {}

const WIRE = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const;
const WIRE_OF: Readonly<Record<string, number>> = {
  string: WIRE.length,
  bytes: WIRE.length,
  fixed64: WIRE.fixed64,
  double: WIRE.fixed64,
  fixed32: WIRE.fixed32,
};

const isStrict = (type: Type, reader: Reader, end: number): boolean => {
  let strict = true;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3];
    const inner = field?.resolvedType instanceof Type ? field.resolvedType : undefined;
    const wire = tag & 7;
    if (tag >>> 3 === 0) throw new RangeError('field number 0');
    if (wire === 3 || wire === 4) throw new GroupError();
    if (field && wire !== (inner ? WIRE.length : (WIRE_OF[field.type] ?? WIRE.varint))) strict = false;
    if (wire === WIRE.length) {
      const stop = reader.uint32() + reader.pos;
      if (stop > end) throw new RangeError('runs past the end');
      if (inner && !isStrict(inner, reader, stop)) strict = false;
      reader.pos = stop;
    } else if (wire === WIRE.varint) reader.uint64();
    else if (wire === WIRE.fixed64 || wire === WIRE.fixed32) reader.skip(wire === WIRE.fixed64 ? 8 : 4);
    else throw new RangeError('unknown wire type');
    if (reader.pos > end) throw new RangeError('runs past the end');
  }
  return strict;
};
