/**
 * Whether the text matches a pattern in which `*` stands for any characters, dots and slashes too.
 * Greedy with one step back to the last star: at most pattern times text steps, where a regular
 * expression made of the user's pattern could take exponential time.
 */
export const matchesGlob = (pattern: string, text: string): boolean => {
  let at = 0;
  let read = 0;
  let star = -1;
  let resumeAt = 0;
  while (read < text.length) {
    if (pattern[at] === '*') {
      star = at;
      at += 1;
      resumeAt = read;
    } else if (at < pattern.length && pattern[at] === text[read]) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      at = star + 1;
      resumeAt += 1;
      read = resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
};

/** Globs by field, any of which may match; a field that is not named matches everything. */
export type Matchers = Readonly<Record<string, readonly string[] | undefined>>;
/** What the fields hold at one place; a list where the place has several, such as the services of a chain. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

const fieldMatches = (globs: readonly string[], value: string | readonly string[] | undefined): boolean => {
  if (value === undefined) return false;
  const values = typeof value === 'string' ? [value] : value;
  return values.some((text) => globs.some((glob) => matchesGlob(glob, text)));
};

const allMatch = (matchers: Matchers, fields: Fields): boolean =>
  Object.entries(matchers).every(
    ([field, globs]) => globs === undefined || fieldMatches(globs, fields[field]),
  );

/** A rule applies where all of its `where` match, and not all of its `except`. */
export const applies = (
  rule: { readonly where?: Matchers | undefined; readonly except?: Matchers | undefined },
  fields: Fields,
): boolean =>
  (rule.where === undefined || allMatch(rule.where, fields)) &&
  (rule.except === undefined || !allMatch(rule.except, fields));
