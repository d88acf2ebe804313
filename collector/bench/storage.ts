import type { SpanBatch } from '../src/batch/index.ts';
import type { TraceId } from '../src/model/index.ts';
import { decodeSpans } from '../src/otlp/index.ts';
import { type BlockRow, type EncodedBlock, encodeBlock, openBlock } from '../src/store/blocks/index.ts';
import { chance } from '../test/spans.ts';
import { exportRequest } from './otlp-body.ts';

const SPANS_PER_REQUEST = 500;
const REQUESTS = 131;
const RUNS = 15;
const LOOKUPS = 100;

/** Column numbers up to which each group goes; see FORMAT.md of the blocks. */
const GROUPS: readonly (readonly [name: string, last: number])[] = [
  ['resources, scopes', 2],
  ['trace ids and sizes', 4],
  ['filter of trace ids', 5],
  ['filter of values', 6],
  ['span ids', 10],
  ['parents', 12],
  ['starts', 13],
  ['durations', 14],
  ['other fields', 39],
  ['events', 59],
  ['links', 99],
];

/**
 * Requests as the ingest benchmark sends them, decoded; times get the noise that real ones have, up to 1 ms for
 * starts and for ends, since the generator's own are so regular that they cost nothing.
 */
const makeRows = (): BlockRow[] => {
  const random = chance(1);
  const traces = new Map<string, BlockRow[]>();
  const startNanos = 1_790_000_000_000_000_000n;
  for (let request = 0; request < REQUESTS; request++) {
    const body = exportRequest(SPANS_PER_REQUEST, startNanos + BigInt(request) * 50_000_000n);
    const { batch } = decodeSpans('protobuf', body);
    for (let row = 0; row < batch.length; row++) {
      addNoise(batch, row, random);
      const trace = batch.traceId(row);
      const rows = traces.get(trace) ?? [];
      rows.push({ batch, row });
      traces.set(trace, rows);
    }
  }
  return [...traces.values()].flat();
};

const addNoise = ({ starts, ends }: SpanBatch, row: number, random: () => number): void => {
  starts.set(row, starts.get(row) + BigInt(Math.floor(random() * 1_000_000)));
  ends.set(row, ends.get(row) + BigInt(Math.floor(random() * 1_000_000)));
};

/**
 * Milliseconds of this thread's CPU for one of many rounds: other work on the machine must not count. All rounds
 * together, since the clock of the CPU can be as coarse as 10 ms.
 */
const timed = (rounds: number, work: (round: number) => void): number => {
  const before = process.threadCpuUsage();
  for (let round = 0; round < rounds; round++) work(round);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000 / rounds;
};

/** Size and speed of one block of 65,500 spans; one thread, in this process. */
export const benchStorage = () => {
  const rows = makeRows();
  const block = encodeBlock(rows);
  const seal = timed(RUNS, () => encodeBlock(rows));
  const columns = new Map(block.columns.map(({ column, bytes }) => [column, bytes]));
  const open = () => openBlock((column) => columns.get(column), block.metaBytes);
  const random = chance(2);
  const wanted = Array.from({ length: LOOKUPS }, () => {
    const { batch, row } = rows[Math.floor(random() * rows.length)] as BlockRow;
    return batch.traceId(row);
  });
  const lookup = timed(LOOKUPS, (round) => open().spans(wanted[round] as TraceId));
  const search = timed(LOOKUPS, () => scan(open()));
  return {
    spans: rows.length,
    traces: block.meta.traces,
    sealedSpansPerCpuSecond: Math.round((rows.length / seal) * 1_000),
    columns: block.columns.length,
    bytesPerSpan: bytesPerSpan(block),
    millisecondsPerTraceOfAnUnreadBlock: Number(lookup.toFixed(2)),
    millisecondsPerSearchOfOneAttribute: Number(search.toFixed(2)),
  };
};

/** What a search for a value of high cardinality costs in a block that the filter could not rule out. */
const scan = (reader: ReturnType<typeof openBlock>): number =>
  reader
    .attributeColumn('span', 'request.id')
    ?.parts.reduce(
      (found, part) => (part.type === 'string' ? found + part.values.rowsOf('0'.repeat(24)).length : found),
      0,
    ) ?? 0;

const bytesPerSpan = ({ columns, metaBytes, meta }: EncodedBlock): Record<string, number> => {
  const sums = new Map<string, number>();
  const count = (name: string, bytes: number) => sums.set(name, (sums.get(name) ?? 0) + bytes);
  for (const { column, bytes } of columns) {
    const attribute = meta.attributes.find((entry) => entry.column === column);
    const group = GROUPS.find(([, last]) => column <= last)?.[0];
    count('total', bytes.length);
    count(attribute ? `${attribute.owner}.${attribute.key}` : (group ?? 'other'), bytes.length);
  }
  count('meta data', metaBytes.length);
  count('total', metaBytes.length);
  return Object.fromEntries(
    [...sums].map(([name, bytes]) => [name, Number((bytes / meta.spans).toFixed(2))]),
  );
};
