import { SPAN_ID_BYTES, TRACE_ID_BYTES } from '../../batch/index.ts';
import { CorruptColumnError } from '../../columns/index.ts';
import { type SpanEvent, type SpanId, type SpanLink, type TraceId, unixNanos } from '../../model/index.ts';
import { type AttributeColumn, AttributeReader } from './attribute-reader.ts';
import { COLUMN, LINK, unzigzag } from './layout.ts';
import type { BlockMeta } from './meta.ts';
import type { OpenColumns } from './open-columns.ts';
import { idAt, offsets, placesOf } from './places.ts';

/** What links need to know of the traces of their block. */
interface BlockTraces {
  traceOf(row: number): number;
  traceId(trace: number): TraceId;
}

/** Reads the events and links of spans. */
export class ChildReader {
  readonly #meta: BlockMeta;
  readonly #columns: OpenColumns;
  readonly #traces: BlockTraces;
  readonly #attributes: { readonly event: AttributeReader; readonly link: AttributeReader };
  readonly #starts: { event?: Uint32Array; link?: Uint32Array } = {};
  #outsidePlaces: Uint32Array | undefined;

  constructor(meta: BlockMeta, columns: OpenColumns, traces: BlockTraces) {
    this.#meta = meta;
    this.#columns = columns;
    this.#traces = traces;
    this.#attributes = {
      event: new AttributeReader('event', meta.events, columns, meta.attributes),
      link: new AttributeReader('link', meta.links, columns, meta.attributes),
    };
  }

  attributeColumn(owner: 'event' | 'link', key: string): AttributeColumn | undefined {
    return this.#attributes[owner].column(key);
  }

  rows(owner: 'event' | 'link', span: number): readonly [from: number, to: number] {
    const counts = owner === 'event' ? COLUMN.eventCounts : COLUMN.linkCounts;
    const total = owner === 'event' ? this.#meta.events : this.#meta.links;
    this.#starts[owner] ??= offsets(this.#columns.uints(counts, this.#meta.spans), total);
    const starts = this.#starts[owner];
    return [starts[span] as number, starts[span + 1] as number];
  }

  events(span: number, start: bigint): SpanEvent[] {
    const total = this.#meta.events;
    const [from, to] = this.rows('event', span);
    const events: SpanEvent[] = [];
    for (let row = from; row < to; row++) {
      const afterStart = this.#columns.ints(COLUMN.eventTimes, total).get(row);
      events.push({
        time: unixNanos(BigInt.asUintN(64, start + afterStart)),
        name: this.#columns.strings(COLUMN.eventNames, total).text(row),
        attributes: this.#attributes.event.attributes(row),
        droppedAttributesCount: this.#columns.uints(COLUMN.eventDroppedAttributes, total).get(row),
      });
    }
    return events;
  }

  links(span: number): SpanLink[] {
    const total = this.#meta.links;
    const [from, to] = this.rows('link', span);
    const links: SpanLink[] = [];
    for (let row = from; row < to; row++) {
      links.push({
        traceId: this.#linkedTrace(span, row),
        spanId: this.#columns.ids(COLUMN.linkSpanIds, total, SPAN_ID_BYTES).hex(row) as SpanId,
        traceState: this.#columns.strings(COLUMN.linkTraceStates, total).text(row),
        attributes: this.#attributes.link.attributes(row),
        droppedAttributesCount: this.#columns.uints(COLUMN.linkDroppedAttributes, total).get(row),
        flags: this.#columns.uints(COLUMN.linkFlags, total).get(row),
      });
    }
    return links;
  }

  #linkedTrace(span: number, row: number): TraceId {
    const references = this.#columns.uints(COLUMN.linkTraces, this.#meta.links);
    const reference = references.get(row);
    if (reference !== LINK.outside) {
      const trace = this.#traces.traceOf(span) - unzigzag(reference - LINK.distance);
      if (trace < 0 || trace >= this.#meta.traces) throw new CorruptColumnError(`link to trace ${trace}`);
      return this.#traces.traceId(trace);
    }
    this.#outsidePlaces ??= placesOf(references, LINK.outside);
    const ids = this.#columns.ids(COLUMN.linkOutsideTraceIds, undefined, TRACE_ID_BYTES);
    return idAt(ids, this.#outsidePlaces[row] as number) as TraceId;
  }
}
