import type { Span } from '../model/index.ts';

/** By start, then id: the same spans always come in the same order. */
export const inOrderOfStart = (spans: Iterable<Span>): Span[] =>
  [...spans].sort((a, b) => {
    if (a.start !== b.start) return a.start < b.start ? -1 : 1;
    return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
  });
