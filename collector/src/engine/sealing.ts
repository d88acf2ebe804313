import {
  analyseTrace,
  decodeStat,
  encodeStat,
  mergeStat,
  type RollupEntry,
  type TraceSummary,
} from '../analysis/index.ts';
import type { Span, TraceId } from '../model/index.ts';
import type { DerivedRow, SealedTrace, Store } from '../store/index.ts';
import { type FlowGatherer, joinNames } from './gather.ts';
import { contextOf, toIndexed } from './summaries.ts';

/** Traces that one transaction seals: long enough to share its cost, short enough that requests hardly wait. */
const BATCH = 200;

/**
 * Moves settled traces from the head into the store's blocks, with what analysis derives from them, in one step.
 * A trace that was sealed before and grew is counted again as a whole and its earlier contribution taken back.
 */
export const sealSettled = (store: Store, gatherer: FlowGatherer): readonly TraceSummary[] => {
  const ids = store.settled().slice(0, BATCH);
  if (ids.length === 0) return [];
  const rollups = new RollupChanges(store);
  const analysed = ids.map((id) => analyse(store, gatherer, rollups, id));
  store.seal(
    analysed.map(({ sealed }) => sealed),
    rollups.rows(),
  );
  return analysed.map(({ summary }) => summary);
};

/** Adds what the trace contributes to the rollups, takes back what it contributed before, and sums it up. */
const analyse = (
  store: Store,
  gatherer: FlowGatherer,
  rollups: RollupChanges,
  id: TraceId,
): { summary: TraceSummary; sealed: SealedTrace } => {
  const spans = store.spans(id);
  const before = store.sealedSpans(id);
  const context = gatherer.linked(spans);
  const { summary, entries } = analyseTrace(spans, context);
  if (spans.length !== before.length) {
    for (const entry of formerEntries(store, id, before)) rollups.add(entry, -1);
    for (const entry of entries) rollups.add(entry, 1);
  }
  const index = toIndexed(summary, context.map(idOf));
  return { summary, sealed: { index, joins: joinNames(spans) } };
};

/** What the trace contributed when it was sealed last: the same spans with the same context give it again. */
const formerEntries = (store: Store, id: TraceId, before: readonly Span[]): readonly RollupEntry[] => {
  const former = store.indexed(id);
  if (!former) return [];
  const known = contextOf(former);
  const traces = new Set(known.map((one) => one.slice(0, one.indexOf(':')) as TraceId));
  const context = [...traces]
    .flatMap((trace) => store.spans(trace))
    .filter((span) => known.includes(idOf(span)));
  return analyseTrace(before, context).entries;
};

const idOf = (span: Span): string => `${span.traceId}:${span.spanId}`;

/** The derived rows that a batch changes, read once and written once. */
class RollupChanges {
  readonly #store: Store;
  readonly #changed = new Map<string, RollupEntry>();

  constructor(store: Store) {
    this.#store = store;
  }

  add(entry: RollupEntry, sign: 1 | -1): void {
    const id = `${entry.kind}\u0000${entry.bucket}\u0000${entry.key}`;
    const known = this.#changed.get(id) ?? this.#stored(entry);
    this.#changed.set(id, { ...entry, stat: mergeStat(known?.stat, entry.stat, sign) });
  }

  rows(): DerivedRow[] {
    return [...this.#changed.values()].map((entry) => ({ ...entry, stat: encodeStat(entry.stat) }));
  }

  #stored(entry: RollupEntry): RollupEntry | undefined {
    const row = this.#store.derivedRow(entry.kind, entry.bucket, entry.key);
    return row && { ...entry, stat: decodeStat(row.kind, row.stat) };
  }
}
