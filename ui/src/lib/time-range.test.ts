import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RANGE,
  rangeBounds,
  rangeFromParams,
  rangeLabel,
  rangeParams,
  rangeQuery,
  type TimeRange,
} from './time-range.ts';

const params = (text: string) => new URLSearchParams(text);

describe('the time range', () => {
  it('is the last 15 minutes where the URL says nothing, or nonsense', () => {
    for (const text of ['', 'range=soon', 'range=constructor', 'from=5', 'from=9&to=3', 'from=0&to=9e99'])
      expect(rangeFromParams(params(text))).toEqual(DEFAULT_RANGE);
  });
  it('survives the way to the URL and back', () => {
    const ranges: TimeRange[] = [
      DEFAULT_RANGE,
      { kind: 'relative', last: '7d' },
      { kind: 'absolute', from: 1_790_000_000_000, to: 1_790_000_060_000 },
    ];
    for (const range of ranges) {
      const given = Object.entries(rangeParams(range)).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      expect(rangeFromParams(new URLSearchParams(given))).toEqual(range);
    }
  });
  it('moves with the clock when relative', () =>
    expect(rangeBounds({ kind: 'relative', last: '5m' }, 1_000_000)).toEqual({
      from: 700_000,
      to: 1_000_000,
    }));
  it('asks the API in nanoseconds', () =>
    expect(rangeQuery({ kind: 'absolute', from: 1, to: 2 }, 0)).toEqual({
      start: '1000000',
      end: '2000000',
    }));
  it('is named for people', () => expect(rangeLabel({ kind: 'relative', last: '1h' })).toBe('Last hour'));
});
