import { readSpanIds } from './api.ts';
import type { Load } from './load.ts';
import type { Requests } from './requests.ts';

/** What was found wrong, each as a sentence; and how much was looked at. */
export interface ReadBack {
  readonly problems: readonly string[];
  readonly traces: number;
  readonly spans: number;
  /** Requests' shares of traces that are there: each is one entry request in the analysis. */
  readonly entries: number;
  /** Traces of acknowledged requests that are not there at all. */
  readonly goneTraces: number;
}

export interface ReadBackOptions {
  readonly ui: string;
  readonly requests: Requests;
  readonly load: Load;
  /** Whether retention may have taken whole traces away. */
  readonly mayBeGone: boolean;
}

const READERS = 8;

/** The shares of one trace that different requests brought. */
interface Expected {
  readonly number: number;
  readonly spanIds: readonly string[];
}

/** Reads every trace of these requests and holds it against the ledger. */
export const readBack = async (options: ReadBackOptions, numbers: Iterable<number>): Promise<ReadBack> => {
  const traces = expectedTraces(options, numbers);
  const result = { problems: [] as string[], traces: 0, spans: 0, entries: 0, goneTraces: 0 };
  const reader = async (): Promise<void> => {
    for (const [traceId, shares] of traces) {
      const found = await readSpanIds(options.ui, traceId);
      const verdict = compare(traceId, shares, found, options);
      result.problems.push(...verdict.problems);
      result.traces++;
      result.spans += found.length;
      result.entries += verdict.entries;
      if (verdict.isGone) result.goneTraces++;
    }
  };
  // They share the generator, so that each trace is read by one of them.
  await Promise.all(Array.from({ length: READERS }, reader));
  return result;
};

function* expectedTraces(
  { requests }: ReadBackOptions,
  numbers: Iterable<number>,
): Generator<[traceId: string, shares: Expected[]]> {
  const done = new Set<number>();
  for (const number of numbers) {
    const siblings = requests.siblings(number);
    const [first = number] = siblings;
    if (done.has(first)) continue;
    done.add(first);
    const byTrace = new Map<string, Expected[]>();
    for (const sibling of siblings) {
      for (const { traceId, spanIds } of requests.traces(sibling)) {
        byTrace.set(traceId, [...(byTrace.get(traceId) ?? []), { number: sibling, spanIds }]);
      }
    }
    yield* byTrace;
  }
}

const compare = (
  traceId: string,
  shares: readonly Expected[],
  found: readonly string[],
  { load, mayBeGone }: ReadBackOptions,
): { problems: string[]; entries: number; isGone: boolean } => {
  const problems: string[] = [];
  const present = new Set(found);
  if (present.size < found.length)
    problems.push(`${traceId} shows ${found.length - present.size} spans twice`);
  const known = new Set(shares.flatMap((share) => share.spanIds));
  const strange = [...present].filter((id) => !known.has(id));
  if (strange.length > 0) problems.push(`${traceId} has ${strange.length} spans that nobody sent`);
  const wasAcked = shares.some(({ number }) => load.isAcked(number));
  if (mayBeGone && present.size === 0) return { problems, entries: 0, isGone: wasAcked };
  let entries = 0;
  for (const { number, spanIds } of shares) {
    const missing = spanIds.filter((id) => !present.has(id)).length;
    // Late spans are in a later block than the rest of their trace, and go later.
    if (mayBeGone && missing === spanIds.length) continue;
    if (missing === 0) entries++;
    else if (load.isAcked(number)) problems.push(`${traceId} lost ${missing} acknowledged spans`);
    else if (missing < spanIds.length) problems.push(`${traceId} has a part of request ${number} only`);
  }
  return { problems, entries, isGone: false };
};
