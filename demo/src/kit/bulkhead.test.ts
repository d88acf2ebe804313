import { describe, expect, it } from 'vitest';
import { Bulkhead, BulkheadFull } from './bulkhead.ts';

/** Work that ends when it is told to. */
const held = () => Promise.withResolvers<string>();

describe('a bulkhead', () => {
  it('lets only so many work at once, and the others in the order they came', async () => {
    const bulkhead = new Bulkhead(2, 60_000);
    const work = [held(), held(), held(), held()];
    const begun: number[] = [];
    const results = work.map((each, index) =>
      bulkhead.run(() => {
        begun.push(index);
        return each.promise;
      }),
    );
    expect(begun).toEqual([0, 1]);
    work[1]?.resolve('b');
    await results[1];
    expect(begun).toEqual([0, 1, 2]);
    work[2]?.resolve('c');
    await results[2];
    expect(begun).toEqual([0, 1, 2, 3]);
    work[0]?.resolve('a');
    work[3]?.resolve('d');
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('turns away who waited too long, and forgets them', async () => {
    const bulkhead = new Bulkhead(1, 5);
    const first = held();
    const running = bulkhead.run(() => first.promise);
    await expect(bulkhead.run(async () => 'never')).rejects.toThrow(BulkheadFull);
    first.resolve('done');
    await running;
    expect(await bulkhead.run(async () => 'next')).toBe('next');
  });

  it('frees the slot of work that failed', async () => {
    const bulkhead = new Bulkhead(1, 5);
    await expect(bulkhead.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await bulkhead.run(async () => 'next')).toBe('next');
  });
});
