import { expect, it } from 'vitest';
import { bridged } from './gaps.ts';

it('lets a line go on over one or two missing points, and break at more', () => {
  expect(bridged([1, null, 2, null, null, 3])).toEqual([1, undefined, 2, undefined, undefined, 3]);
  expect(bridged([1, null, null, null, 2])).toEqual([1, null, null, null, 2]);
});

it('neither begins a line early nor makes it longer', () => {
  expect(bridged([null, 1, null])).toEqual([null, 1, null]);
  expect(bridged([null, null])).toEqual([null, null]);
  expect(bridged([])).toEqual([]);
});
