import { SPAN_ID_BYTES, TRACE_ID_BYTES } from '../../batch/index.ts';
import { encodeFixed, type FilterBuilder } from '../../columns/index.ts';
import type { BlockRows } from './block-rows.ts';
import type { ColumnSet } from './column-set.ts';
import { IdIndex } from './id-index.ts';
import { COLUMN, PARENT, zigzag } from './layout.ts';
import { hashTraceId } from './value-hash.ts';

/** The traces of a block: which rows each has. */
export interface Traces {
  readonly count: number;
  /** Trace i has the rows [starts[i], starts[i + 1]). */
  readonly starts: Uint32Array;
  /** Place of the trace of each row. */
  readonly ofRow: Uint32Array;
  /** Finds traces of the block by id. */
  readonly index: IdIndex;
}

/** Writes which rows belong to which trace. Throws RangeError where a trace is not in one piece. */
export const encodeTraces = (rows: BlockRows, out: ColumnSet, filter: FilterBuilder): Traces => {
  const perRow = rows.ids((batch) => batch.traceIds, TRACE_ID_BYTES);
  const words = new Uint32Array(perRow.buffer);
  const length = rows.spans.rows.length;
  const starts = new Uint32Array(length + 1);
  const ofRow = new Uint32Array(length);
  const ids = new Uint8Array(perRow.length);
  let count = 0;
  for (let row = 0, at = 0; row < length; row++, at += 4) {
    const same =
      row > 0 &&
      words[at] === words[at - 4] &&
      words[at + 1] === words[at - 3] &&
      words[at + 2] === words[at - 2] &&
      words[at + 3] === words[at - 1];
    if (!same) {
      const id = perRow.subarray(row * TRACE_ID_BYTES, (row + 1) * TRACE_ID_BYTES);
      ids.set(id, count * TRACE_ID_BYTES);
      filter.add(hashTraceId(id));
      starts[count++] = row;
    }
    ofRow[row] = count - 1;
  }
  starts[count] = length;
  const index = new IdIndex(ids, TRACE_ID_BYTES);
  if (index.index(0, count) >= 0) throw new RangeError('the rows of a trace must come one after the other');
  out.add(COLUMN.traceIds, encodeFixed(ids.subarray(0, count * TRACE_ID_BYTES), TRACE_ID_BYTES));
  out.uints(
    COLUMN.traceSizes,
    Uint32Array.from({ length: count }, (_, i) => (starts[i + 1] as number) - (starts[i] as number)),
  );
  return { count, starts: starts.subarray(0, count + 1), ofRow, index };
};

/** Writes span ids, and parents as distances between rows where the parent is in the trace. */
export const encodeSpanIds = (rows: BlockRows, traces: Traces, out: ColumnSet): void => {
  const ids = rows.ids((batch) => batch.spanIds, SPAN_ID_BYTES);
  const parentIds = rows.ids((batch) => batch.parentIds, SPAN_ID_BYTES);
  const parentWords = new Uint32Array(parentIds.buffer);
  const parents = new Uint32Array(rows.spans.rows.length);
  const outside: number[] = [];
  const index = new IdIndex(ids, SPAN_ID_BYTES);
  for (let trace = 0; trace < traces.count; trace++) {
    const from = traces.starts[trace] as number;
    const to = traces.starts[trace + 1] as number;
    index.index(from, to);
    for (let row = from; row < to; row++) {
      if (parentWords[2 * row] === 0 && parentWords[2 * row + 1] === 0) continue;
      const parent = index.find(parentWords, row);
      if (parent >= 0) parents[row] = PARENT.distance + zigzag(row - parent);
      else {
        parents[row] = PARENT.outside;
        outside.push(row);
      }
    }
  }
  out.add(COLUMN.spanIds, encodeFixed(ids, SPAN_ID_BYTES));
  out.uints(COLUMN.parents, parents);
  if (outside.length > 0)
    out.add(COLUMN.outsideParents, encodeFixed(pickIds(parentIds, SPAN_ID_BYTES, outside), SPAN_ID_BYTES));
};

/** The ids of the given rows, one after the other. */
export const pickIds = (ids: Uint8Array, width: number, rows: readonly number[]): Uint8Array => {
  const picked = new Uint8Array(rows.length * width);
  rows.forEach((row, i) => {
    picked.set(ids.subarray(row * width, (row + 1) * width), i * width);
  });
  return picked;
};
