import { performance } from 'node:perf_hooks';
import { decodeSpans } from '../src/otlp/index.ts';
import { ExportTraceServiceRequest } from '../test/otlp-schema.ts';
import { exportRequest } from './otlp-body.ts';

const SPANS_PER_REQUEST = 500;
/** More bytes than a core's cache holds, so that none of them is warm by chance. */
const REQUESTS = 40;
const RUN_MS = 500;
const RUNS = 7;

/** Spans per second over all bodies, again and again for `RUN_MS`. */
const rate = (bodies: readonly Uint8Array[], decode: (body: Uint8Array) => unknown): number => {
  const begin = performance.now();
  let spans = 0;
  let elapsed = 0;
  for (; elapsed < RUN_MS; elapsed = performance.now() - begin) {
    for (const body of bodies) decode(body);
    spans += bodies.length * SPANS_PER_REQUEST;
  }
  return (spans / elapsed) * 1_000;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/**
 * Decoding of requests in OTLP protobuf on one core, beside protobufjs, which makes objects of the same bodies. They
 * take turns, so that other work on the machine meets both; medians after a warm-up run.
 */
export const benchDecode = () => {
  const bodies = Array.from({ length: REQUESTS }, () =>
    exportRequest(SPANS_PER_REQUEST, 1_790_000_000_000_000_000n),
  );
  const columns = (body: Uint8Array) => decodeSpans('protobuf', body);
  const objects = (body: Uint8Array) => ExportTraceServiceRequest.decode(body);
  const rates = Array.from(
    { length: RUNS + 1 },
    () => [rate(bodies, columns), rate(bodies, objects)] as const,
  );
  const ours = median(rates.slice(1).map(([ours]) => ours));
  const theirs = median(rates.slice(1).map(([, theirs]) => theirs));
  return {
    bytesPerSpan: Math.round(
      bodies.reduce((sum, body) => sum + body.length, 0) / REQUESTS / SPANS_PER_REQUEST,
    ),
    spansPerSecond: Math.round(ours),
    protobufjsSpansPerSecond: Math.round(theirs),
    timesProtobufjs: Number((ours / theirs).toFixed(2)),
  };
};
