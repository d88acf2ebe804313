/** Runs a task again and again, never two at once; the pause shrinks by what the task took. */
export class Ticker {
  readonly #task: () => Promise<void>;
  readonly #every: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  /** @param every ms from start to start; a task that takes longer still gets a pause of a quarter of it */
  constructor(task: () => Promise<void>, every: number) {
    this.#task = task;
    this.#every = every;
  }

  start(): void {
    if (this.#closed) return;
    const began = performance.now();
    void this.run().finally(() => {
      if (this.#closed) return;
      const pause = Math.max(this.#every - (performance.now() - began), this.#every / 4);
      this.#timer = setTimeout(() => this.start(), pause);
      this.#timer.unref();
    });
  }

  /** Runs the task now; where it runs already, waits for that run. */
  run(): Promise<void> {
    this.#running ??= this.#task().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends the repetition and waits for the run under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
