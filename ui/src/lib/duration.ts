const US = 1_000;
const MS = 1_000_000;
const S = 1_000_000_000;
const MIN = 60 * S;
const H = 60 * MIN;
const DAY = 24 * H;

/** Three figures at most, no trailing zeros: 1.84, 12.4, 480. */
const figures = (value: number): string => {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return String(Number(value.toFixed(digits)));
};

const pair = (value: number, big: number, bigName: string, small: number, smallName: string): string => {
  const total = Math.round(value / small);
  const perBig = Math.round(big / small);
  const rest = total % perBig;
  const whole = `${Math.floor(total / perBig)} ${bigName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
};

/** A duration in nanoseconds as people read it: `480 ms`, `12.4 s`, `3 min 10 s`. Negative ones keep their sign. */
export const formatDuration = (nanos: number): string => {
  if (!Number.isFinite(nanos)) return '–';
  if (nanos < 0) return `−${formatDuration(-nanos)}`;
  if (nanos === 0) return '0 ms';
  if (nanos < US) return `${Math.round(nanos)} ns`;
  if (nanos < 999.5 * US) return `${figures(nanos / US)} µs`;
  if (nanos < 999.5 * MS) return `${figures(nanos / MS)} ms`;
  if (nanos < 59.95 * S) return `${figures(nanos / S)} s`;
  if (nanos < 59.5 * MIN) return pair(nanos, MIN, 'min', S, 's');
  if (nanos < 23.5 * H) return pair(nanos, H, 'h', MIN, 'min');
  return pair(nanos, DAY, 'd', H, 'h');
};

/** Every digit, for titles: `480.123456 ms`, and in seconds from one second on. */
export const exactDuration = (nanos: number): string => {
  if (!Number.isFinite(nanos)) return 'unknown';
  const sign = nanos < 0 ? '−' : '';
  const value = Math.abs(Math.round(nanos));
  const [unit, name, digits] = value < S ? [MS, 'ms', 6] : ([S, 's', 9] as const);
  const whole = Math.floor(value / unit).toLocaleString('en-US');
  return `${sign}${whole}.${String(value % unit).padStart(digits, '0')} ${name}`;
};

/** Seconds as in `lagSeconds`. */
export const formatSeconds = (seconds: number): string => formatDuration(seconds * S);

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: US,
  µs: US,
  ms: MS,
  s: S,
  m: MIN,
  min: MIN,
  h: H,
};

/** `300ms`, `2s`, `1.5m` in nanoseconds; undefined where the text is no duration. */
export const parseDuration = (text: string): number | undefined => {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|min|m|h)\s*$/.exec(text);
  return match ? Number(match[1]) * UNITS[match[2]!]! : undefined;
};
