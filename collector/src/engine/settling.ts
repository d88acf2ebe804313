import { analyseTrace, type RollupEntry, type TraceSummary } from '../analysis/index.ts';
import type { Span, TraceId } from '../model/index.ts';
import type { SettledTrace, Store } from '../store/index.ts';
import { type FlowGatherer, joinNames } from './gather.ts';
import type { RollupOverlay } from './rollup-overlay.ts';
import { contextOf, toIndexed } from './summaries.ts';

/** Traces that one call analyses: short enough that requests hardly wait for it. */
const BATCH = 200;

/**
 * Analyses the open traces that rested, and settles them. A trace that was analysed before and grew is counted again
 * as a whole, and its earlier contribution taken back.
 */
export const settleRested = (
  store: Store,
  gatherer: FlowGatherer,
  rollups: RollupOverlay,
): readonly TraceSummary[] => {
  const ids = store.rested().slice(0, BATCH);
  const analysed = ids.map((id) => analyse(store, gatherer, rollups, id));
  store.settle(analysed.map(({ settled }) => settled));
  return analysed.map(({ summary }) => summary);
};

/** Seals what has settled, with what it contributes. Traces that grew meanwhile wait for their next analysis. */
export const sealSettled = (store: Store, rollups: RollupOverlay): void => {
  const reopened = store.reopened();
  for (const id of reopened) for (const entry of formerEntries(store, id)) rollups.add(entry, -1);
  store.unsettle(reopened);
  store.seal(rollups.rows());
  rollups.clear();
};

/** Adds what the trace contributes to the rollups, takes back what it contributed before, and sums it up. */
const analyse = (
  store: Store,
  gatherer: FlowGatherer,
  rollups: RollupOverlay,
  id: TraceId,
): { summary: TraceSummary; settled: SettledTrace } => {
  const spans = store.spans(id);
  const context = gatherer.linked(spans);
  const { summary, entries } = analyseTrace(spans, context);
  for (const entry of formerEntries(store, id)) rollups.add(entry, -1);
  for (const entry of entries) rollups.add(entry, 1);
  return { summary, settled: { index: toIndexed(summary, context.map(idOf)), joins: joinNames(spans) } };
};

/** What the last analysis of the trace contributed: the same spans with the same context give it again. */
const formerEntries = (store: Store, id: TraceId): readonly RollupEntry[] => {
  const former = store.indexed(id);
  if (!former) return [];
  const known = contextOf(former);
  const traces = new Set(known.map((one) => one.slice(0, one.indexOf(':')) as TraceId));
  const context = [...traces]
    .flatMap((trace) => store.spans(trace))
    .filter((span) => known.includes(idOf(span)));
  return analyseTrace(store.analysedSpans(id), context).entries;
};

const idOf = (span: Span): string => `${span.traceId}:${span.spanId}`;
