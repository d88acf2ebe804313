import { bridged } from '../lib/gaps.ts';

/** A line from 0 up to the most of the values, as an SVG path; long holes stay holes. */
export const sparkPath = (values: readonly (number | null)[], width: number, height: number): string => {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0) || 1;
  let path = '';
  let pen = false;
  for (const [index, value] of bridged(values).entries()) {
    if (value === undefined) continue;
    if (value === null) {
      pen = false;
      continue;
    }
    const x = (index / Math.max(1, values.length - 1)) * width;
    const y = height - 1 - (Math.max(0, value) / most) * (height - 3);
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)},${y.toFixed(1)}`;
    pen = true;
  }
  return path;
};
