import { SPAN_ID_BYTES, TRACE_ID_BYTES } from '../../batch/index.ts';
import { encodeFixed, encodeInts } from '../../columns/index.ts';
import type { BlockRows, PickedChildren } from './block-rows.ts';
import type { ColumnSet } from './column-set.ts';
import { pickIds, type Traces } from './identity.ts';
import { COLUMN, LINK, zigzag } from './layout.ts';

/** Writes the events but for their attributes. */
export const encodeEvents = (
  rows: BlockRows,
  events: PickedChildren,
  starts: BigUint64Array,
  out: ColumnSet,
): void => {
  if (events.parents.length === 0) return;
  const times = rows.times((batch) => batch.eventTimes, events.picked);
  const afterStart = new BigInt64Array(times.length);
  for (let i = 0; i < times.length; i++)
    afterStart[i] = (times[i] as bigint) - (starts[events.parents[i] as number] as bigint);
  out.uints(COLUMN.eventCounts, events.counts);
  out.add(COLUMN.eventTimes, encodeInts(afterStart));
  out.strings(
    COLUMN.eventNames,
    rows.codes((batch) => batch.eventNames, events.picked),
  );
  out.uints(
    COLUMN.eventDroppedAttributes,
    rows.numbers((batch) => batch.eventDroppedAttributes, events.picked),
  );
};

/** Writes the links but for their attributes. */
export const encodeLinks = (rows: BlockRows, links: PickedChildren, traces: Traces, out: ColumnSet): void => {
  if (links.parents.length === 0) return;
  const traceIds = rows.ids((batch) => batch.linkTraceIds, TRACE_ID_BYTES, links.picked);
  const words = new Uint32Array(traceIds.buffer);
  const outside: number[] = [];
  const linked = new Uint32Array(links.parents.length);
  for (let i = 0; i < linked.length; i++) {
    const trace = traces.index.find(words, i);
    const own = traces.ofRow[links.parents[i] as number] as number;
    if (trace >= 0) linked[i] = LINK.distance + zigzag(own - trace);
    else outside.push(i);
  }
  out.uints(COLUMN.linkCounts, links.counts);
  out.uints(COLUMN.linkTraces, linked);
  if (outside.length > 0)
    out.add(
      COLUMN.linkOutsideTraceIds,
      encodeFixed(pickIds(traceIds, TRACE_ID_BYTES, outside), TRACE_ID_BYTES),
    );
  const spanIds = rows.ids((batch) => batch.linkSpanIds, SPAN_ID_BYTES, links.picked);
  out.add(COLUMN.linkSpanIds, encodeFixed(spanIds, SPAN_ID_BYTES));
  out.strings(
    COLUMN.linkTraceStates,
    rows.codes((batch) => batch.linkTraceStates, links.picked),
  );
  out.uints(
    COLUMN.linkFlags,
    rows.numbers((batch) => batch.linkFlags, links.picked),
  );
  out.uints(
    COLUMN.linkDroppedAttributes,
    rows.numbers((batch) => batch.linkDroppedAttributes, links.picked),
  );
};
