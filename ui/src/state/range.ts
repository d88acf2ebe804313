import { computed } from '@preact/signals';
import { rangeFromParams, rangeParams, rangeQuery, type TimeRange } from '../lib/time-range.ts';
import type { Bounds } from './api.ts';
import { adjust, hrefOf, place } from './location.ts';

/** The time range of the view, from the URL. */
export const range = computed<TimeRange>(() => rangeFromParams(place.value.params));

/** Changes when the reader picks another range, not when time passes. */
export const rangeKey = computed(() => JSON.stringify(range.value));

export const boundsNow = (): Bounds => rangeQuery(range.peek(), Date.now());

export const setRange = (next: TimeRange): void => adjust(rangeParams(next), 'push');

/** How often a view of a moving range loads again; a fixed one never does. */
export const refreshEvery = computed(() => (range.value.kind === 'relative' ? 10_000 : undefined));

/** A link that keeps the time range. */
export const rangedHref = (path: string, params: Readonly<Record<string, string | undefined>> = {}): string =>
  hrefOf(path, { ...rangeParams(range.value), ...params });
