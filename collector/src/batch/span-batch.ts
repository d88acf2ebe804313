import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  STATUS_CODES,
  type TraceId,
  unixNanos,
} from '../model/index.ts';
import { AttributeLists } from './attribute-lists.ts';
import { type GrowableU8, growableU8, growableU32, growableU64 } from './growable.ts';
import { EMPTY, StringTable } from './string-table.ts';

export const TRACE_ID_BYTES = 16;
export const SPAN_ID_BYTES = 8;

/**
 * Spans as columns, one row a span, in the order in which they were added: what the decoder fills, the head keeps
 * and the block writer reads. Strings are codes of `strings`; resources and scopes are few and stay objects.
 */
export class SpanBatch {
  readonly strings = new StringTable();
  readonly resources: Resource[] = [];
  readonly scopes: Scope[] = [];
  readonly #resourceIndexes = new Map<Resource, number>();
  readonly #scopeIndexes = new Map<Scope, number>();

  /** 16 bytes a row. */
  readonly traceIds = growableU8(TRACE_ID_BYTES * 64);
  /** 8 bytes a row. */
  readonly spanIds = growableU8(SPAN_ID_BYTES * 64);
  /** 8 bytes a row, all zero where there is no parent. */
  readonly parentIds = growableU8(SPAN_ID_BYTES * 64);
  readonly starts = growableU64();
  readonly ends = growableU64();
  /** Indexes of SPAN_KINDS. */
  readonly kinds = growableU8();
  /** Indexes of STATUS_CODES. */
  readonly statusCodes = growableU8();
  readonly statusMessages = growableU32();
  readonly names = growableU32();
  readonly traceStates = growableU32();
  readonly flags = growableU32();
  readonly resourceIndexes = growableU32();
  readonly scopeIndexes = growableU32();
  readonly attributes = new AttributeLists();
  readonly droppedAttributes = growableU32();
  readonly droppedEvents = growableU32();
  readonly droppedLinks = growableU32();

  /** Row i has the events [eventStarts[i], eventStarts[i + 1]). */
  readonly eventStarts = growableU32();
  readonly eventTimes = growableU64();
  readonly eventNames = growableU32();
  readonly eventAttributes = new AttributeLists();
  readonly eventDroppedAttributes = growableU32();

  /** Row i has the links [linkStarts[i], linkStarts[i + 1]). */
  readonly linkStarts = growableU32();
  readonly linkTraceIds = growableU8(TRACE_ID_BYTES * 8);
  readonly linkSpanIds = growableU8(SPAN_ID_BYTES * 8);
  readonly linkTraceStates = growableU32();
  readonly linkAttributes = new AttributeLists();
  readonly linkDroppedAttributes = growableU32();
  readonly linkFlags = growableU32();

  constructor() {
    this.eventStarts.push(0);
    this.linkStarts.push(0);
  }

  get length(): number {
    return this.names.length;
  }

  /** Bytes of memory, about. */
  get byteLength(): number {
    let bytes = this.strings.byteLength;
    for (const part of Object.values(this)) {
      if (part && typeof part === 'object' && 'byteLength' in part && part !== this.strings)
        bytes += part.byteLength as number;
    }
    return bytes + (this.resources.length + this.scopes.length) * 1_024;
  }

  /** The row as a span of the model. */
  span(row: number): Span {
    const parent = hex(this.parentIds.view(), row, SPAN_ID_BYTES);
    return {
      traceId: this.traceId(row),
      spanId: this.spanId(row),
      parentSpanId: parent === '0000000000000000' ? undefined : (parent as SpanId),
      traceState: this.strings.text(this.traceStates.get(row)),
      flags: this.flags.get(row),
      name: this.strings.text(this.names.get(row)),
      kind: SPAN_KINDS[this.kinds.get(row)] ?? 'unspecified',
      start: unixNanos(this.starts.get(row)),
      end: unixNanos(this.ends.get(row)),
      status: {
        code: STATUS_CODES[this.statusCodes.get(row)] ?? 'unset',
        message: this.strings.text(this.statusMessages.get(row)),
      },
      attributes: this.attributes.attributes(this.strings, row),
      droppedAttributesCount: this.droppedAttributes.get(row),
      events: this.#events(row),
      droppedEventsCount: this.droppedEvents.get(row),
      links: this.#links(row),
      droppedLinksCount: this.droppedLinks.get(row),
      resource: this.resources[this.resourceIndexes.get(row)] as Resource,
      scope: this.scopes[this.scopeIndexes.get(row)] as Scope,
    };
  }

  /** The 16 bytes of the trace id as Latin-1 text: the cheapest key for a map. */
  traceKey(row: number): string {
    const ids = this.traceIds.view();
    const from = ids.byteOffset + row * TRACE_ID_BYTES;
    return Buffer.from(ids.buffer, from, TRACE_ID_BYTES).toString('latin1');
  }

  spanId(row: number): SpanId {
    return hex(this.spanIds.view(), row, SPAN_ID_BYTES) as SpanId;
  }

  traceId(row: number): TraceId {
    return hex(this.traceIds.view(), row, TRACE_ID_BYTES) as TraceId;
  }

  /** Adds a span of the model as a row; a resource or scope object that came before is not added again. */
  add(span: Span): void {
    const { strings } = this;
    pushHex(this.traceIds, span.traceId, TRACE_ID_BYTES);
    pushHex(this.spanIds, span.spanId, SPAN_ID_BYTES);
    pushHex(this.parentIds, span.parentSpanId ?? '', SPAN_ID_BYTES);
    this.starts.push(span.start);
    this.ends.push(span.end);
    this.kinds.push(SPAN_KINDS.indexOf(span.kind));
    this.statusCodes.push(STATUS_CODES.indexOf(span.status.code));
    this.statusMessages.push(strings.internText(span.status.message));
    this.names.push(strings.internText(span.name));
    this.traceStates.push(span.traceState === '' ? EMPTY : strings.internText(span.traceState));
    this.flags.push(span.flags);
    this.resourceIndexes.push(this.resourceIndex(span.resource));
    this.scopeIndexes.push(this.scopeIndex(span.scope));
    for (const [key, value] of span.attributes) this.attributes.addValue(strings, key, value);
    this.attributes.endOwner();
    this.droppedAttributes.push(span.droppedAttributesCount);
    this.droppedEvents.push(span.droppedEventsCount);
    this.droppedLinks.push(span.droppedLinksCount);
    for (const event of span.events) this.#addEvent(event);
    this.eventStarts.push(this.eventTimes.length);
    for (const link of span.links) this.#addLink(link);
    this.linkStarts.push(this.linkTraceStates.length);
  }

  /** The index of a resource for `resourceIndexes`; an object that came before is not added again. */
  resourceIndex(resource: Resource): number {
    return indexIn(this.resources, this.#resourceIndexes, resource);
  }

  /** The index of a scope for `scopeIndexes`; an object that came before is not added again. */
  scopeIndex(scope: Scope): number {
    return indexIn(this.scopes, this.#scopeIndexes, scope);
  }

  /** Takes back the attributes, events and links that were added since the last whole row. */
  dropOpenRow(): void {
    this.attributes.truncate(this.length);
    const events = this.eventStarts.get(this.length);
    this.eventTimes.truncate(events);
    this.eventNames.truncate(events);
    this.eventAttributes.truncate(events);
    this.eventDroppedAttributes.truncate(events);
    const links = this.linkStarts.get(this.length);
    this.linkTraceIds.truncate(links * TRACE_ID_BYTES);
    this.linkSpanIds.truncate(links * SPAN_ID_BYTES);
    this.linkTraceStates.truncate(links);
    this.linkAttributes.truncate(links);
    this.linkDroppedAttributes.truncate(links);
    this.linkFlags.truncate(links);
  }

  #addEvent(event: SpanEvent): void {
    this.eventTimes.push(event.time);
    this.eventNames.push(this.strings.internText(event.name));
    for (const [key, value] of event.attributes) this.eventAttributes.addValue(this.strings, key, value);
    this.eventAttributes.endOwner();
    this.eventDroppedAttributes.push(event.droppedAttributesCount);
  }

  #addLink(link: SpanLink): void {
    pushHex(this.linkTraceIds, link.traceId, TRACE_ID_BYTES);
    pushHex(this.linkSpanIds, link.spanId, SPAN_ID_BYTES);
    this.linkTraceStates.push(this.strings.internText(link.traceState));
    for (const [key, value] of link.attributes) this.linkAttributes.addValue(this.strings, key, value);
    this.linkAttributes.endOwner();
    this.linkDroppedAttributes.push(link.droppedAttributesCount);
    this.linkFlags.push(link.flags);
  }

  #events(row: number): SpanEvent[] {
    const events: SpanEvent[] = [];
    for (let i = this.eventStarts.get(row); i < this.eventStarts.get(row + 1); i++) {
      events.push({
        time: unixNanos(this.eventTimes.get(i)),
        name: this.strings.text(this.eventNames.get(i)),
        attributes: this.eventAttributes.attributes(this.strings, i),
        droppedAttributesCount: this.eventDroppedAttributes.get(i),
      });
    }
    return events;
  }

  #links(row: number): SpanLink[] {
    const links: SpanLink[] = [];
    for (let i = this.linkStarts.get(row); i < this.linkStarts.get(row + 1); i++) {
      links.push({
        traceId: hex(this.linkTraceIds.view(), i, TRACE_ID_BYTES) as TraceId,
        spanId: hex(this.linkSpanIds.view(), i, SPAN_ID_BYTES) as SpanId,
        traceState: this.strings.text(this.linkTraceStates.get(i)),
        attributes: this.linkAttributes.attributes(this.strings, i),
        droppedAttributesCount: this.linkDroppedAttributes.get(i),
        flags: this.linkFlags.get(i),
      });
    }
    return links;
  }
}

const hex = (bytes: Uint8Array, row: number, width: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + row * width, width).toString('hex');

/** Zeros where the text is empty. */
const pushHex = (column: GrowableU8, text: string, width: number): void => {
  if (text === '') column.pushZeros(width);
  else column.pushBytes(Buffer.from(text, 'hex'), 0, width);
};

const indexIn = <T>(list: T[], indexes: Map<T, number>, item: T): number => {
  let index = indexes.get(item);
  if (index === undefined) {
    index = list.push(item) - 1;
    indexes.set(item, index);
  }
  return index;
};

/** All rows as spans of the model. */
export const spansOf = (batch: SpanBatch): Span[] =>
  Array.from({ length: batch.length }, (_, row) => batch.span(row));
