import { expect, it } from 'vitest';
import { sparkPath } from './spark-path.ts';

it('draws a sparkline with its holes, and none without values', () => {
  expect(sparkPath([0, null, 4, 2], 30, 23)).toBe('M0.0,22.0M20.0,2.0L30.0,12.0');
  expect(sparkPath([], 30, 23)).toBe('');
  expect(sparkPath([null, null], 30, 23)).toBe('');
  expect(sparkPath([0, 0], 30, 23)).toBe('M0.0,22.0L30.0,22.0');
});
