declare const brand: unique symbol;

/** Nanoseconds since the Unix epoch. Durations are plain numbers of nanoseconds: exact up to 104 days. */
export type UnixNanos = bigint & { readonly [brand]: 'UnixNanos' };

export const unixNanos = (value: bigint): UnixNanos => value as UnixNanos;

/** Largest value of OTLP's fixed64 time fields. */
const MAX_UNIX_NANOS = (1n << 64n) - 1n;

/** The time written as a decimal string, or undefined where the text is no such number. */
export const parseUnixNanos = (text: string): UnixNanos | undefined => {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_UNIX_NANOS ? (value as UnixNanos) : undefined;
};

/** `later - earlier` in nanoseconds; negative where the clocks disagree. */
export const nanosBetween = (earlier: UnixNanos, later: UnixNanos): number => Number(later - earlier);

export const addNanos = (time: UnixNanos, duration: number): UnixNanos =>
  (time + BigInt(Math.round(duration))) as UnixNanos;

export const fromMillis = (milliseconds: number): UnixNanos =>
  (BigInt(Math.round(milliseconds * 1_000)) * 1_000n) as UnixNanos;

export const toMillis = (time: UnixNanos): number => Number(time / 1_000n) / 1_000;

export const NANOS_PER_MS = 1_000_000;
export const NANOS_PER_SECOND = 1_000_000_000;
