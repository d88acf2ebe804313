/** Spans are exported after some seconds and counted some seconds later: younger counts are not whole yet. */
const SETTLES_SECONDS = 12;

/**
 * Counts a step without those of steps that are still filling at `now`, which would look like a fall to zero.
 * Times and `now` in Unix seconds; a time is the beginning of its step.
 */
export const finished = (
  times: readonly number[],
  values: readonly (number | null)[],
  now: number,
): (number | null)[] => {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  return values.map((value, index) => ((times[index] ?? 0) + step + SETTLES_SECONDS > now ? null : value));
};
