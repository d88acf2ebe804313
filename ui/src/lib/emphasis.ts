/** A piece of a sentence; `strong` pieces are figures and the names of the places it is about. */
export interface SentencePart {
  readonly text: string;
  readonly strong: boolean;
}

const FIGURE =
  '\\d[\\d,]*(?:\\.\\d+)?(?: ?(?:ns|µs|ms|s|min|h|%|×)(?![A-Za-z]))(?: \\d+ ?(?:s|min|h)(?![A-Za-z]))?';
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Splits a sentence of the analysis so that its figures and the given names can be set in bold. */
export const emphasise = (sentence: string, names: readonly string[]): SentencePart[] => {
  const words = [...new Set(names)].filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
  const places = words.length > 0 ? `|(?<![\\w.-])(?:${words.map(escaped).join('|')})(?![\\w-]|\\.\\w)` : '';
  const parts: SentencePart[] = [];
  let last = 0;
  for (const match of sentence.matchAll(new RegExp(`(?<![\\w.])${FIGURE}${places}`, 'g'))) {
    if (match.index > last) parts.push({ text: sentence.slice(last, match.index), strong: false });
    parts.push({ text: match[0], strong: true });
    last = match.index + match[0].length;
  }
  if (last < sentence.length) parts.push({ text: sentence.slice(last), strong: false });
  return parts;
};
