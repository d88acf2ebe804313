import type { Bounds } from '../../state/api.ts';

/** `bounds` cut into equal slices, oldest first. */
export const slicesOf = ({ start, end }: Bounds, count: number): Bounds[] => {
  const from = BigInt(start);
  const length = BigInt(end) - from;
  return Array.from({ length: count }, (_, index) => ({
    start: String(from + (length * BigInt(index)) / BigInt(count)),
    end: String(from + (length * BigInt(index + 1)) / BigInt(count)),
  }));
};
