import { setImmediate as tick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eachInParallel } from './each-in-parallel.ts';

it('works on every item, at most so many at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await eachInParallel([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++running);
    await tick();
    running--;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

it('fails with the first error, and leaves nothing running', async () => {
  let running = 0;
  const work = eachInParallel([1, 2, 3, 4], 2, async (item) => {
    running++;
    await tick();
    running--;
    if (item === 1) throw new Error('item 1');
  });
  await expect(work).rejects.toThrow('item 1');
  expect(running).toBe(0);
});
