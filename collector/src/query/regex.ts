import { RE2JS } from 're2js';

/** Whether the whole text fits. */
export type Pattern = (text: string) => boolean;

/** The pattern is wrong; the message is the engine's. */
export class PatternError extends Error {
  override name = 'PatternError';
}

/** Answers that are remembered for each pattern: spans repeat few values, and a lookup costs less than a match. */
const REMEMBERED = 1024;

/**
 * The texts of a pattern that only lists them, such as `GET|POST`; undefined for every other pattern.
 * Such patterns need no engine, and prune like `=`.
 */
export const listedTexts = (pattern: string): readonly string[] | undefined =>
  /^[^\\^$.*+?()[\]{}]*$/.test(pattern) ? pattern.split('|') : undefined;

/**
 * A pattern in RE2's syntax, anchored at both ends as Tempo does. RE2 takes time in proportion to the text whatever
 * the pattern, so that a query cannot stall the collector. Throws `PatternError`.
 */
export const compilePattern = (pattern: string): Pattern => {
  const listed = listedTexts(pattern);
  if (listed) {
    const texts = new Set(listed);
    return (text) => texts.has(text);
  }
  const engine = compiled(pattern);
  const answers = new Map<string, boolean>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    if (answers.size >= REMEMBERED) answers.clear();
    const answer = engine.testExact(text);
    answers.set(text, answer);
    return answer;
  };
};

const compiled = (pattern: string): RE2JS => {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error));
  }
};
