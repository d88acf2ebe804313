import { describe, expect, it } from 'vitest';
import { encodeNameIndex, findName, hashName } from './name-index.ts';

describe('the name index of a block', () => {
  it('finds every trace by each of its names, and none by others', () => {
    const names = Array.from({ length: 5_000 }, (_, i) => [`name ${i % 4_000}`, i] as const);
    const index = encodeNameIndex(names.map(([name, trace]) => [hashName(name), trace]));
    expect(findName(index, hashName('name 0')).sort((a, b) => a - b)).toEqual([0, 4_000]);
    expect(findName(index, hashName('name 3999'))).toEqual([3_999]);
    expect(findName(index, hashName('name 4000'))).toEqual([]);
  });

  it('may be empty', () => {
    expect(findName(encodeNameIndex([]), hashName('x'))).toEqual([]);
  });
});
