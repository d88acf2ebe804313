import { expect, it } from 'vitest';
import { finished } from './finished.ts';

it('leaves out steps that are still filling', () => {
  const times = [100, 110, 120, 130];
  expect(finished(times, [1, 2, 2, 0], 141)).toEqual([1, 2, null, null]);
  expect(finished(times, [1, null, 2, 0], 9_999)).toEqual([1, null, 2, 0]);
  expect(finished([], [], 0)).toEqual([]);
});
