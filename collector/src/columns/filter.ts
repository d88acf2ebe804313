import { CorruptColumnError } from './corrupt.ts';
import { type Content, ENCODING, readContent } from './frame.ts';
import { LOW } from './words.ts';

const BITS_PER_ENTRY = 10;
const BLOCK_BITS = 256;
const BLOCK_BYTES = BLOCK_BITS / 8;
/** One odd factor for each 32-bit word of a block: which of its bits a hash sets. */
const FACTORS = Uint32Array.of(
  0x47b6_137b,
  0x4497_4d91,
  0x8824_ad5b,
  0xa2b7_289d,
  0x7054_95c7,
  0x2df1_424b,
  0x9efc_4947,
  0x5c6b_fb31,
);

/** Distinct 64-bit hashes, and the filter over them. */
export class FilterBuilder {
  /** Open addressing over pairs (low, high); a pair of zeros is free. */
  #slots: Uint32Array;
  #count = 0;

  constructor(expected = 64) {
    this.#slots = new Uint32Array(2 * 2 ** Math.ceil(Math.log2(Math.max(expected, 8) * 2)));
  }

  get count(): number {
    return this.#count;
  }

  add(hash: { readonly low: number; readonly high: number }): void {
    const low = hash.low >>> 0;
    // A pair of zeros means free: the one hash that is zero shares a place with another.
    const high = low === 0 && hash.high === 0 ? 1 : hash.high >>> 0;
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = high & mask; ; slot = (slot + 1) & mask) {
      const slotLow = slots[2 * slot] as number;
      const slotHigh = slots[2 * slot + 1] as number;
      if (slotLow === low && slotHigh === high) return;
      if (slotLow !== 0 || slotHigh !== 0) continue;
      slots[2 * slot] = low;
      slots[2 * slot + 1] = high;
      break;
    }
    this.#count++;
    if (this.#count * 2 > mask) this.#grow();
  }

  /**
   * A split-block Bloom filter of about 10 bits a hash, wrong about once in a hundred: blocks of eight u32. The high
   * word of the hash chooses the block, the low word a bit in each of the block's words.
   */
  finish(): Content {
    const blocks = Math.max(1, Math.ceil((this.#count * BITS_PER_ENTRY) / BLOCK_BITS));
    const words = new Uint32Array(blocks * FACTORS.length);
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i += 2) {
      const low = slots[i] as number;
      const high = slots[i + 1] as number;
      if (low === 0 && high === 0) continue;
      const at = blockOf(high, blocks) * FACTORS.length;
      for (let word = 0; word < FACTORS.length; word++)
        words[at + word] = (words[at + word] as number) | (1 << bitOf(low, word));
    }
    const content = Buffer.from(words.buffer);
    if (LOW !== 0) content.swap32();
    return { encoding: ENCODING.filter, rows: this.#count, content };
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#count = 0;
    for (let i = 0; i < old.length; i += 2) {
      const low = old[i] as number;
      const high = old[i + 1] as number;
      if (low !== 0 || high !== 0) this.add({ low, high });
    }
  }
}

export const decodeFilter = (column: Content): Filter => {
  const reader = readContent(column, ENCODING.filter);
  const bytes = reader.bytes(reader.left);
  if (bytes.length === 0 || bytes.length % BLOCK_BYTES !== 0)
    throw new CorruptColumnError(`a filter of ${bytes.length} bytes`);
  return new Filter(bytes);
};

/** Says for certain what was not added. */
export class Filter {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  mayHave(hash: { readonly low: number; readonly high: number }): boolean {
    const low = hash.low >>> 0;
    const high = low === 0 && hash.high === 0 ? 1 : hash.high >>> 0;
    const at = blockOf(high, this.#bytes.length / BLOCK_BYTES) * BLOCK_BYTES;
    for (let word = 0; word < FACTORS.length; word++) {
      const bit = bitOf(low, word);
      const byte = this.#bytes[at + word * 4 + (bit >> 3)] as number;
      if (((byte >> (bit & 7)) & 1) === 0) return false;
    }
    return true;
  }
}

/** The product is exact in a double up to 2^21 blocks. */
const blockOf = (high: number, blocks: number): number => Math.floor((high * blocks) / 2 ** 32);
const bitOf = (low: number, word: number): number => Math.imul(low, FACTORS[word] as number) >>> 27;
