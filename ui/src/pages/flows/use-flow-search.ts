import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { onLive, reconnects } from '../../state/live.ts';
import { boundsNow, range, rangeKey } from '../../state/range.ts';
import { bounds, cursor, load, loadMore, rows, shownKey } from './flow-list.ts';
import { merge } from './merge.ts';
import { sampleOf } from './scatter-sample.ts';
import { live, problem, query, searchKey, sort } from './search.ts';

/** A search with a filter is asked again at most this often while it is live. */
const ASK_AGAIN_MS = 2_000;

const start = (key: string): void => {
  void load(key, { q: query.peek(), sort: sort.peek(), ...boundsNow() });
};

/** Loads what the URL asks for, again where it changed or the collector came back. */
export const useFlowSearch = (): { reload: () => void; more: () => void } => {
  const key = searchKey.value;
  const comebacks = reconnects.value;
  const wrong = problem.value !== undefined;
  useEffect(() => {
    if (!wrong && (shownKey.peek() !== key || rows.peek().length === 0 || comebacks > 0)) start(key);
  }, [key, comebacks, wrong]);
  // Nobody should have to ask again for the first flows of a range that moves with the clock.
  const waiting =
    !wrong && range.value.kind === 'relative' && shownKey.value === key && rows.value.length === 0;
  useEffect(() => (waiting ? onLive('traces', () => start(key)) : undefined), [waiting, key]);
  return {
    reload: () => start(searchKey.peek()),
    more: () => void loadMore({ q: query.peek(), sort: sort.peek(), ...boundsNow() }),
  };
};

/** Of two lists of flows each one once, the newer account of it. */
const together = (older: readonly TraceSummary[], newer: readonly TraceSummary[]): readonly TraceSummary[] =>
  older.length === 0 ? newer : [...new Map([...older, ...newer].map((row) => [row.traceId, row])).values()];

/**
 * The flows of the chart: the list itself where it is whole, else some of every part of the range besides. The live
 * tail takes its sample once; what comes in goes on from there.
 */
export const useSample = (): readonly TraceSummary[] => {
  const [sample, setSample] = useState<readonly TraceSummary[]>([]);
  const partial = bounds.value !== undefined && cursor.value !== undefined;
  const tail = live.value;
  const key = `${query.value} ${rangeKey.value} ${tail ? 'live' : bounds.value?.end}`;
  useEffect(() => {
    const within = bounds.peek();
    if (!partial || !within) {
      setSample([]);
      return undefined;
    }
    const abort = new AbortController();
    sampleOf(query.peek(), within, abort.signal).then(setSample, () => setSample([]));
    return () => abort.abort();
  }, [partial, key]);
  return useMemo(() => together(sample, rows.value), [sample, rows.value]);
};

/**
 * The live tail. Without a filter the events are the list; with one they are only a sign to ask again, since what a
 * filter means is the collector's to say. While `held` (the reader scrolled down), new flows wait and are counted.
 */
export const useLiveTail = (held: boolean): { waiting: number; show: () => void } => {
  const [fresh, setFresh] = useState<readonly TraceSummary[]>([]);
  const on = live.value;
  const q = query.value;
  useEffect(() => {
    if (!on) return undefined;
    start(searchKey.peek());
    let asked = Date.now();
    return onLive('traces', ({ traces }) => {
      if (q !== '') {
        if (Date.now() - asked < ASK_AGAIN_MS || held) return;
        asked = Date.now();
        start(searchKey.peek());
      } else setFresh((old) => merge(old, traces));
    });
  }, [on, q, held]);
  const show = () => {
    rows.value = merge(rows.peek(), fresh);
    bounds.value = boundsNow();
    setFresh([]);
  };
  useEffect(() => {
    if (!held && fresh.length > 0) show();
  }, [held, fresh]);
  return { waiting: on ? fresh.length : 0, show };
};
