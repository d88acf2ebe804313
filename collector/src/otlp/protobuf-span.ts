import { EMPTY, SPAN_ID_BYTES, type SpanBatch, TRACE_ID_BYTES } from '../batch/index.ts';
import { type Resource, type Scope, SPAN_KINDS, STATUS_CODES } from '../model/index.ts';
import { TAG } from './fields.ts';
import { AttributeReader } from './protobuf-attributes.ts';
import { NO_RESOURCE, NO_SCOPE } from './protobuf-values.ts';
import { addDropped, REASON, type SpanCollector } from './spans.ts';
import type { WireReader } from './wire.ts';

/** A kind or status code that a later protocol adds reads as unspecified, so that the span is not lost. */
const known = (value: number, names: readonly string[]): number => (value < names.length ? value : 0);

/** Any bit of the bytes [from, to). */
const hasBits = (bytes: Uint8Array, from: number, to: number): boolean => {
  let bits = 0;
  for (let i = from; i < to; i++) bits |= bytes[i] as number;
  return bits !== 0;
};

const isId = (bytes: Uint8Array, from: number, to: number, width: number): boolean =>
  to - from === width && hasBits(bytes, from, to);

/**
 * Reads spans from the wire straight into the columns of a batch. Single values wait in variables until the span
 * ends, as fields come in any order and the last of several wins; lists go to their columns at once and are taken
 * back where the ids turn out to be wrong, which is rare and so may cost.
 */
export class SpanReader {
  readonly #reader: WireReader;
  readonly #collector: SpanCollector;
  readonly #batch: SpanBatch;
  readonly #attributes: AttributeReader;
  #resource = NO_RESOURCE;
  #scope = NO_SCOPE;
  /** Below zero until a span was taken: resources without spans cost nothing. */
  #resourceIndex = -1;
  #scopeIndex = -1;
  #statusCode = 0;
  #statusMessage = EMPTY;

  constructor(reader: WireReader, collector: SpanCollector) {
    this.#reader = reader;
    this.#collector = collector;
    this.#batch = collector.batch;
    this.#attributes = new AttributeReader(reader, collector.batch.strings);
  }

  /** Where the spans come from that are read next. */
  setOrigin(resource: Resource, scope: Scope): void {
    this.#resource = resource;
    this.#scope = scope;
    this.#resourceIndex = -1;
    this.#scopeIndex = -1;
  }

  /** Reads a `Span` and adds it as a row, or refuses it and leaves the batch as it was. */
  read(): void {
    const T = TAG.Span;
    const reader = this.#reader;
    const batch = this.#batch;
    const attributes = this.#attributes;
    const { body } = reader;
    let traceFrom = 0;
    let traceTo = 0;
    let spanFrom = 0;
    let spanTo = 0;
    let parentFrom = 0;
    let parentTo = 0;
    let traceState = EMPTY;
    let name = EMPTY;
    let kind = 0;
    let startLow = 0;
    let startHigh = 0;
    let endLow = 0;
    let endHigh = 0;
    let droppedAttributes = 0;
    let droppedEvents = 0;
    let droppedLinks = 0;
    let linksToNowhere = 0;
    let flags = 0;
    this.#statusCode = 0;
    this.#statusMessage = EMPTY;
    const outer = reader.enter();
    while (!reader.atEnd) {
      const tag = reader.tag();
      switch (tag) {
        case T.attributes:
          attributes.read(batch.attributes);
          break;
        case T.traceId:
          reader.range();
          traceFrom = reader.from;
          traceTo = reader.position;
          break;
        case T.spanId:
          reader.range();
          spanFrom = reader.from;
          spanTo = reader.position;
          break;
        case T.parentSpanId:
          reader.range();
          parentFrom = reader.from;
          parentTo = reader.position;
          break;
        case T.name:
          name = attributes.string();
          break;
        case T.kind:
          kind = reader.uint32();
          break;
        case T.startTimeUnixNano:
          reader.fixed64();
          startLow = reader.low;
          startHigh = reader.high;
          break;
        case T.endTimeUnixNano:
          reader.fixed64();
          endLow = reader.low;
          endHigh = reader.high;
          break;
        case T.events:
          this.#readEvent();
          break;
        case T.links:
          if (!this.#readLink()) linksToNowhere++;
          break;
        case T.status:
          this.#readStatus();
          break;
        case T.flags:
          flags = reader.fixed32();
          break;
        case T.traceState:
          traceState = attributes.string();
          break;
        case T.droppedAttributesCount:
          droppedAttributes = reader.uint32();
          break;
        case T.droppedEventsCount:
          droppedEvents = reader.uint32();
          break;
        case T.droppedLinksCount:
          droppedLinks = reader.uint32();
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.leave(outer);

    const hasParent = hasBits(body, parentFrom, parentTo);
    let wrong = '';
    if (!isId(body, traceFrom, traceTo, TRACE_ID_BYTES)) wrong = REASON.traceId;
    else if (!isId(body, spanFrom, spanTo, SPAN_ID_BYTES)) wrong = REASON.spanId;
    else if (hasParent && parentTo - parentFrom !== SPAN_ID_BYTES) wrong = REASON.parent;
    if (wrong !== '') {
      batch.dropOpenRow();
      this.#collector.reject(wrong);
      return;
    }

    batch.traceIds.pushBytes(body, traceFrom, TRACE_ID_BYTES);
    batch.spanIds.pushBytes(body, spanFrom, SPAN_ID_BYTES);
    if (hasParent) batch.parentIds.pushBytes(body, parentFrom, SPAN_ID_BYTES);
    else batch.parentIds.pushZeros(SPAN_ID_BYTES);
    batch.starts.pushHalves(startLow, startHigh);
    batch.ends.pushHalves(endLow, endHigh);
    batch.kinds.push(known(kind, SPAN_KINDS));
    batch.statusCodes.push(known(this.#statusCode, STATUS_CODES));
    batch.statusMessages.push(this.#statusMessage);
    batch.names.push(name);
    batch.traceStates.push(traceState);
    batch.flags.push(flags);
    if (this.#scopeIndex < 0) {
      this.#resourceIndex = batch.resourceIndex(this.#resource);
      this.#scopeIndex = batch.scopeIndex(this.#scope);
    }
    batch.resourceIndexes.push(this.#resourceIndex);
    batch.scopeIndexes.push(this.#scopeIndex);
    batch.attributes.endOwner();
    batch.droppedAttributes.push(droppedAttributes);
    batch.droppedEvents.push(droppedEvents);
    batch.droppedLinks.push(addDropped(droppedLinks, linksToNowhere));
    batch.eventStarts.push(batch.eventTimes.length);
    batch.linkStarts.push(batch.linkTraceStates.length);
  }

  #readEvent(): void {
    const T = TAG.Event;
    const reader = this.#reader;
    const batch = this.#batch;
    const outer = reader.enter();
    let timeLow = 0;
    let timeHigh = 0;
    let name = EMPTY;
    let droppedAttributes = 0;
    while (!reader.atEnd) {
      const tag = reader.tag();
      if (tag === T.timeUnixNano) {
        reader.fixed64();
        timeLow = reader.low;
        timeHigh = reader.high;
      } else if (tag === T.name) name = this.#attributes.string();
      else if (tag === T.attributes) this.#attributes.read(batch.eventAttributes);
      else if (tag === T.droppedAttributesCount) droppedAttributes = reader.uint32();
      else reader.skip(tag);
    }
    reader.leave(outer);
    batch.eventTimes.pushHalves(timeLow, timeHigh);
    batch.eventNames.push(name);
    batch.eventAttributes.endOwner();
    batch.eventDroppedAttributes.push(droppedAttributes);
  }

  /** False where the link leads nowhere; then nothing of it is kept. */
  #readLink(): boolean {
    const T = TAG.Link;
    const reader = this.#reader;
    const batch = this.#batch;
    const { body } = reader;
    const outer = reader.enter();
    let traceFrom = 0;
    let traceTo = 0;
    let spanFrom = 0;
    let spanTo = 0;
    let traceState = EMPTY;
    let droppedAttributes = 0;
    let flags = 0;
    while (!reader.atEnd) {
      const tag = reader.tag();
      if (tag === T.traceId) {
        reader.range();
        traceFrom = reader.from;
        traceTo = reader.position;
      } else if (tag === T.spanId) {
        reader.range();
        spanFrom = reader.from;
        spanTo = reader.position;
      } else if (tag === T.attributes) this.#attributes.read(batch.linkAttributes);
      else if (tag === T.traceState) traceState = this.#attributes.string();
      else if (tag === T.droppedAttributesCount) droppedAttributes = reader.uint32();
      else if (tag === T.flags) flags = reader.fixed32();
      else reader.skip(tag);
    }
    reader.leave(outer);
    if (!isId(body, traceFrom, traceTo, TRACE_ID_BYTES) || !isId(body, spanFrom, spanTo, SPAN_ID_BYTES)) {
      batch.linkAttributes.truncate(batch.linkAttributes.owners);
      return false;
    }
    batch.linkTraceIds.pushBytes(body, traceFrom, TRACE_ID_BYTES);
    batch.linkSpanIds.pushBytes(body, spanFrom, SPAN_ID_BYTES);
    batch.linkTraceStates.push(traceState);
    batch.linkAttributes.endOwner();
    batch.linkDroppedAttributes.push(droppedAttributes);
    batch.linkFlags.push(flags);
    return true;
  }

  #readStatus(): void {
    const reader = this.#reader;
    const outer = reader.enter();
    this.#statusCode = 0;
    this.#statusMessage = EMPTY;
    while (!reader.atEnd) {
      const tag = reader.tag();
      if (tag === TAG.Status.message) this.#statusMessage = this.#attributes.string();
      else if (tag === TAG.Status.code) this.#statusCode = reader.uint32();
      else reader.skip(tag);
    }
    reader.leave(outer);
  }
}
