import type { TraceSummary } from '../analysis/index.ts';
import { type TraceId, unixNanos } from '../model/index.ts';
import type { IndexedTrace } from '../store/index.ts';
import { toJson, type Wire } from './present.ts';

/** The summary as the store keeps and searches it. */
export const toIndexed = (summary: TraceSummary): IndexedTrace => ({
  traceId: summary.traceId,
  start: summary.start,
  responseDuration: summary.responseDuration,
  rootName: summary.rootName,
  services: summary.services,
  errorCount: summary.errorCount,
  queueHops: summary.queueHops,
  longestWait: Math.max(0, summary.maxTimeInQueue ?? 0),
  summary: toJson(summary),
});

export const fromIndexed = (trace: IndexedTrace): TraceSummary => {
  const summary = JSON.parse(trace.summary) as Wire<TraceSummary>;
  return { ...summary, traceId: summary.traceId as TraceId, start: unixNanos(BigInt(summary.start)) };
};
