import type { IndexedTrace, TraceFilter, TraceIndex, TraceSearch, TraceSort } from './types.ts';

export const matches = (trace: TraceIndex, filter: TraceFilter): boolean =>
  trace.start >= filter.start &&
  trace.start < filter.end &&
  (filter.service === undefined || trace.services.includes(filter.service)) &&
  (filter.name === undefined || trace.rootName.toLowerCase().includes(filter.name.toLowerCase())) &&
  (filter.errors === undefined || trace.errorCount > 0 === filter.errors) &&
  (filter.crossesQueue === undefined || trace.queueHops > 0 === filter.crossesQueue) &&
  (filter.minDuration === undefined || trace.responseDuration >= filter.minDuration) &&
  (filter.maxDuration === undefined || trace.responseDuration <= filter.maxDuration);

/** What a sort orders by, largest first. */
export const sortValue = (trace: TraceIndex, sort: TraceSort): bigint => {
  if (sort === 'newest') return trace.start;
  return BigInt(Math.round(sort === 'slowest' ? trace.responseDuration : trace.longestWait));
};

/** Largest value first; equal ones by trace id, so that every order is total and cursors are exact. */
export const compareBy =
  (sort: TraceSort) =>
  (a: TraceIndex, b: TraceIndex): number => {
    const left = sortValue(a, sort);
    const right = sortValue(b, sort);
    if (left !== right) return left > right ? -1 : 1;
    return a.traceId < b.traceId ? -1 : a.traceId > b.traceId ? 1 : 0;
  };

const isAfter = (trace: TraceIndex, search: TraceSearch): boolean => {
  if (!search.after) return true;
  const value = sortValue(trace, search.sort);
  return value < search.after.value || (value === search.after.value && trace.traceId > search.after.traceId);
};

/** One page out of traces in any order: the definition that every store's search must agree with. */
export const searchAmong = <T extends TraceIndex>(traces: Iterable<T>, search: TraceSearch): T[] => {
  const found: T[] = [];
  for (const trace of traces) if (matches(trace, search.filter) && isAfter(trace, search)) found.push(trace);
  return found.sort(compareBy(search.sort)).slice(0, search.limit);
};

export type { IndexedTrace };
