import { expect, it } from 'vitest';
import { isStillOpen } from './still-open.ts';

const NOW = 1_790_000_100_000;
const row = (secondsAgo: number, seconds: number, complete = false) => ({
  complete,
  start: String(BigInt(NOW - secondsAgo * 1_000) * 1_000_000n),
  duration: seconds * 1e9,
});

it('calls a flow incomplete only when its last span is a while ago', () => {
  expect(isStillOpen(row(16, 0), NOW)).toBe(true);
  expect(isStillOpen(row(14, 0), NOW)).toBe(false);
  expect(isStillOpen(row(60, 50), NOW)).toBe(false);
  expect(isStillOpen(row(60, 1, true), NOW)).toBe(false);
  expect(isStillOpen({ complete: false, start: 'never', duration: 0 }, NOW)).toBe(false);
});
