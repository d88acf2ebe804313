import type { SpanBatch } from '../../batch/index.ts';
import { encodeInts, encodeTimes, encodeValues, FilterBuilder, valueBytes } from '../../columns/index.ts';
import { type Resource, type Scope, serviceOf } from '../../model/index.ts';
import { AttributeGatherer } from './attribute-columns.ts';
import { type BlockRow, BlockRows, type Picked } from './block-rows.ts';
import { encodeEvents, encodeLinks } from './children.ts';
import { type BlockColumn, ColumnSet } from './column-set.ts';
import { encodeSpanIds, encodeTraces } from './identity.ts';
import { BLOCK_VERSION, COLUMN, MAX_LISTED, MAX_LISTED_CHARACTERS, type RowOwner, SPILL } from './layout.ts';
import { type AttributeEntry, type BlockMeta, encodeMeta } from './meta.ts';
import { addToFilter } from './value-hash.ts';

export interface EncodedBlock {
  readonly meta: BlockMeta;
  /** `meta` as bytes, for `openBlock`. */
  readonly metaBytes: Uint8Array;
  readonly columns: readonly BlockColumn[];
}

/**
 * Encodes rows of batches as a block. The rows of a trace come one after the other, and all that the block shall have
 * of it. Throws RangeError where they do not, and where there are none.
 */
export const encodeBlock = (blockRows: readonly BlockRow[]): EncodedBlock => {
  if (blockRows.length === 0) throw new RangeError('a block has at least one span');
  const rows = new BlockRows(blockRows);
  const out = new ColumnSet(rows.strings);
  const values = new FilterBuilder(blockRows.length * 2);
  const traceIds = new FilterBuilder();

  const traces = encodeTraces(rows, out, traceIds);
  encodeSpanIds(rows, traces, out);
  const starts = rows.times((batch) => batch.starts);
  const durations = durationsOf(
    starts,
    rows.times((batch) => batch.ends),
  );
  out.add(COLUMN.starts, encodeTimes(starts));
  out.add(COLUMN.durations, encodeInts(durations));
  const operations = encodeSimple(rows, out);
  const resources = encodeShared(rows, out, COLUMN.resources, COLUMN.resourceIndexes, {
    list: (batch) => batch.resources,
    indexes: (batch) => batch.resourceIndexes,
  });
  const scopes = encodeShared(rows, out, COLUMN.scopes, COLUMN.scopeIndexes, {
    list: (batch) => batch.scopes,
    indexes: (batch) => batch.scopeIndexes,
  });
  for (const resource of resources) addToFilter(values, 'resource', resource.attributes);
  for (const scope of scopes) addToFilter(values, 'scope', scope.attributes);

  const events = rows.children((batch) => batch.eventStarts);
  const links = rows.children((batch) => batch.linkStarts);
  encodeEvents(rows, events, starts, out);
  encodeLinks(rows, links, traces, out);
  const directory: AttributeEntry[] = [];
  const encodeAttributes = (owner: RowOwner, picked: Picked, gatherer: AttributeGatherer): void => {
    if (picked.rows.length === 0) return;
    const { columns, spilled } = gatherer.finish(owner, out.encoder, values);
    for (const { key, type, count, content } of columns) {
      const column = COLUMN.firstAttribute + directory.length;
      directory.push({ owner, key, type, column, count });
      out.add(column, content);
    }
    if (spilled) out.add(SPILL[owner], spilled);
  };
  encodeAttributes('span', rows.spans, new AttributeGatherer(rows, rows.spans, (batch) => batch.attributes));
  encodeAttributes(
    'event',
    events.picked,
    new AttributeGatherer(rows, events.picked, (batch) => batch.eventAttributes),
  );
  encodeAttributes(
    'link',
    links.picked,
    new AttributeGatherer(rows, links.picked, (batch) => batch.linkAttributes),
  );
  out.add(COLUMN.traceFilter, traceIds.finish());
  out.add(COLUMN.valueFilter, values.finish());

  const [minStart, maxStart] = extent(starts);
  const [minDuration, maxDuration] = extent(durations);
  const meta: BlockMeta = {
    version: BLOCK_VERSION,
    spans: blockRows.length,
    traces: traces.count,
    events: events.parents.length,
    links: links.parents.length,
    minStart,
    maxStart,
    minDuration,
    maxDuration,
    services: listed(new Set(resources.map((resource) => serviceOf({ resource })))),
    operations:
      operations.length > MAX_LISTED
        ? null
        : listed(new Set(operations.map((code) => rows.strings.text(code)))),
    columns: out.columns.map(({ column }) => column),
    attributes: directory,
  };
  return { meta, metaBytes: encodeMeta(meta), columns: out.columns };
};

/** Columns that are one number or string a span. Returns the distinct codes of names. */
const encodeSimple = (rows: BlockRows, out: ColumnSet): number[] => {
  out.uints(
    COLUMN.kinds,
    rows.numbers((batch) => batch.kinds),
  );
  out.uints(
    COLUMN.statusCodes,
    rows.numbers((batch) => batch.statusCodes),
  );
  out.strings(
    COLUMN.statusMessages,
    rows.codes((batch) => batch.statusMessages),
  );
  out.strings(
    COLUMN.traceStates,
    rows.codes((batch) => batch.traceStates),
  );
  out.uints(
    COLUMN.flags,
    rows.numbers((batch) => batch.flags),
  );
  out.uints(
    COLUMN.droppedAttributes,
    rows.numbers((batch) => batch.droppedAttributes),
  );
  out.uints(
    COLUMN.droppedEvents,
    rows.numbers((batch) => batch.droppedEvents),
  );
  out.uints(
    COLUMN.droppedLinks,
    rows.numbers((batch) => batch.droppedLinks),
  );
  return [
    ...out.strings(
      COLUMN.names,
      rows.codes((batch) => batch.names),
    ),
  ];
};

/** Resources or scopes: the distinct ones that the rows use, and which of them each row has. */
const encodeShared = <T extends Resource | Scope>(
  rows: BlockRows,
  out: ColumnSet,
  column: number,
  indexColumn: number,
  of: {
    readonly list: (batch: SpanBatch) => readonly T[];
    readonly indexes: (batch: SpanBatch) => SpanBatch['resourceIndexes'];
  },
): readonly T[] => {
  const distinct: T[] = [];
  const byContent = new Map<string, number>();
  const known = rows.batches.map((batch) => new Int32Array(of.list(batch).length).fill(-1));
  const indexes = rows.numbers(of.indexes);
  for (let i = 0; i < indexes.length; i++) {
    const source = rows.spans.sources[i] as number;
    const inBatch = indexes[i] as number;
    const places = known[source] as Int32Array;
    let place = places[inBatch] as number;
    if (place < 0) {
      const item = of.list(rows.batches[source] as SpanBatch)[inBatch] as T;
      const content = Buffer.from(valueBytes(item)).toString('latin1');
      place = byContent.get(content) ?? distinct.push(item) - 1;
      byContent.set(content, place);
      places[inBatch] = place;
    }
    indexes[i] = place;
  }
  out.add(column, encodeValues(distinct));
  out.uints(indexColumn, indexes);
  return distinct;
};

/** End minus start modulo 2^64, as a signed number: exact for every pair of times. */
const durationsOf = (starts: BigUint64Array, ends: BigUint64Array): BigInt64Array => {
  const durations = new BigInt64Array(starts.length);
  for (let i = 0; i < starts.length; i++) durations[i] = (ends[i] as bigint) - (starts[i] as bigint);
  return durations;
};

const extent = (values: BigUint64Array | BigInt64Array): readonly [min: bigint, max: bigint] => {
  let min = values[0] as bigint;
  let max = min;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
};

/** In the order of the alphabet; null where they are too many or too long to list. */
const listed = (names: ReadonlySet<string>): readonly string[] | null => {
  let characters = 0;
  for (const name of names) characters += name.length;
  return names.size > MAX_LISTED || characters > MAX_LISTED_CHARACTERS ? null : [...names].sort();
};
