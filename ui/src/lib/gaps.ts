/**
 * Values with their short inner holes, of at most `most` missing points, as undefined instead of null: lines go on
 * over undefined and break at null. A consumer that is slower than a step has such holes and did not go away.
 */
export const bridged = (values: readonly (number | null)[], most = 2): (number | null | undefined)[] => {
  const result: (number | null | undefined)[] = [...values];
  let last = -1;
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (last >= 0 && index - last - 1 <= most) result.fill(undefined, last + 1, index);
    last = index;
  }
  return result;
};
