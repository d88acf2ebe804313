import type { TraceSummary } from '../analysis/index.ts';
import { type TraceId, unixNanos } from '../model/index.ts';
import type { IndexedTrace } from '../store/index.ts';
import { toJson, type Wire } from './present.ts';

/** What the store keeps for a trace without looking into it. */
interface KeptSummary {
  readonly summary: TraceSummary;
  /** Spans of other traces that told when messages were published, by `trace id:span id`; see `ContextIds`. */
  readonly context: ContextIds;
}

/**
 * Which linked spans were known when a trace was analysed. Spans never change, so the same ones give the same
 * contribution again when it is to be taken back.
 */
export type ContextIds = readonly string[];

/** The summary as the store keeps and searches it. */
export const toIndexed = (summary: TraceSummary, context: ContextIds = []): IndexedTrace => ({
  traceId: summary.traceId,
  start: summary.start,
  responseDuration: summary.responseDuration,
  rootName: summary.rootName,
  services: summary.services,
  errorCount: summary.errorCount,
  queueHops: summary.queueHops,
  longestWait: Math.max(0, summary.maxTimeInQueue ?? 0),
  summary: toJson<KeptSummary>({ summary, context }),
});

export const fromIndexed = (trace: IndexedTrace): TraceSummary => {
  const { summary } = JSON.parse(trace.summary) as Wire<KeptSummary>;
  return { ...summary, traceId: summary.traceId as TraceId, start: unixNanos(BigInt(summary.start)) };
};

export const contextOf = (trace: IndexedTrace): ContextIds =>
  (JSON.parse(trace.summary) as KeptSummary).context;
