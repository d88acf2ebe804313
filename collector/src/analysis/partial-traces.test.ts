import { expect, it } from 'vitest';
import { randomFlow, spansOf } from '../../test/random-flow.ts';
import { chance } from '../../test/spans.ts';
import { buildFlow } from '../flow/index.ts';
import { analyseTrace } from './index.ts';

// Spans arrive in any order and some never do: whatever part is there must be analysed, not thrown at.
it('any part of a trace can be analysed and drawn', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = chance(seed);
    const whole = spansOf(randomFlow(random, 60));
    const part = whole.filter(() => random() < 0.6);
    const traces = new Map(
      part.map((span) => [span.traceId, part.filter((one) => one.traceId === span.traceId)]),
    );
    for (const spans of traces.values()) {
      const { summary, entries } = analyseTrace(spans);
      expect(summary.spanCount).toBe(spans.length);
      expect(entries.length).toBeGreaterThan(0);
      expect(buildFlow(spans)?.spans.length).toBeGreaterThan(0);
    }
  }
});
