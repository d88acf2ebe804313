import { SPAN_ID_BYTES, TRACE_ID_BYTES } from '../../batch/index.ts';
import {
  CorruptColumnError,
  decodeFilter,
  decodeTimes,
  type FixedColumn,
  type IntColumn,
  type StringColumn,
  type UintColumn,
} from '../../columns/index.ts';
import {
  type AttributeValue,
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanId,
  STATUS_CODES,
  serviceOf,
  type TraceId,
  unixNanos,
} from '../../model/index.ts';
import { type AttributeColumn, AttributeReader } from './attribute-reader.ts';
import { ChildReader } from './child-reader.ts';
import { COLUMN, type Owner, PARENT, type RowOwner, unzigzag } from './layout.ts';
import { type BlockMeta, decodeMeta } from './meta.ts';
import { OpenColumns, type ReadColumn } from './open-columns.ts';
import { idAt, offsets, placesOf } from './places.ts';
import { hashTraceId, hashValue } from './value-hash.ts';

/** Opens a block by its meta data; a column is read when it is first needed. Throws `CorruptColumnError`. */
export const openBlock = (read: ReadColumn, meta: Uint8Array): BlockReader =>
  new BlockReader(read, decodeMeta(meta));

/** Rows [from, to) of a block. */
export type RowRange = readonly [from: number, to: number];

/**
 * Reads a block. Every method may throw `CorruptColumnError`. Rows are 0 to `meta.spans - 1`, those of a trace one
 * after the other.
 */
export class BlockReader {
  readonly meta: BlockMeta;
  readonly #columns: OpenColumns;
  readonly #attributes: AttributeReader;
  readonly #children: ChildReader;
  #traceStarts: Uint32Array | undefined;
  #outsidePlaces: Uint32Array | undefined;
  #resources: readonly Resource[] | undefined;
  #scopes: readonly Scope[] | undefined;

  constructor(read: ReadColumn, meta: BlockMeta) {
    this.meta = meta;
    this.#columns = new OpenColumns(read, meta.columns);
    this.#attributes = new AttributeReader('span', meta.spans, this.#columns, meta.attributes);
    this.#children = new ChildReader(meta, this.#columns, this);
  }

  /** False where the block has no such trace for certain: costs one small column. */
  mayHaveTrace(traceId: TraceId): boolean {
    const filter = this.#columns.decoded(COLUMN.traceFilter, undefined, decodeFilter);
    return filter.mayHave(hashTraceId(Buffer.from(traceId, 'hex')));
  }

  /** False where no span of the block has the value for certain; true for types that the filter does not know. */
  mayHaveValue(owner: Owner, key: string, value: AttributeValue): boolean {
    const hash = hashValue(owner, key, value);
    return !hash || this.#columns.decoded(COLUMN.valueFilter, undefined, decodeFilter).mayHave(hash);
  }

  /** The rows of the trace; reads the trace ids alone. */
  traceRows(traceId: TraceId): RowRange | undefined {
    const trace = this.#traceIds().indexOf(Buffer.from(traceId, 'hex'));
    return trace < 0 ? undefined : this.rowsOfTrace(trace);
  }

  /** `trace` is 0 to `meta.traces - 1`. */
  rowsOfTrace(trace: number): RowRange {
    const starts = this.#starts();
    return [starts[trace] as number, starts[trace + 1] as number];
  }

  /** Place of the row's trace in the block. */
  traceOf(row: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = this.meta.traces;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  traceId(trace: number): TraceId {
    return this.#traceIds().hex(trace) as TraceId;
  }

  /** Spans of the trace in the order of the block; empty where it has none. */
  spans(traceId: TraceId): Span[] {
    const [from, to] = this.traceRows(traceId) ?? [0, 0];
    return Array.from({ length: to - from }, (_, i) => this.span(from + i));
  }

  span(row: number): Span {
    const start = this.starts()[row];
    if (start === undefined) throw new RangeError(`row ${row} of ${this.meta.spans}`);
    return {
      traceId: this.traceId(this.traceOf(row)),
      spanId: this.spanIds().hex(row) as SpanId,
      parentSpanId: this.#parent(row),
      traceState: this.#strings(COLUMN.traceStates).text(row),
      flags: this.#uints(COLUMN.flags).get(row),
      name: this.names().text(row),
      kind: SPAN_KINDS[this.kinds().get(row)] ?? 'unspecified',
      start: unixNanos(start),
      end: unixNanos(BigInt.asUintN(64, start + this.durations().get(row))),
      status: {
        code: STATUS_CODES[this.statusCodes().get(row)] ?? 'unset',
        message: this.statusMessages().text(row),
      },
      attributes: this.#attributes.attributes(row),
      droppedAttributesCount: this.#uints(COLUMN.droppedAttributes).get(row),
      events: this.#children.events(row, start),
      droppedEventsCount: this.#uints(COLUMN.droppedEvents).get(row),
      links: this.#children.links(row),
      droppedLinksCount: this.#uints(COLUMN.droppedLinks).get(row),
      resource: this.#shared(this.resources(), COLUMN.resourceIndexes, row),
      scope: this.#shared(this.scopes(), COLUMN.scopeIndexes, row),
    };
  }

  /** Unix nanoseconds by row. */
  starts(): BigUint64Array {
    return this.#columns.decoded(COLUMN.starts, this.meta.spans, decodeTimes);
  }

  /** End minus start in nanoseconds, modulo 2^64 and signed. */
  durations(): IntColumn {
    return this.#columns.ints(COLUMN.durations, this.meta.spans);
  }

  spanIds(): FixedColumn {
    return this.#columns.ids(COLUMN.spanIds, this.meta.spans, SPAN_ID_BYTES);
  }

  /** Row of the span's parent, or -1 where it has none in the block. */
  parentRow(row: number): number {
    const reference = this.#uints(COLUMN.parents).get(row);
    if (reference < PARENT.distance) return -1;
    const parent = row - unzigzag(reference - PARENT.distance);
    if (parent < 0 || parent >= this.meta.spans) throw new CorruptColumnError(`parent ${parent} of ${row}`);
    return parent;
  }

  names(): StringColumn {
    return this.#strings(COLUMN.names);
  }

  /** Indexes of SPAN_KINDS. */
  kinds(): UintColumn {
    return this.#uints(COLUMN.kinds);
  }

  /** Indexes of STATUS_CODES. */
  statusCodes(): UintColumn {
    return this.#uints(COLUMN.statusCodes);
  }

  statusMessages(): StringColumn {
    return this.#strings(COLUMN.statusMessages);
  }

  /** Place of the row's resource in `resources()`. */
  resourceIndexes(): UintColumn {
    return this.#uints(COLUMN.resourceIndexes);
  }

  /** Place of the row's scope in `scopes()`. */
  scopeIndexes(): UintColumn {
    return this.#uints(COLUMN.scopeIndexes);
  }

  resources(): readonly Resource[] {
    this.#resources ??= this.#list<Resource>(COLUMN.resources);
    return this.#resources;
  }

  scopes(): readonly Scope[] {
    this.#scopes ??= this.#list<Scope>(COLUMN.scopes);
    return this.#scopes;
  }

  service(row: number): string {
    return serviceOf({ resource: this.#shared(this.resources(), COLUMN.resourceIndexes, row) });
  }

  /** Rows are those of spans, events or links; undefined where none has the attribute. */
  attributeColumn(owner: RowOwner, key: string): AttributeColumn | undefined {
    return owner === 'span' ? this.#attributes.column(key) : this.#children.attributeColumn(owner, key);
  }

  /** Rows of the span's events or links, for `attributeColumn`. */
  childRows(owner: 'event' | 'link', row: number): RowRange {
    return this.#children.rows(owner, row);
  }

  #uints(column: number): UintColumn {
    return this.#columns.uints(column, this.meta.spans);
  }

  #strings(column: number): StringColumn {
    return this.#columns.strings(column, this.meta.spans);
  }

  #traceIds(): FixedColumn {
    return this.#columns.ids(COLUMN.traceIds, this.meta.traces, TRACE_ID_BYTES);
  }

  #starts(): Uint32Array {
    this.#traceStarts ??= offsets(this.#columns.uints(COLUMN.traceSizes, this.meta.traces), this.meta.spans);
    return this.#traceStarts;
  }

  #parent(row: number): SpanId | undefined {
    const reference = this.#uints(COLUMN.parents).get(row);
    if (reference === PARENT.none) return undefined;
    if (reference !== PARENT.outside) return this.spanIds().hex(this.parentRow(row)) as SpanId;
    this.#outsidePlaces ??= placesOf(this.#uints(COLUMN.parents), PARENT.outside);
    const ids = this.#columns.ids(COLUMN.outsideParents, undefined, SPAN_ID_BYTES);
    return idAt(ids, this.#outsidePlaces[row] as number) as SpanId;
  }

  #list<T>(column: number): T[] {
    const values = this.#columns.values(column);
    return Array.from({ length: values.length }, (_, i) => values.get(i) as unknown as T);
  }

  #shared<T>(list: readonly T[], indexes: number, row: number): T {
    const index = this.#uints(indexes).get(row);
    const item = list[index];
    if (item === undefined) throw new CorruptColumnError(`resource or scope ${index} of ${list.length}`);
    return item;
  }
}
