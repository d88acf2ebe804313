import { describe, expect, it } from 'vitest';
import { shownFigure } from './finding-figures.ts';

const shown = (figures: Record<string, number>) =>
  Object.entries(figures).map(([key, value]) => {
    const { name, text } = shownFigure(key, value);
    return `${name} ${text}`;
  });

describe('the figures of a finding', () => {
  it('are durations where they count nanoseconds', () => {
    expect(shown({ p50: 36_143_406.621, p95: 6_343_537_251.9, max: 41e9, bound: 5e9 })).toEqual([
      'p50 36.1 ms',
      'p95 6.34 s',
      'longest 41 s',
      'bound 5 s',
    ]);
    expect(shown({ work: 2.58e9, gap: 1.99e9 })).toEqual([
      'first handling 2.58 s',
      'came again after 1.99 s',
    ]);
    expect(shown({ offset: -12e6, ackWait: 2e9, queueDuration: 0, idleNanos: 999 })).toEqual([
      'ahead by −12 ms',
      'ack wait 2 s',
      'queue duration 0 ms',
      'idle nanos 999 ns',
    ]);
    expect(shown({ lagSeconds: 190 })).toEqual(['lag 3 min 10 s']);
  });

  it('are percentages where they are shares', () => {
    expect(shown({ blockedShare: 0.729, blastRadius: 0.125, availability: 0.9931, share: 1 })).toEqual([
      'blocked share 73 %',
      'blast radius 13 %',
      'available 99.31 %',
      'share 100 %',
    ]);
    expect(shown({ errorRate: 0.02, sampleRate: 40 })).toEqual(['error rate 2 %', 'sample rate 40']);
  });

  it('are rates and factors where they say so', () => {
    expect(shown({ growthPerSecond: 1.42, growthLow: -0.3, ratio: 2.64, worstCase: 27 })).toEqual([
      'grows by 1.4/s',
      'at least −0.3/s',
      'of a fair share 2.6×',
      'worst case 27×',
    ]);
  });

  it('are plain numbers with sensible digits otherwise', () => {
    expect(shown({ calls: 7200, meanSize: 1234.567, odd: 0.123456, none: Number.NaN })).toEqual([
      'calls 7,200',
      'mean size 1,235',
      'odd 0.123',
      'none –',
    ]);
    expect(shown({ constructor: 3, growth_pct: 2 })).toEqual(['constructor 3', 'growth pct 2']);
  });

  it('have every digit in their title', () =>
    expect(shownFigure('p50', 36_143_406).title).toBe('p50: 36.143406 ms'));
});
