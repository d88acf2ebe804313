/** A stretch of time in nanoseconds from the flow's start. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A part of the time axis: linear from `x0` to `x1` pixels. A folded one stands for time that is not drawn to scale. */
export interface Piece extends Stretch {
  readonly x0: number;
  readonly x1: number;
  readonly folded: boolean;
}

export interface TimeScale {
  readonly width: number;
  readonly pieces: readonly Piece[];
  /** Pixels of a time; times outside the flow are held at its edges. */
  readonly x: (nanos: number) => number;
}

/** Width in pixels of a break: room for its label. */
const FOLD_WIDTH = 74;
const MOST_FOLDS = 8;
/** A gap folds when it would take more than this share of what is left of the axis. */
const WORTH_FOLDING = 0.12;

/** The stretches of [0, total] in which nothing works: outside every one of `busy`. */
export const idleGaps = (busy: readonly Stretch[], total: number): Stretch[] => {
  const sorted = [...busy].sort((a, b) => a.from - b.from);
  const gaps: Stretch[] = [];
  let end = 0;
  for (const { from, to } of sorted) {
    if (from > end) gaps.push({ from: end, to: Math.min(from, total) });
    end = Math.max(end, to);
  }
  if (end < total) gaps.push({ from: end, to: total });
  return gaps.filter((gap) => gap.to > gap.from);
};

/**
 * The gaps that are worth a break, longest first: each must take a good part of the axis that is left when the
 * longer ones are gone, so that 12 s hide neither 500 ms of another wait nor 5 ms of work. A little of each gap
 * stays visible on both sides of its break, so that the wait can be seen to begin and to end.
 */
export const chooseFolds = (gaps: readonly Stretch[], total: number): Stretch[] => {
  let left = total;
  const chosen: Stretch[] = [];
  for (const gap of [...gaps].sort((a, b) => b.to - b.from - (a.to - a.from))) {
    const length = gap.to - gap.from;
    if (chosen.length >= MOST_FOLDS || length < WORTH_FOLDING * left) break;
    chosen.push(gap);
    left -= length;
  }
  const margin = left > 0 ? 0.04 * left : 0;
  return chosen
    .map(({ from, to }) => {
      const rim = Math.min(margin, 0.1 * (to - from));
      return { from: from + rim, to: to - rim };
    })
    .sort((a, b) => a.from - b.from);
};

/**
 * An axis `width` pixels wide over [0, total], with these folds as breaks of fixed width. What stands between
 * breaks is linear in itself; its width grows with the square root of its duration, so that a request of 5 ms
 * keeps a place of its own beside a consumer that works for 3 s. Without folds everything is to scale.
 */
export const timeScale = (total: number, folds: readonly Stretch[], width: number): TimeScale => {
  const span = Math.max(1, total);
  const foldWidth = folds.length > 0 ? Math.min(FOLD_WIDTH, (width * 0.5) / folds.length) : 0;
  const bounds = [0, ...folds.flatMap((fold) => [fold.from, fold.to]), span];
  const weightOf = (from: number, to: number) => Math.sqrt(Math.max(0, to - from));
  let weights = 0;
  for (let index = 0; index < bounds.length; index += 2)
    weights += weightOf(bounds[index] ?? 0, bounds[index + 1] ?? 0);
  const perWeight = Math.max(0, width - foldWidth * folds.length) / Math.max(1, weights);
  const pieces: Piece[] = [];
  let at = 0;
  let x = 0;
  const add = (to: number, wide: number, isFold: boolean) => {
    pieces.push({ from: at, to, x0: x, x1: x + wide, folded: isFold });
    at = to;
    x += wide;
  };
  for (const fold of folds) {
    if (fold.from > at) add(fold.from, weightOf(at, fold.from) * perWeight, false);
    add(fold.to, foldWidth, true);
  }
  if (at < span) add(span, weightOf(at, span) * perWeight, false);
  return { width, pieces, x: (nanos) => position(pieces, nanos, width) };
};

const position = (pieces: readonly Piece[], nanos: number, width: number): number => {
  if (!(nanos > 0)) return 0;
  for (const piece of pieces) {
    if (nanos <= piece.to)
      return piece.x0 + ((nanos - piece.from) / Math.max(1, piece.to - piece.from)) * (piece.x1 - piece.x0);
  }
  return width;
};
