import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

test.each([
  ['800ms', 800_000_000],
  ['30s', 30_000_000_000],
  ['1.5s', 1_500_000_000],
  ['1h30m', 5_400_000_000_000],
  ['24h', 86_400_000_000_000],
  ['7d', 604_800_000_000_000],
  ['250µs', 250_000],
  ['0s', 0],
])('reads %s', (text, nanos) => expect(parseDuration(text)).toBe(nanos));

test.each([
  '',
  '30',
  's',
  '-3s',
  '3 s',
  '3sec',
  '1e9s',
  '.5s',
  '5.s',
  'Infinityms',
  '3s ',
  `${'1s'.repeat(30)}`,
])('refuses %j', (text) => expect(parseDuration(text)).toBeUndefined());

test('a long hostile text is refused at once', () => {
  const started = performance.now();
  expect(parseDuration('1'.repeat(1_000_000))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1_000);
});

test.each([
  [0, '0 s'],
  [1_500, '1.5 µs'],
  [812_000_000, '812 ms'],
  [999_400_000, '999 ms'],
  [999_600_000, '1 s'],
  [12_412_000_000, '12.4 s'],
  [59_960_000_000, '1 min'],
  [125_000_000_000, '2 min 5 s'],
  [3_599_900_000_000, '1 h'],
  [11_100_000_000_000, '3 h 5 min'],
  [604_800_000_000_000, '7 d'],
  [-812_000_000, '-812 ms'],
])('writes %d ns as %s', (nanos, text) => expect(formatDuration(nanos)).toBe(text));
