/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** `count` different ones of the values, or all where there are not so many. */
export const sample = <T>(values: readonly T[], count: number, random: () => number): readonly T[] => {
  if (values.length <= count) return values;
  const rest = [...values];
  return Array.from({ length: count }, () => {
    const index = Math.floor(random() * rest.length);
    const [picked] = rest.splice(index, 1, rest.at(-1) as T);
    rest.pop();
    return picked as T;
  });
};
