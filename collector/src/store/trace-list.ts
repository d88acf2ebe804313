import type { TraceId } from '../model/index.ts';
import { unixNanos } from '../model/index.ts';
import type { IndexedTrace } from './types.ts';
import { compress, decompress } from './zstd.ts';

/** A trace as it stands in the JSON of a block's trace list. */
type Listed = readonly [
  traceId: string,
  start: string,
  responseDuration: number,
  rootName: string,
  services: readonly string[],
  errorCount: number,
  queueHops: number,
  longestWait: number,
  summary: string,
];

/** The summaries of a block's traces: what search reads instead of spans. */
export const encodeTraceList = (traces: readonly IndexedTrace[]): Uint8Array => {
  const listed = traces.map(
    (trace): Listed => [
      trace.traceId,
      String(trace.start),
      trace.responseDuration,
      trace.rootName,
      trace.services,
      trace.errorCount,
      trace.queueHops,
      trace.longestWait,
      trace.summary,
    ],
  );
  return compress(Buffer.from(JSON.stringify(listed)));
};

export const decodeTraceList = (bytes: Uint8Array): IndexedTrace[] =>
  (JSON.parse(decompress(bytes).toString()) as Listed[]).map((listed) => ({
    traceId: listed[0] as TraceId,
    start: unixNanos(BigInt(listed[1])),
    responseDuration: listed[2],
    rootName: listed[3],
    services: listed[4],
    errorCount: listed[5],
    queueHops: listed[6],
    longestWait: listed[7],
    summary: listed[8],
  }));
