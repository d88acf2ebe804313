import { NANOS_PER_MS, NANOS_PER_SECOND } from '../model/index.ts';

const MINUTE = 60 * NANOS_PER_SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1_000,
  µs: 1_000,
  ms: NANOS_PER_MS,
  s: NANOS_PER_SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
};

/** The unit ends every part, so the expression has one way to match and stays linear. */
const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$/;
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g;

/** Nanoseconds of `800ms`, `30s`, `1h30m`, `7d`; undefined where the text is no such duration. */
export const parseDuration = (text: string): number | undefined => {
  if (text.length > 40 || !DURATION.test(text)) return undefined;
  let nanos = 0;
  for (const [, figure, unit] of text.matchAll(PART)) nanos += Number(figure) * (UNITS[unit!] ?? 0);
  return Math.round(nanos);
};

const pair = (nanos: number, big: number, bigName: string, small: number, smallName: string): string => {
  const rounded = Math.round(nanos / small);
  const whole = Math.floor((rounded * small) / big);
  const rest = rounded - (whole * big) / small;
  return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
};

/** Three significant figures, without an exponent or trailing zeros. */
const figure = (value: number): string => String(Number(value.toPrecision(3)));

/** A duration as people read it: `812 ms`, `12.4 s`, `2 min 5 s`, `3 h`, `7 d`. */
export const formatDuration = (nanos: number): string => {
  if (nanos < 0) return `-${formatDuration(-nanos)}`;
  if (nanos === 0) return '0 s';
  if (nanos < 999_500) return `${figure(nanos / 1_000)} µs`;
  if (nanos < 999.5 * NANOS_PER_MS) return `${figure(nanos / NANOS_PER_MS)} ms`;
  if (nanos < 59.95 * NANOS_PER_SECOND) return `${figure(nanos / NANOS_PER_SECOND)} s`;
  if (nanos < 59.95 * MINUTE) return pair(nanos, MINUTE, 'min', NANOS_PER_SECOND, 's');
  if (nanos < DAY) return pair(nanos, HOUR, 'h', MINUTE, 'min');
  return pair(nanos, DAY, 'd', HOUR, 'h');
};
