import { describe, expect, it } from 'vitest';
import { scrollToRow, windowOf } from './window-of.ts';

describe('the window of a long list', () => {
  it('draws what shows and a little more', () =>
    expect(windowOf(100_000, 26, 26_000, 520)).toEqual({ first: 988, end: 1032 }));
  it('draws a short list whole', () => expect(windowOf(5, 26, 0, 520)).toEqual({ first: 0, end: 5 }));
  it('holds at the end when the list grew shorter under it', () =>
    expect(windowOf(30, 26, 99_999, 260)).toEqual({ first: 8, end: 30 }));
  it('is empty for an empty list', () => expect(windowOf(0, 26, 0, 520)).toEqual({ first: 0, end: 0 }));
  it('scrolls only as far as a row needs', () => {
    expect(scrollToRow(10, 26, 0, 520)).toBe(0);
    expect(scrollToRow(30, 26, 0, 520)).toBe(286);
    expect(scrollToRow(2, 26, 500, 520)).toBe(52);
    expect(scrollToRow(30, 26, 0, 520, 24)).toBe(310);
  });
});
