import { describe, expect, it } from 'vitest';
import { randomFlow, spansOf, splitAtRandom } from '../../test/random-flow.ts';
import { chance, shuffled } from '../../test/spans.ts';
import type { Span } from '../model/index.ts';
import { addNanos } from '../model/index.ts';
import { buildFlow } from './index.ts';
import type { Flow, PathStep } from './types.ts';

const SEEDS = Array.from({ length: 60 }, (_, n) => n + 1);

const flowOf = (spans: readonly Span[]): Flow => buildFlow(spans)!;

/** What must not depend on how the spans arrive, with spans by id. */
const essence = ({
  hops,
  segments,
  deliveries,
  responsePath,
  completionPath,
  syncDepth,
  sentence,
  grade,
}: Flow) => ({
  hops,
  segments,
  deliveries,
  responsePath,
  completionPath,
  syncDepth,
  sentence,
  grade,
});

const expectPartition = (steps: readonly PathStep[], start: Flow['start'], duration: number) => {
  let cursor = start;
  for (const step of steps) {
    expect(step.start).toBe(cursor);
    expect(step.duration).toBeGreaterThan(0);
    cursor = addNanos(cursor, step.duration);
  }
  expect(cursor).toBe(addNanos(start, duration));
};

describe('for any flow', () => {
  it.each(SEEDS)('a split into linked traces changes nothing (seed %i)', (seed) => {
    const random = chance(seed);
    const flow = randomFlow(random, 60);
    const whole = flowOf(spansOf(flow));
    const split = flowOf(splitAtRandom(flow, random));
    expect(essence(split)).toEqual(essence(whole));
    expect(whole.spans).toHaveLength(flow.words.length);
  });

  it.each(SEEDS)('the order of arrival and repeats change nothing (seed %i)', (seed) => {
    const random = chance(seed);
    const spans = splitAtRandom(randomFlow(random, 60), random);
    const repeated = shuffled([...spans, ...spans.filter(() => random() < 0.3)], random);
    expect(essence(flowOf(repeated))).toEqual(essence(flowOf(spans)));
  });

  it.each(SEEDS)('the paths partition their durations exactly (seed %i)', (seed) => {
    const flow = flowOf(spansOf(randomFlow(chance(seed), 200)));
    expectPartition(flow.responsePath, flow.start, flow.responseDuration);
    expectPartition(flow.completionPath, flow.start, flow.completionDuration);
  });

  it.each(SEEDS)('broken data neither throws nor breaks the partition (seed %i)', (seed) => {
    const random = chance(seed);
    const flow = flowOf(
      spansOf(randomFlow(random, 80))
        .map((span) => broken(span, random))
        .filter(() => random() < 0.9),
    );
    expectPartition(flow.responsePath, flow.start, flow.responseDuration);
    expectPartition(flow.completionPath, flow.start, flow.completionDuration);
    expect(new Set(flow.spans.map(({ span }) => span.spanId)).size).toBe(flow.spans.length);
  });
});

/** Clocks that are off, ends before starts, parents that are the span itself. */
const broken = (span: Span, random: () => number): Span => {
  const choice = random();
  if (choice < 0.1) return { ...span, end: addNanos(span.start, -1_000_000 * random()) };
  if (choice < 0.2) return { ...span, start: addNanos(span.start, -4e8), end: addNanos(span.end, -4e8) };
  if (choice < 0.3) return { ...span, start: addNanos(span.start, 4e8), end: addNanos(span.end, 4e8) };
  if (choice < 0.35) return { ...span, parentSpanId: span.spanId };
  return span;
};
