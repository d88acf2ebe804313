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

export interface TimeScale extends Stretch {
  readonly width: number;
  readonly pieces: readonly Piece[];
  /** Pixels of a time; times outside the flow are held at its edges. */
  readonly x: (nanos: number) => number;
  /** The time at this many pixels. */
  readonly time: (x: number) => number;
}

/** Width in pixels of a break: room for its label. */
const FOLD_WIDTH = 96;
const MOST_FOLDS = 8;
/** A gap folds when it would take more than this share of what is left of the axis. */
const WORTH_FOLDING = 0.12;

/** How much of a gap stays on each side of its break: shares of all that is left, and of the work beside it. */
const RIM = 0.04;
const NEAR_RIM = 0.25;
/** So much of the axis is shared equally between breaks, the rest by duration. */
const EQUAL_SHARE = 0.4;

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
  const sorted = chosen.sort((a, b) => a.from - b.from);
  return sorted.map(({ from, to }, index) => {
    const before = from - (sorted[index - 1]?.to ?? 0);
    const after = (sorted[index + 1]?.from ?? total) - to;
    const rim = (work: number) => Math.min(RIM * left, NEAR_RIM * work, 0.1 * (to - from));
    return { from: from + rim(before), to: to - rim(after) };
  });
};

/**
 * An axis `width` pixels wide over a stretch of the flow, with these folds as breaks of fixed width. What stands
 * between breaks is linear in itself; its width is an equal share and grows with the square root of its duration,
 * so that a request of 5 ms keeps a place of its own beside a consumer that works for 3 s. Without folds everything is to scale.
 */
export const timeScale = (shown: Stretch, folds: readonly Stretch[], width: number): TimeScale => {
  const { from } = shown;
  const to = Math.max(from + 1, shown.to);
  const inside = folds.filter((fold) => fold.from > from && fold.to < to);
  const foldWidth = inside.length > 0 ? Math.min(FOLD_WIDTH, (width * 0.5) / inside.length) : 0;
  const bounds = [from, ...inside.flatMap((fold) => [fold.from, fold.to]), to];
  const lengths = bounds.slice(1).map((bound, index) => bound - (bounds[index] ?? 0));
  const weights = lengths.map((length, index) => (index % 2 === 0 ? Math.sqrt(Math.max(0, length)) : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const drawn = Math.max(0, width - foldWidth * inside.length);
  const parts = weights.filter((weight) => weight > 0).length;
  const wideOf = (weight: number) =>
    weight === 0 ? 0 : drawn * (EQUAL_SHARE / parts + (1 - EQUAL_SHARE) * (weight / sum));
  const pieces: Piece[] = [];
  let x = 0;
  for (const [index, length] of lengths.entries()) {
    const folded = index % 2 === 1;
    const wide = folded ? foldWidth : wideOf(weights[index] ?? 0);
    const start = bounds[index] ?? 0;
    pieces.push({ from: start, to: start + length, x0: x, x1: x + wide, folded });
    x += wide;
  }
  return {
    from,
    to,
    width,
    pieces,
    x: (nanos) => positionOf(pieces, nanos, width),
    time: (at) => timeAt(pieces, at),
  };
};

const positionOf = (pieces: readonly Piece[], nanos: number, width: number): number => {
  if (!(nanos > (pieces[0]?.from ?? 0))) return 0;
  for (const piece of pieces) {
    if (nanos <= piece.to)
      return (
        piece.x0 + ((nanos - piece.from) / Math.max(1e-9, piece.to - piece.from)) * (piece.x1 - piece.x0)
      );
  }
  return width;
};

const timeAt = (pieces: readonly Piece[], x: number): number => {
  const piece = pieces.find((each) => x <= each.x1) ?? pieces.at(-1);
  if (!piece) return 0;
  const share = Math.min(1, Math.max(0, (x - piece.x0) / Math.max(1e-9, piece.x1 - piece.x0)));
  return piece.from + share * (piece.to - piece.from);
};

/** Whether any of it can be seen on the axis. */
export const isShown = (scale: TimeScale, { from, to }: Stretch): boolean =>
  Math.max(from, to) >= scale.from && from <= scale.to;
