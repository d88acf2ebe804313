import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace-node';

/**
 * A wall clock finer than `Date.now()`, which says only the millisecond that it is in. The steady clock fills in
 * the rest and is pushed back into that millisecond whenever the two disagree (the steady one drifts, and
 * stands still while a laptop sleeps).
 */
export const makePreciseClock = (wall: () => number, steady: () => number): (() => number) => {
  let offset = wall() - steady();
  return () => {
    const floor = wall();
    const now = steady() + offset;
    if (now >= floor && now < floor + 1) return now;
    const corrected = now < floor ? floor : floor + 0.999;
    offset += corrected - now;
    return corrected;
  };
};

const NS_PER_MS = 1_000_000;

/**
 * The SDK starts spans at whole milliseconds and measures only durations finely, so that two sides of a fast hop
 * overlap or run backwards. This moves starts to where they belong, within their millisecond.
 */
export class PreciseStart implements SpanProcessor {
  private readonly now = makePreciseClock(Date.now, () => performance.now());

  onStart(span: Span): void {
    const [seconds, nanoseconds] = span.startTime;
    const now = this.now();
    const isWhole = nanoseconds % NS_PER_MS === 0;
    const startMs = seconds * 1_000 + nanoseconds / NS_PER_MS;
    // A start that the instrumentation chose itself stays.
    if (!isWhole || startMs !== Math.floor(now)) return;
    span.startTime[1] = nanoseconds + Math.floor((now - startMs) * NS_PER_MS);
  }

  onEnd(): void {}

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
