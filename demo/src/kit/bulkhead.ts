/** Nobody left in time: the service sheds the request instead of letting it wait for ever. */
export class BulkheadFull extends Error {
  constructor(slots: number, waitedMs: number) {
    super(`all ${slots} slots were taken for ${waitedMs} ms`);
    this.name = 'BulkheadFull';
  }
}

interface Waiting {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Lets a bounded number of calls work at once; the others wait their turn, first come first served. */
export class Bulkhead {
  readonly #slots: number;
  readonly #maxWaitMs: number;
  readonly #queue: Waiting[] = [];
  #taken = 0;

  constructor(slots: number, maxWaitMs: number) {
    this.#slots = slots;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Throws `BulkheadFull` where no slot came free within the longest wait. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken < this.#slots) this.#taken += 1;
    else await this.#wait();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #wait(): Promise<void> {
    return new Promise((enter, reject) => {
      const timer = setTimeout(() => {
        this.#queue.splice(
          this.#queue.findIndex((waiting) => waiting.timer === timer),
          1,
        );
        reject(new BulkheadFull(this.#slots, this.#maxWaitMs));
      }, this.#maxWaitMs);
      this.#queue.push({ enter, timer });
    });
  }

  /** A free slot goes straight to the next in line, so that nobody slips in between. */
  #leave(): void {
    const next = this.#queue.shift();
    if (!next) {
      this.#taken -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }
}
