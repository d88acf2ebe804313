import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatRate, formatShare, formatShortCount, plural } from './figures.ts';

describe('figures', () => {
  it('count with thousands apart', () => expect(formatCount(7790)).toBe('7,790'));
  it('shorten large counts', () => {
    expect(formatShortCount(9_999)).toBe('9,999');
    expect(formatShortCount(12_400)).toBe('12.4 k');
    expect(formatShortCount(3_120_000)).toBe('3.1 M');
  });
  it.each([
    [0, '0'],
    [0.004, '< 0.01'],
    [0.25, '0.25'],
    [3.44, '3.4'],
    [41.2, '41'],
    [1240, '1,240'],
  ])('give the rate %d as %s', (rate, text) => expect(formatRate(rate)).toBe(text));
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.61, '61 %'],
    [0.021, '2.1 %'],
    [0.9997, '99.97 %'],
    [0.999999, '> 99.99 %'],
    [0.00001, '< 0.01 %'],
    [0.0004, '0.04 %'],
  ])('give the share %d as %s', (share, text) => expect(formatShare(share)).toBe(text));
  it('give bytes in powers of a thousand', () => {
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(1_234_567)).toBe('1.2 MB');
    expect(formatBytes(128_000_000)).toBe('128 MB');
  });
  it('agree in number', () =>
    expect([plural(1, 'error'), plural(2, 'error'), plural(0.6, 'span'), plural(0, 'span')]).toEqual([
      '1 error',
      '2 errors',
      '1 span',
      '0 spans',
    ]));
});
