/** Two clocks that ran apart by more than this have been set, not drifted. */
const STEP_MS = 60_000;
/** A new time that stood this long is the true one: who sets a clock wrong by accident notices within a day. */
const BELIEVE_AFTER_MS = 24 * 3_600_000;

export interface Clocks {
  /** Wall clock, Unix milliseconds; may be set forwards and backwards at any moment. */
  readonly now: () => number;
  /** Milliseconds on a clock that is never set. */
  readonly monotonic: () => number;
}

/**
 * The time by which data ages. A wall clock that is set deletes nothing early: data is stamped with the later of what
 * the wall says and what it would say had it not been set, and its age is counted to the earlier of the two. What that
 * errs by, it errs by keeping.
 */
export class RetentionClock {
  readonly #clocks: Clocks;
  /** Wall minus monotonic time, as believed. */
  #offset: number;
  /** Since when (monotonic) the wall has shown another time. */
  #steppedAt: number | undefined;
  #steppedTo = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
    this.#offset = clocks.now() - clocks.monotonic();
  }

  /** Unix milliseconds to stamp what arrives now. */
  stamp(): number {
    return Math.max(...this.#both());
  }

  /** Unix milliseconds from which age is counted back. */
  ageFrom(): number {
    return Math.min(...this.#both());
  }

  #both(): [wall: number, steady: number] {
    const wall = this.#clocks.now();
    const monotonic = this.#clocks.monotonic();
    this.#follow(wall - monotonic, monotonic);
    return [wall, monotonic + this.#offset];
  }

  #follow(offset: number, monotonic: number): void {
    if (Math.abs(offset - this.#offset) <= STEP_MS) {
      // The small corrections of a synchronised clock.
      this.#offset = offset;
      this.#steppedAt = undefined;
      return;
    }
    if (this.#steppedAt === undefined || Math.abs(offset - this.#steppedTo) > STEP_MS) {
      this.#steppedAt = monotonic;
      this.#steppedTo = offset;
    }
    if (monotonic - this.#steppedAt < BELIEVE_AFTER_MS) return;
    this.#offset = offset;
    this.#steppedAt = undefined;
  }
}
