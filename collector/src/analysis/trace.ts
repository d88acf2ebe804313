import type { Reading } from '../flow/index.ts';
import { identityOf, readSpans } from '../flow/index.ts';
import type { Span } from '../model/index.ts';
import { countAcks } from './count-acks.ts';
import { countCalls } from './count-calls.ts';
import { countChains } from './count-chains.ts';
import { countMessages } from './count-messages.ts';
import { countTrouble } from './count-trouble.ts';
import { countQueueRpc } from './queue-rpc.ts';
import { Rollup } from './rollup.ts';
import type { RollupEntry } from './stat.ts';
import { summarise } from './summary.ts';
import type { TraceSummary } from './types.ts';

export interface TraceAnalysis {
  readonly summary: TraceSummary;
  readonly entries: RollupEntry[];
}

/** What the counting steps share: what was read, what may be counted, and where to. */
export interface Counting {
  readonly reading: Reading;
  /** Whether the span with this index is the trace's own, not of its context. */
  readonly isOwn: (i: number) => boolean;
  readonly rollup: Rollup;
  /** Finding types in which this trace is evidence. */
  readonly signs: Set<string>;
}

/**
 * The summary of a trace and what it adds to the rollups. `context` are spans of linked traces: they tell
 * when messages were published and are never counted. Throws RangeError without spans.
 *
 * The entries are a pure function of the arguments: to replace what a trace added before, take away what the
 * former spans gave *with their former context* and add the new entries.
 */
export const analyseTrace = (spans: readonly Span[], context: readonly Span[] = []): TraceAnalysis => {
  const reading = readSpans(context.length === 0 ? spans : [...spans, ...context]);
  if (reading === undefined || spans.length === 0) throw new RangeError('a trace has at least one span');
  const own = context.length === 0 ? undefined : new Set(spans.map(identityOf));
  const isOwn = (i: number) => own === undefined || own.has(identityOf(reading.layout.graph.spans[i]!));
  const counting: Counting = { reading, isOwn, rollup: new Rollup(), signs: new Set() };
  countCalls(counting);
  countChains(counting);
  countMessages(counting);
  countQueueRpc(counting);
  countAcks(counting);
  countTrouble(counting);
  return { summary: summarise(counting), entries: counting.rollup.entries() };
};
