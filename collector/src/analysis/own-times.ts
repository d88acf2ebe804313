import type { LaidHop } from '../flow/index.ts';
import { NONE } from '../flow/index.ts';
import type { Counting } from './trace.ts';

/** How much of a piece of work (an entry or a callee) was not spent in calls. */
export class OwnTimes {
  readonly #counting: Counting;
  readonly #work: Int32Array;
  readonly #calls = new Map<number, LaidHop[]>();

  constructor(counting: Counting) {
    this.#counting = counting;
    const { layout, hops } = counting.reading;
    this.#work = new Int32Array(layout.graph.spans.length).fill(NONE);
    for (const i of layout.forest.order) {
      const laid = hops.ofSpan[i] === NONE ? undefined : hops.all[hops.ofSpan[i]!]!;
      const begins = layout.segmentRoot[i] === i || laid?.callees.includes(i) === true;
      this.#work[i] = begins ? i : this.#work[layout.forest.cause[i]!]!;
    }
    for (const laid of hops.all) {
      if (laid.hop.mode === 'async' || laid.under === NONE) continue;
      const work = this.#work[laid.under]!;
      const known = this.#calls.get(work);
      if (known === undefined) this.#calls.set(work, [laid]);
      else known.push(laid);
    }
  }

  /** The entry or callee span in whose time the span lies. */
  workOf(i: number): number {
    return this.#work[i]!;
  }

  durationOf(i: number): number {
    const { start, end } = this.#counting.reading.layout;
    return Math.max(0, end[i]! - start[i]!);
  }

  hasFailedCall(work: number): boolean {
    return this.#calls.get(work)?.some(({ hop }) => hop.error) ?? false;
  }

  ownOf(work: number, duration: number): number {
    const { base, start } = this.#counting.reading.layout;
    const calls = this.#calls.get(work);
    if (calls === undefined) return duration;
    const from = start[work]!;
    let cursor = from;
    let busy = 0;
    const spans = calls.map(({ hop }) => ({ start: Number(hop.start - base), duration: hop.duration }));
    for (const call of spans.sort((a, b) => a.start - b.start)) {
      const begin = Math.max(cursor, call.start);
      const end = Math.min(from + duration, call.start + call.duration);
      if (end > begin) {
        busy += end - begin;
        cursor = end;
      }
    }
    return Math.max(0, duration - busy);
  }
}
