/** An attribute's value as text. Objects and arrays become JSON, so that nothing but text ever reaches the page. */
export const attributeText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') {
    try {
      return JSON.stringify(value) ?? '';
    } catch {
      return '(cannot be shown)';
    }
  }
  return String(value);
};

/** The address if it is an http or https one, else undefined: nothing else in the data becomes a link. */
export const safeLink = (text: string): string | undefined => {
  if (!/^https?:\/\//i.test(text) || text.length > 2_000) return undefined;
  try {
    const { protocol, href } = new URL(text);
    return protocol === 'http:' || protocol === 'https:' ? href : undefined;
  } catch {
    return undefined;
  }
};

/** Entries in the order of their names; `__proto__` and the like are names as any other. */
export const sortedEntries = (attributes: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
