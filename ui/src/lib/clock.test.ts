import { describe, expect, it } from 'vitest';
import { ago, exactTime, millisToNanos, nanosSince, nanosToMillis, timeOfDay } from './clock.ts';

describe('a time', () => {
  it('keeps its nanoseconds through a difference', () =>
    expect(nanosSince(1_790_000_000_000_000_001n, '1790000000000000009')).toBe(8));
  it('goes to milliseconds and back', () =>
    expect(millisToNanos(nanosToMillis('1790000000123456000'))).toBe('1790000000123456000'));
  it('that is no number stays harmless', () => {
    expect(nanosToMillis('soon')).toBeNaN();
    expect(timeOfDay(Number.NaN)).toBe('–');
    expect(exactTime('<b>')).toBe('unknown time');
  });
  it('tells every digit in its title', () =>
    expect(exactTime('1790000000123456789')).toContain('.123456789'));
  it.each([
    [0, 'now'],
    [12, '12 s ago'],
    [190, '3 min ago'],
    [7_300, '2 h ago'],
    [200_000, '2 d ago'],
  ])('%d seconds old reads %s', (seconds, text) => expect(ago(0, seconds * 1000)).toBe(text));
  it('in the future of a skewed clock is now', () => expect(ago(9_000, 0)).toBe('now'));
});
