import { type EngineStatus, TRANSPORTS } from '../engine/index.ts';

/** The collector's own health in Prometheus' text format. */
export const metricsText = ({ storage, ingest }: EngineStatus): string => {
  const lines: string[] = [];
  const metric = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    samples: readonly [string, number][],
  ): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
  };
  const perTransport = (pick: (counters: EngineStatus['ingest']['http']) => number): [string, number][] =>
    TRANSPORTS.map((transport) => [`{transport="${transport}"}`, pick(ingest[transport])]);

  metric(
    'tailrace_ingest_requests_total',
    'counter',
    'Export requests.',
    perTransport((c) => c.requests),
  );
  metric(
    'tailrace_ingest_failed_requests_total',
    'counter',
    'Export requests that were refused whole.',
    perTransport((c) => c.failedRequests),
  );
  metric(
    'tailrace_ingest_spans_total',
    'counter',
    'Spans on disk.',
    perTransport((c) => c.accepted),
  );
  metric(
    'tailrace_ingest_rejected_spans_total',
    'counter',
    'Spans refused in requests otherwise taken.',
    perTransport((c) => c.rejected),
  );
  metric(
    'tailrace_ingest_bytes_total',
    'counter',
    'Bytes of taken requests after decompression.',
    perTransport((c) => c.bytes),
  );
  metric('tailrace_storage_bytes', 'gauge', 'Bytes in use in the database file.', [['', storage.bytes]]);
  metric('tailrace_storage_spans', 'gauge', 'Sealed spans.', [['', storage.spans]]);
  metric('tailrace_storage_traces', 'gauge', 'Sealed traces.', [['', storage.traces]]);
  metric('tailrace_head_spans', 'gauge', 'Spans in memory and in the log, not in a block yet.', [
    ['', storage.head.spans],
  ]);
  metric('tailrace_head_traces', 'gauge', 'Traces in memory and in the log, not in a block yet.', [
    ['', storage.head.traces],
  ]);
  return `${lines.join('\n')}\n`;
};
