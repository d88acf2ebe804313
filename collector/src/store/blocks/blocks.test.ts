import { describe, expect, it } from 'vitest';
import { randomSpans } from '../../../test/random-spans.ts';
import { chance, span, traceIdOf } from '../../../test/spans.ts';
import { SpanBatch } from '../../batch/index.ts';
import { CorruptColumnError } from '../../columns/index.ts';
import { type Attributes, SPAN_KINDS, type Span, STATUS_CODES, serviceOf } from '../../model/index.ts';
import { type BlockRow, type EncodedBlock, encodeBlock, type Owner, openBlock } from './index.ts';
import { COLUMN, MAX_ATTRIBUTE_COLUMNS } from './layout.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => i + 1);

/** The spans spread over batches as if by request, and the rows of their traces together again. */
const rowsOf = (spans: readonly Span[], random: () => number): BlockRow[] => {
  const batches = Array.from({ length: 1 + Math.floor(random() * 4) }, () => new SpanBatch());
  const traces = new Map<string, BlockRow[]>();
  for (const span of spans) {
    const batch = batches[Math.floor(random() * batches.length)]!;
    batch.add(span);
    const rows = traces.get(span.traceId) ?? [];
    rows.push({ batch, row: batch.length - 1 });
    traces.set(span.traceId, rows);
  }
  return [...traces.values()].flat();
};

const open = ({ columns, metaBytes }: EncodedBlock) => {
  const byNumber = new Map(columns.map(({ column, bytes }) => [column, bytes]));
  return openBlock((column) => byNumber.get(column), metaBytes);
};

/** All of one batch, in the order given. */
const batchOf = (spans: readonly Span[]): BlockRow[] => {
  const batch = new SpanBatch();
  return spans.map((span, row) => {
    batch.add(span);
    return { batch, row };
  });
};

const spansOf = (rows: readonly BlockRow[]): Span[] => rows.map(({ batch, row }) => batch.span(row));

describe('a block', () => {
  it.each(SEEDS)('gives back what went in, field by field (seed %i)', (seed) => {
    const random = chance(seed);
    const rows = rowsOf(randomSpans(random, 60), random);
    const reader = open(encodeBlock(rows));
    expect(rows.map((_, row) => reader.span(row))).toEqual(spansOf(rows));
    for (let trace = 0; trace < reader.meta.traces; trace++) {
      const id = reader.traceId(trace);
      expect(reader.traceRows(id)).toEqual(reader.rowsOfTrace(trace));
      expect(reader.spans(id)).toEqual(spansOf(rows).filter((span) => span.traceId === id));
      expect(reader.mayHaveTrace(id)).toBe(true);
    }
  });

  it('tells column by column what its spans tell', () => {
    const random = chance(99);
    const rows = rowsOf(randomSpans(random, 200), random);
    const spans = spansOf(rows);
    const reader = open(encodeBlock(rows));
    const column = reader.attributeColumn('span', 'http.route');
    spans.forEach((span, row) => {
      expect(reader.names().text(row)).toBe(span.name);
      expect(SPAN_KINDS[reader.kinds().get(row)]).toBe(span.kind);
      expect(STATUS_CODES[reader.statusCodes().get(row)]).toBe(span.status.code);
      expect(reader.starts()[row]).toBe(span.start);
      expect(reader.durations().get(row)).toBe(BigInt.asIntN(64, span.end - span.start));
      expect(reader.service(row)).toBe(serviceOf(span));
      expect(column?.get(row)).toEqual(span.attributes.get('http.route'));
      const parent = reader.parentRow(row);
      if (parent >= 0) expect(spans[parent]?.spanId).toBe(span.parentSpanId);
      const [from, to] = reader.childRows('event', row);
      const events = reader.attributeColumn('event', 'http.route');
      for (let i = from; i < to; i++)
        expect(events?.get(i)).toEqual(span.events[i - from]?.attributes.get('http.route'));
    });
    const starts = spans.map((span) => span.start).sort((a, b) => (a < b ? -1 : 1));
    expect(reader.meta).toMatchObject({ spans: 200, minStart: starts[0], maxStart: starts.at(-1) });
    expect(reader.meta.services).toEqual([...new Set(spans.map(serviceOf))].sort());
    expect(reader.meta.operations).toEqual([...new Set(spans.map((span) => span.name))].sort());
  });

  it('knows its values of strings, ints and bools, and hardly any other', () => {
    const random = chance(5);
    const rows = rowsOf(randomSpans(random, 100), random);
    const reader = open(encodeBlock(rows));
    const check = (owner: Owner, attributes: Attributes) => {
      for (const [key, value] of attributes) expect(reader.mayHaveValue(owner, key, value)).toBe(true);
    };
    for (const span of spansOf(rows)) {
      check('span', span.attributes);
      check('resource', span.resource.attributes);
      check('scope', span.scope.attributes);
      for (const event of span.events) check('event', event.attributes);
      for (const link of span.links) check('link', link.attributes);
    }
    const wrong = Array.from({ length: 5_000 }, (_, i) =>
      reader.mayHaveValue('span', 'request.id', `no ${i}`),
    );
    expect(wrong.filter(Boolean).length).toBeLessThan(150);
    const ids = Array.from({ length: 5_000 }, (_, i) => reader.mayHaveTrace(traceIdOf(`no ${i}`)));
    expect(ids.filter(Boolean).length).toBeLessThan(250);
    expect(reader.traceRows(traceIdOf('no'))).toBeUndefined();
    expect(reader.spans(traceIdOf('no'))).toEqual([]);
  });

  it('reads the columns that a question needs, and no others', () => {
    const { columns, metaBytes } = encodeBlock(batchOf([span({ id: 'a' }), span({ id: 'b', parent: 'a' })]));
    const read: number[] = [];
    const reader = openBlock((column) => {
      read.push(column);
      return columns.find((one) => one.column === column)?.bytes;
    }, metaBytes);
    expect(read).toEqual([]);
    expect(reader.traceRows(traceIdOf('t'))).toEqual([0, 2]);
    expect(read).toEqual([COLUMN.traceIds, COLUMN.traceSizes]);
    reader.names();
    reader.names();
    expect(read.slice(2)).toEqual([COLUMN.names]);
  });

  it('holds a trace of 10,000 spans: a chain, a fan, orphans, and a span that is its own parent', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      const parent = i < 3_000 ? `s${i + 1}` : i < 6_000 ? 's0' : i < 9_000 ? `lost ${i}` : `s${i}`;
      return span({ id: `s${i}`, parent, at: i });
    });
    const reader = open(encodeBlock(batchOf(spans)));
    expect(reader.spans(traceIdOf('t'))).toEqual(spans);
    expect([reader.parentRow(0), reader.parentRow(5_999), reader.parentRow(6_000)]).toEqual([1, 0, -1]);
    expect(reader.parentRow(9_500)).toBe(9_500);
  });

  it('keeps every attribute where there are more keys than columns', () => {
    const spans = Array.from({ length: 1_500 }, (_, i) =>
      span({ id: `s${i}`, attributes: { [`key ${i}`]: BigInt(i), usual: 'x', other: [1n] } }),
    );
    const block = encodeBlock(batchOf(spans));
    const reader = open(block);
    expect(reader.meta.attributes.length).toBe(MAX_ATTRIBUTE_COLUMNS);
    expect(reader.spans(traceIdOf('t'))).toEqual(spans);
    for (const i of [0, 700, 1_499]) {
      expect(reader.attributeColumn('span', `key ${i}`)?.get(i)).toBe(BigInt(i));
      expect(reader.mayHaveValue('span', `key ${i}`, BigInt(i))).toBe(true);
    }
    expect(reader.meta.operations).toBeNull();
  });

  it('lets the last value win where a key comes twice, whatever the types', () => {
    const batch = new SpanBatch();
    const key = batch.strings.internText('k');
    batch.attributes.addInt(key, 1n);
    batch.attributes.addString(key, batch.strings.internText('two'));
    batch.attributes.addBool(key, true);
    batch.add(span({ id: 'a' }));
    expect(open(encodeBlock([{ batch, row: 0 }])).span(0).attributes).toEqual(new Map([['k', true]]));
  });

  it('keeps strings that are no UTF-8 as the bytes that they are', () => {
    const batch = new SpanBatch();
    batch.add(span({ id: 'a' }));
    batch.add(span({ id: 'b' }));
    batch.names.set(0, batch.strings.intern(Uint8Array.of(0xff, 0x41), 0, 2));
    batch.names.set(1, batch.strings.intern(Uint8Array.of(0xfe, 0x41), 0, 2));
    const names = open(encodeBlock([0, 1].map((row) => ({ batch, row })))).names();
    expect([names.text(0), names.text(1)]).toEqual(['\ufffdA', '\ufffdA']);
    expect(names.texts.bytes(names.code(1))).toEqual(Uint8Array.of(0xfe, 0x41));
  });

  it('refuses rows of a trace that are apart, and none at all', () => {
    const apart = [span({ id: 'a' }), span({ id: 'b', trace: 'other' }), span({ id: 'c' })];
    expect(() => encodeBlock(batchOf(apart))).toThrow(RangeError);
    expect(() => encodeBlock([])).toThrow(RangeError);
  });
});

describe('a damaged block', () => {
  const random = chance(3);
  const rows = rowsOf(randomSpans(random, 30), random);
  const block = encodeBlock(rows);
  const spans = spansOf(rows);
  const readAll = (damaged: EncodedBlock): Span[] => {
    const reader = open(damaged);
    return rows.map((_, row) => reader.span(row));
  };
  /** Filters are not read for spans. */
  const SPAN_COLUMNS = block.columns.filter(
    ({ column }) => column !== COLUMN.traceFilter && column !== COLUMN.valueFilter,
  );
  const withColumn = (column: number, bytes: Uint8Array): EncodedBlock => ({
    ...block,
    columns: block.columns.map((one) => (one.column === column ? { column, bytes } : one)),
  });

  it('is found out whichever byte of whichever column changed or was cut off', () => {
    for (const { column, bytes } of SPAN_COLUMNS) {
      for (let i = 0; i < 12; i++) {
        const at = Math.floor(random() * bytes.length);
        const changed = Uint8Array.from(bytes);
        changed[at] = changed[at]! ^ (1 + Math.floor(random() * 255));
        expect(() => readAll(withColumn(column, changed)), `column ${column}`).toThrow(CorruptColumnError);
        expect(() => readAll(withColumn(column, bytes.slice(0, at)))).toThrow(CorruptColumnError);
      }
    }
  });

  it('is found out where a column is missing or is that of another block', () => {
    const other = encodeBlock(rowsOf(randomSpans(chance(4), 31), chance(4)));
    for (const { column } of SPAN_COLUMNS) {
      const without = { ...block, columns: block.columns.filter((one) => one.column !== column) };
      expect(() => readAll(without), `column ${column}`).toThrow(CorruptColumnError);
      const foreign = other.columns.find((one) => one.column === column)?.bytes;
      if (!foreign) continue;
      try {
        readAll(withColumn(column, foreign));
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptColumnError);
      }
    }
  });

  it('is found out where its meta data changed', () => {
    for (let at = 0; at < block.metaBytes.length; at++) {
      const changed = Uint8Array.from(block.metaBytes);
      changed[at] = changed[at]! ^ 4;
      expect(() => open({ ...block, metaBytes: changed })).toThrow(CorruptColumnError);
    }
    expect(readAll(block)).toEqual(spans);
  });
});
