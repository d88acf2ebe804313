import { Hash64 } from '../columns/index.ts';
import { compress, decompress } from './zstd.ts';

/** 64 bits of a name: with a hundred million names, two are the same with a chance of one in four thousand. */
export interface NameHash {
  readonly low: number;
  readonly high: number;
}

const utf8 = new TextEncoder();

export const hashName = (name: string): NameHash => {
  const { low, high } = new Hash64().start().bytes(utf8.encode(name)).finish();
  return { low: low >>> 0, high: high >>> 0 };
};

/** Bytes of an entry: the hash (low, high) and the place in the trace list. */
const ENTRY_WORDS = 3;

const compare = (a: NameHash, b: NameHash): number => a.high - b.high || a.low - b.low;

/** Which traces of a block go by a name: hashes in order, and beside each the trace's place in the trace list. */
export const encodeNameIndex = (names: readonly (readonly [hash: NameHash, trace: number])[]): Uint8Array => {
  const words = new Uint32Array(names.length * ENTRY_WORDS);
  for (const [i, [hash, trace]] of names.toSorted((a, b) => compare(a[0], b[0])).entries()) {
    words.set([hash.low, hash.high, trace], i * ENTRY_WORDS);
  }
  return compress(new Uint8Array(words.buffer));
};

/** Places in the trace list of the traces that go by the name. */
export const findName = (index: Uint8Array, hash: NameHash): number[] => {
  const bytes = decompress(index);
  const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const at = (i: number): NameHash => ({
    low: words[i * ENTRY_WORDS] as number,
    high: words[i * ENTRY_WORDS + 1] as number,
  });
  const count = words.length / ENTRY_WORDS;
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1;
    if (compare(at(middle), hash) < 0) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let i = low; i < count && compare(at(i), hash) === 0; i++)
    found.push(words[i * ENTRY_WORDS + 2] as number);
  return found;
};
