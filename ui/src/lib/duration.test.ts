import { describe, expect, it } from 'vitest';
import { exactDuration, formatDuration, formatSeconds, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [640, '640 ns'],
    [1_500, '1.5 µs'],
    [999_600, '1 ms'],
    [5_240_000, '5.24 ms'],
    [62_340_000, '62.3 ms'],
    [480_123_456, '480 ms'],
    [999_600_000, '1 s'],
    [1_840_000_000, '1.84 s'],
    [12_440_000_000, '12.4 s'],
    [59_960_000_000, '1 min'],
    [190_000_000_000, '3 min 10 s'],
    [7_500_000_000_000, '2 h 5 min'],
    [100_800_000_000_000, '1 d 4 h'],
  ])('of %d ns reads %s', (nanos, text) => expect(formatDuration(nanos)).toBe(text));

  it('keeps the sign where clocks disagree', () => expect(formatDuration(-2_000_000)).toBe('−2 ms'));
  it('that is not a number is a dash', () => expect(formatDuration(Number.NaN)).toBe('–'));
  it('tells every digit in its title', () => {
    expect(exactDuration(480_123_456)).toBe('480.123456 ms');
    expect(exactDuration(12_400_000_001)).toBe('12.400000001 s');
  });
  it('in seconds reads the same', () => expect(formatSeconds(9.4)).toBe('9.4 s'));
  it('is read back from what people type', () => {
    expect(parseDuration('300ms')).toBe(300_000_000);
    expect(parseDuration(' 1.5 s ')).toBe(1_500_000_000);
    expect(parseDuration('soon')).toBeUndefined();
    expect(parseDuration('12')).toBeUndefined();
  });
});
