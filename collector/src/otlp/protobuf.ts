import type { Resource, Scope } from '../model/index.ts';
import { TAG } from './fields.ts';
import { SpanReader } from './protobuf-span.ts';
import { NO_RESOURCE, NO_SCOPE, readResource, readScope } from './protobuf-values.ts';
import { type DecodedBatch, SpanCollector } from './spans.ts';
import { WireReader } from './wire.ts';

/**
 * Reads an `ExportTraceServiceRequest` in protobuf into columns: no object and no string is made for a span.
 * Unknown fields are skipped, as the protocol asks.
 * Throws `MalformedError` where the bytes are no such message; then nothing of it counts.
 */
export const decodeProtobufSpans = (body: Uint8Array): DecodedBatch => {
  const reader = new WireReader(body);
  const collector = new SpanCollector();
  const spans = new SpanReader(reader, collector);
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ExportTraceServiceRequest.resourceSpans) {
      const outer = reader.enter();
      readResourceSpans(reader, spans);
      reader.leave(outer);
    } else reader.skip(tag);
  }
  return collector.result();
};

/** Field order is free in protobuf: the resource may follow its spans, so the spans wait for it. */
const readResourceSpans = (reader: WireReader, spans: SpanReader): void => {
  const start = reader.position;
  let resource = NO_RESOURCE;
  let schemaUrl = '';
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ResourceSpans.resource) resource = readResource(reader);
    else if (tag === TAG.ResourceSpans.schemaUrl) schemaUrl = reader.string();
    else reader.skip(tag);
  }
  const whole: Resource = { ...resource, schemaUrl };
  reader.position = start;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ResourceSpans.scopeSpans) {
      const outer = reader.enter();
      readScopeSpans(reader, whole, spans);
      reader.leave(outer);
    } else reader.skip(tag);
  }
};

const readScopeSpans = (reader: WireReader, resource: Resource, spans: SpanReader): void => {
  const start = reader.position;
  let scope = NO_SCOPE;
  let schemaUrl = '';
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ScopeSpans.scope) scope = readScope(reader);
    else if (tag === TAG.ScopeSpans.schemaUrl) schemaUrl = reader.string();
    else reader.skip(tag);
  }
  const whole: Scope = { ...scope, schemaUrl };
  spans.setOrigin(resource, whole);
  reader.position = start;
  while (!reader.atEnd) {
    const tag = reader.tag();
    if (tag === TAG.ScopeSpans.spans) spans.read();
    else reader.skip(tag);
  }
};
