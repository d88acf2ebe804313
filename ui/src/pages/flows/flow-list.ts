import { batch, signal } from '@preact/signals';
import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { type ApiFailure, api, type Bounds, type TraceSearch } from '../../state/api.ts';
import { toFailure } from '../../state/resource.ts';

/** The list outlives its page, so that Back finds it as it was: rows, further pages and place. */
export const rows = signal<readonly TraceSummary[]>([]);
export const cursor = signal<string | undefined>(undefined);
export const loading = signal(false);
export const failure = signal<ApiFailure | undefined>(undefined);
/** The bounds of the newest answer. */
export const bounds = signal<Bounds | undefined>(undefined);
/** Of which search the rows are; undefined before the first answer. */
export const shownKey = signal<string | undefined>(undefined);
export const scrollTop = { value: 0 };

export const PAGE = 200;

let abort = new AbortController();

/** Loads the first page of this search. The old rows stay until the answer is there. */
export const load = async (key: string, search: Omit<TraceSearch, 'limit'>): Promise<void> => {
  abort.abort();
  const own = new AbortController();
  abort = own;
  loading.value = true;
  try {
    const answer = await api.traces({ ...search, limit: PAGE }, own.signal);
    if (own.signal.aborted) return;
    batch(() => {
      if (shownKey.value !== key) scrollTop.value = 0;
      rows.value = answer.traces;
      cursor.value = answer.cursor;
      bounds.value = { start: search.start, end: search.end };
      shownKey.value = key;
      failure.value = undefined;
      loading.value = false;
    });
  } catch (error) {
    if (own.signal.aborted) return;
    batch(() => {
      failure.value = toFailure(error);
      loading.value = false;
    });
  }
};

/** Adds the next page. */
export const loadMore = async (search: Omit<TraceSearch, 'limit' | 'cursor'>): Promise<void> => {
  const from = cursor.peek();
  if (from === undefined || loading.peek()) return;
  const own = abort;
  loading.value = true;
  try {
    const answer = await api.traces({ ...search, ...bounds.peek(), limit: PAGE, cursor: from }, own.signal);
    if (own.signal.aborted) return;
    batch(() => {
      const known = new Set(rows.value.map((row) => row.traceId));
      rows.value = [...rows.value, ...answer.traces.filter((row) => !known.has(row.traceId))];
      cursor.value = answer.cursor;
      failure.value = undefined;
      loading.value = false;
    });
  } catch (error) {
    if (own.signal.aborted) return;
    batch(() => {
      failure.value = toFailure(error);
      loading.value = false;
    });
  }
};
