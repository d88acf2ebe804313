import { analyseTrace, type TraceSummary } from '../analysis/index.ts';
import type { TraceId } from '../model/index.ts';
import type { Store } from '../store/index.ts';

/** Summaries of traces that are still open, made once per version of the trace. */
export class HeadSummaries {
  readonly #store: Store;
  readonly #known = new Map<TraceId, { readonly version: number; readonly summary: TraceSummary }>();

  constructor(store: Store) {
    this.#store = store;
  }

  all(): ReadonlyMap<TraceId, TraceSummary> {
    const summaries = new Map<TraceId, TraceSummary>();
    for (const { traceId, version } of this.#store.openTraces()) {
      summaries.set(traceId, this.#summary(traceId, version));
    }
    for (const traceId of this.#known.keys()) if (!summaries.has(traceId)) this.#known.delete(traceId);
    return summaries;
  }

  #summary(traceId: TraceId, version: number): TraceSummary {
    const known = this.#known.get(traceId);
    if (known?.version === version) return known.summary;
    // While spans may still come, an orphan is only early.
    const summary = { ...analyseTrace(this.#store.spans(traceId)).summary, complete: false };
    this.#known.set(traceId, { version, summary });
    return summary;
  }
}
