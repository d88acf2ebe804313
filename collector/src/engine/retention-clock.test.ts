import { beforeEach, describe, expect, it } from 'vitest';
import { RetentionClock } from './retention-clock.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const START = 1_790_000_000_000;

let wall: number;
let monotonic: number;
let clock: RetentionClock;
beforeEach(() => {
  wall = START;
  monotonic = 5_000;
  clock = new RetentionClock({ now: () => wall, monotonic: () => monotonic });
});

const pass = (ms: number): void => {
  wall += ms;
  monotonic += ms;
};

describe('the retention clock', () => {
  it('is the wall clock as long as nobody sets that', () => {
    pass(30 * HOUR);
    expect([clock.stamp(), clock.ageFrom()]).toEqual([wall, wall]);
  });

  it.each([
    ['forwards', YEAR],
    ['backwards', -YEAR],
  ])('stamps late and ages early while the wall clock is set %s', (_where, step) => {
    pass(HOUR);
    wall += step;
    const unset = START + HOUR;
    expect(clock.stamp()).toBe(Math.max(unset, unset + step));
    expect(clock.ageFrom()).toBe(Math.min(unset, unset + step));
    wall -= step;
    expect([clock.stamp(), clock.ageFrom()]).toEqual([unset, unset]);
  });

  it('follows the small corrections of a synchronised clock, however many', () => {
    for (let i = 0; i < 1_000; i++) {
      pass(HOUR);
      wall += 500;
      expect(clock.ageFrom()).toBe(wall);
    }
  });

  it('believes a new time that stood for a day, and no sooner', () => {
    wall += YEAR;
    expect(clock.ageFrom()).toBe(START);
    pass(23 * HOUR);
    expect(clock.ageFrom()).toBe(START + 23 * HOUR);
    pass(HOUR);
    expect(clock.ageFrom()).toBe(wall);
  });

  it('starts to doubt again when the time is set once more', () => {
    wall += YEAR;
    clock.ageFrom();
    pass(20 * HOUR);
    wall += YEAR;
    clock.ageFrom();
    pass(20 * HOUR);
    expect(clock.ageFrom()).toBe(START + 40 * HOUR);
  });

  it('keeps longer after a machine slept, since its monotonic clock slept too', () => {
    wall += 8 * HOUR;
    expect(clock.stamp()).toBe(wall);
    expect(clock.ageFrom()).toBe(START);
  });
});
