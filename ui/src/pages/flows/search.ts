import { computed } from '@preact/signals';
import type { TraceSort } from '../../../../collector/src/contract/index.ts';
import { queryProblem } from '../../lib/query.ts';
import { adjust, place } from '../../state/location.ts';
import { rangeKey } from '../../state/range.ts';

export const SORTS: Readonly<Record<TraceSort, string>> = {
  newest: 'newest',
  slowest: 'slowest',
  'longest-wait': 'longest wait',
};

/** The search as the URL says it. */
export const query = computed(() => place.value.params.get('q') ?? '');
export const live = computed(() => place.value.params.get('live') === '1');
export const sort = computed<TraceSort>(() => {
  const wanted = place.value.params.get('sort') ?? '';
  return !live.value && Object.hasOwn(SORTS, wanted) ? (wanted as TraceSort) : 'newest';
});
/** What is wrong with the query; it is not sent then. */
export const problem = computed(() => queryProblem(query.value));
/** Changes with everything that makes it another search. */
export const searchKey = computed(() => JSON.stringify([query.value, sort.value, rangeKey.value]));

export const setQuery = (text: string): void => adjust({ q: text }, 'push');
export const setSort = (next: TraceSort): void =>
  adjust({ sort: next === 'newest' ? undefined : next, live: undefined }, 'push');
export const setLive = (on: boolean): void => adjust({ live: on ? '1' : undefined, sort: undefined });
