const two = (value: number): string => String(value).padStart(2, '0');

/** Unix nanoseconds (decimal string) as milliseconds; NaN where it is no number. */
export const nanosToMillis = (nanos: string): number => {
  if (!/^\d{1,20}$/.test(nanos)) return Number.NaN;
  return Number(BigInt(nanos) / 1_000n) / 1_000;
};

/** Milliseconds as Unix nanoseconds in a decimal string. */
export const millisToNanos = (millis: number): string => String(BigInt(Math.round(millis * 1_000)) * 1_000n);

/** `later - earlier` in nanoseconds, both decimal strings. */
export const nanosSince = (earlier: bigint, later: string): number =>
  /^\d{1,20}$/.test(later) ? Number(BigInt(later) - earlier) : Number.NaN;

/** The zone that times are shown in, for example `Europe/Vienna`. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** `14:02:11.482` of the local day. */
export const timeOfDay = (millis: number): string => {
  if (!Number.isFinite(millis)) return '–';
  const date = new Date(millis);
  const fraction = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction}`;
};

/** `2026-11-20 14:02:11` in the local zone. */
export const dateTime = (millis: number): string => {
  if (!Number.isFinite(millis)) return '–';
  const date = new Date(millis);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** Everything the nanoseconds say, for titles. */
export const exactTime = (nanos: string): string => {
  const millis = nanosToMillis(nanos);
  if (!Number.isFinite(millis)) return 'unknown time';
  return `${dateTime(millis)}.${nanos.slice(-9).padStart(9, '0')} ${timeZone()}`;
};

/** `now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`. */
export const ago = (millis: number, now: number): string => {
  const seconds = Math.max(0, Math.round((now - millis) / 1000));
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
};
