import type { TraceSummary } from '../analysis/index.ts';
import type { Span, TraceId } from '../model/index.ts';
import { compileMatcher, parseTraceQl, traceViewOf } from '../query/index.ts';
import { sortValue, type TraceSearch, type TraceSort } from '../store/index.ts';
import { toIndexed } from './summaries.ts';

/** A page of traces, and where to go on; no `next` where there is nothing more. */
export interface TracePage {
  readonly traces: readonly TraceSummary[];
  readonly next?: PageEnd;
}

export interface PageEnd {
  readonly value: bigint;
  readonly traceId: TraceId;
}

/** Traces whose spans are read before the time is looked at again. */
const PAGE = 100;

/**
 * Searches by what spans say: reads the spans of one trace after the other in the order of the search, until the page
 * is full or the time is up. Then the page is short, and `next` goes on where it stopped.
 *
 * Throws `QueryError` where the text is no TraceQL.
 */
export const searchSpans = (
  text: string,
  search: TraceSearch,
  { pageOf, spansOf, isTimeUp }: SpanSource,
): TracePage => {
  const matcher = compileMatcher(parseTraceQl(text).spans);
  const traces: TraceSummary[] = [];
  let after = search.after;
  for (;;) {
    const page = pageOf({ ...search, limit: PAGE, ...(after ? { after } : {}) });
    for (const trace of page.traces) {
      if (traces.length === search.limit || isTimeUp()) return { traces, ...(after ? { next: after } : {}) };
      const view = traceViewOf(spansOf(trace.traceId));
      if (matcher.matchedSpans(view).length > 0) traces.push(trace);
      after = endAt(trace, search.sort);
    }
    if (!page.next) return { traces };
  }
};

export interface SpanSource {
  /** Traces by their summaries alone. */
  pageOf(search: TraceSearch): TracePage;
  spansOf(traceId: TraceId): readonly Span[];
  isTimeUp(): boolean;
}

export const endAt = (trace: TraceSummary, sort: TraceSort): PageEnd => ({
  value: sortValue(toIndexed(trace), sort),
  traceId: trace.traceId,
});
