import { describe, expect, it } from 'vitest';
import { slicesOf } from './slices.ts';

describe('the slices of a time range', () => {
  it('cover it without gap or overlap, to the nanosecond', () => {
    const slices = slicesOf({ start: '1790000000000000001', end: '1790000000000000101' }, 7);
    expect(slices[0]!.start).toBe('1790000000000000001');
    expect(slices.at(-1)!.end).toBe('1790000000000000101');
    for (const [index, slice] of slices.slice(1).entries()) expect(slice.start).toBe(slices[index]!.end);
  });
});
