import { EVERY_SPAN, type TraceCondition, type TraceQuery } from './ast.ts';
import type { TraceWords } from './words.ts';

/** The same question as the words, which speak of whole traces and never of single spans. */
export const wordsToQuery = (words: TraceWords): TraceQuery => {
  const conditions: TraceCondition[] = [];
  if (words.service !== undefined) conditions.push({ fact: 'services', has: words.service });
  if (words.name !== undefined) conditions.push({ fact: 'rootName', contains: words.name });
  if (words.errors !== undefined) conditions.push({ fact: 'hasErrors', is: words.errors });
  if (words.crossesQueue !== undefined) conditions.push({ fact: 'crossesQueue', is: words.crossesQueue });
  if (words.minDuration !== undefined || words.maxDuration !== undefined) {
    const { minDuration: min = -Infinity, maxDuration: max = Infinity } = words;
    conditions.push({ fact: 'responseDuration', min, max });
  }
  return { spans: EVERY_SPAN, conditions };
};
