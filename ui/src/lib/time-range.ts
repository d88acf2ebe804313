import { dateTime, millisToNanos, timeOfDay } from './clock.ts';

export const RELATIVE = {
  '5m': { label: 'Last 5 min', millis: 300_000 },
  '15m': { label: 'Last 15 min', millis: 900_000 },
  '1h': { label: 'Last hour', millis: 3_600_000 },
  '6h': { label: 'Last 6 hours', millis: 21_600_000 },
  '24h': { label: 'Last 24 hours', millis: 86_400_000 },
  '7d': { label: 'Last 7 days', millis: 604_800_000 },
} as const;

export type RelativeRange = keyof typeof RELATIVE;

/** `relative` moves with the clock; `absolute` is fixed, in Unix milliseconds. */
export type TimeRange =
  | { readonly kind: 'relative'; readonly last: RelativeRange }
  | { readonly kind: 'absolute'; readonly from: number; readonly to: number };

export const DEFAULT_RANGE: TimeRange = { kind: 'relative', last: '15m' };

/** From the URL: `range=1h`, or `from` and `to` in Unix milliseconds. Anything else is the default. */
export const rangeFromParams = (params: URLSearchParams): TimeRange => {
  const last = params.get('range') ?? '';
  if (Object.hasOwn(RELATIVE, last)) return { kind: 'relative', last: last as RelativeRange };
  const from = Number(params.get('from') ?? Number.NaN);
  const to = Number(params.get('to') ?? Number.NaN);
  if (from >= 0 && to > from && to < 8.64e15) return { kind: 'absolute', from, to };
  return DEFAULT_RANGE;
};

/** The URL parameters that say this range; the default needs none. */
export const rangeParams = (
  range: TimeRange,
): Readonly<Record<'range' | 'from' | 'to', string | undefined>> => {
  if (range.kind === 'absolute')
    return { range: undefined, from: String(Math.floor(range.from)), to: String(Math.ceil(range.to)) };
  const last = range.last === '15m' ? undefined : range.last;
  return { range: last, from: undefined, to: undefined };
};

/** The range as bounds in Unix milliseconds. */
export const rangeBounds = (range: TimeRange, now: number): { from: number; to: number } =>
  range.kind === 'absolute'
    ? { from: range.from, to: range.to }
    : { from: now - RELATIVE[range.last].millis, to: now };

/** The bounds as the API takes them. */
export const rangeQuery = (range: TimeRange, now: number): { start: string; end: string } => {
  const { from, to } = rangeBounds(range, now);
  return { start: millisToNanos(from), end: millisToNanos(to) };
};

/** What the picker's button says. */
export const rangeLabel = (range: TimeRange): string => {
  if (range.kind === 'relative') return RELATIVE[range.last].label;
  const start = dateTime(range.from);
  const end = dateTime(range.to);
  return start.slice(0, 10) === end.slice(0, 10)
    ? `${start} – ${timeOfDay(range.to).slice(0, 8)}`
    : `${start.slice(0, 16)} – ${end.slice(0, 16)}`;
};
