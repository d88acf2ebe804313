import { formatDuration, parseDuration } from './duration.ts';

/** One word of the query: `service=gateway`. Values with spaces stand in double quotes. */
export interface QueryWord {
  readonly key: string;
  readonly value: string;
}

export type FilterKey = 'service' | 'name' | 'error' | 'queue' | 'minDuration' | 'maxDuration';

/** What each key is for and how its value is given; the search field, the chips and the help are made from this. */
export const FILTERS: Readonly<
  Record<FilterKey, { label: string; kind: 'text' | 'duration' | 'flag'; hint: string }>
> = {
  service: { label: 'service', kind: 'text', hint: 'gateway' },
  name: { label: 'name contains', kind: 'text', hint: '/checkout' },
  minDuration: { label: 'slower than', kind: 'duration', hint: '300ms' },
  maxDuration: { label: 'faster than', kind: 'duration', hint: '2s' },
  error: { label: 'has errors', kind: 'flag', hint: 'true' },
  queue: { label: 'crosses a queue', kind: 'flag', hint: 'true' },
};

const isFilter = (key: string): key is FilterKey => Object.hasOwn(FILTERS, key);

/** Whether the text is TraceQL, which only the collector reads: it has no words, and so no chips. */
export const isTraceQl = (text: string): boolean => /^\s*[{(]/.test(text);

/** The words of a query, in order. A word without `=` is taken as `name=`. */
export const parseQuery = (text: string): QueryWord[] => {
  const words: QueryWord[] = [];
  if (isTraceQl(text)) return words;
  for (const match of text.matchAll(/(?:([A-Za-z]+)=)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const value = match[2] === undefined ? (match[3] ?? '') : match[2].replace(/\\(.)/g, '$1');
    words.push({ key: match[1] ?? 'name', value });
  }
  return words;
};

const quoted = (value: string): string =>
  value === '' || /[\s"=]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;

export const formatQuery = (words: readonly QueryWord[]): string =>
  words.map(({ key, value }) => `${key}=${quoted(value)}`).join(' ');

/** The query with this filter set, in its old place where the key was there, or without it where `value` is undefined. */
export const withFilter = (text: string, key: FilterKey, value: string | undefined): string => {
  const words = parseQuery(text);
  const place = words.findIndex((word) => word.key === key);
  const others = words.filter((word) => word.key !== key);
  if (value === undefined) return formatQuery(others);
  others.splice(place < 0 ? others.length : place, 0, { key, value });
  return formatQuery(others);
};

/** The query without its word at this index. */
export const withoutWord = (text: string, index: number): string =>
  formatQuery(parseQuery(text).filter((_, at) => at !== index));

/** What a chip says: `slower than 300 ms`, `service: gateway`. */
export const chipLabel = ({ key, value }: QueryWord): string => {
  if (!isFilter(key)) return `${key}: ${value}`;
  const filter = FILTERS[key];
  if (filter.kind === 'flag') return value === 'true' ? filter.label : `not: ${filter.label}`;
  if (filter.kind === 'duration') {
    const nanos = parseDuration(value);
    return `${filter.label} ${nanos === undefined ? value : formatDuration(nanos)}`;
  }
  return `${filter.label}${key === 'name' ? '' : ':'} ${value}`;
};

/** What is wrong with the query, in one sentence, or undefined. */
export const queryProblem = (text: string): string | undefined => {
  for (const { key, value } of parseQuery(text)) {
    if (!isFilter(key)) return `“${key}” is no filter. Known: ${Object.keys(FILTERS).join(', ')}.`;
    const { kind, hint } = FILTERS[key];
    if (kind === 'duration' && parseDuration(value) === undefined)
      return `“${value}” is no duration. Write it like ${key}=${hint}.`;
    if (kind === 'flag' && value !== 'true' && value !== 'false') return `Write ${key}=true or ${key}=false.`;
  }
  return undefined;
};
