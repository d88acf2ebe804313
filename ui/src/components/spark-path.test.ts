import { expect, it } from 'vitest';
import { sparkPath } from './spark-path.ts';

it('draws a sparkline over short holes, with its long ones, and none without values', () => {
  expect(sparkPath([0, null, 4, 2], 30, 23)).toBe('M0.0,22.0L20.0,2.0L30.0,12.0');
  expect(sparkPath([0, null, null, null, 4], 40, 23)).toBe('M0.0,22.0M40.0,2.0');
  expect(sparkPath([], 30, 23)).toBe('');
  expect(sparkPath([null, null], 30, 23)).toBe('');
  expect(sparkPath([0, 0], 30, 23)).toBe('M0.0,22.0L30.0,22.0');
});
