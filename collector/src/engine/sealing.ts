import {
  analyseTrace,
  decodeStat,
  encodeStat,
  mergeStat,
  type RollupEntry,
  type TraceSummary,
} from '../analysis/index.ts';
import type { TraceId } from '../model/index.ts';
import type { DerivedRow, SealedTrace, Store } from '../store/index.ts';
import { type FlowGatherer, joinNames } from './gather.ts';
import { toIndexed } from './summaries.ts';

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
  const summaries = ids.map((id) => analyse(store, gatherer, rollups, id));
  const traces = summaries.map((summary) => sealedTrace(store, summary));
  store.seal(traces, rollups.rows());
  return summaries;
};

const sealedTrace = (store: Store, summary: TraceSummary): SealedTrace => ({
  index: toIndexed(summary),
  joins: joinNames(store.spans(summary.traceId)),
});

/** Adds what the trace contributes to the rollups and returns its summary. */
const analyse = (store: Store, gatherer: FlowGatherer, rollups: RollupChanges, id: TraceId): TraceSummary => {
  const spans = store.spans(id);
  const before = store.sealedSpans(id);
  const context = gatherer.linked(spans);
  const after = analyseTrace(spans, context);
  if (spans.length !== before.length) {
    if (before.length > 0) {
      for (const entry of analyseTrace(before, context).entries) rollups.add(entry, -1);
    }
    for (const entry of after.entries) rollups.add(entry, 1);
  }
  return after.summary;
};

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
