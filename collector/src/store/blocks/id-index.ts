/** Finds rows by their id, of any number of 32-bit words; the index of a range is made in one pass and reused. */
export class IdIndex {
  readonly #ids: Uint32Array;
  readonly #words: number;
  /** Open addressing: row + 1, 0 where free. */
  #slots = new Uint32Array(64);
  #mask = 0;

  /** @param ids aligned to words, `width` bytes each. */
  constructor(ids: Uint8Array, width: number) {
    this.#ids = new Uint32Array(ids.buffer, ids.byteOffset, ids.length / 4);
    this.#words = width / 4;
  }

  /** Knows the rows [from, to) from now on, and no others. Returns the first that repeats an id, or -1. */
  index(from: number, to: number): number {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, (to - from) * 2)));
    if (size > this.#slots.length) this.#slots = new Uint32Array(size);
    else this.#slots.fill(0, 0, size);
    this.#mask = size - 1;
    let repeated = -1;
    for (let row = from; row < to; row++) {
      const slot = this.#slot(this.#ids, row);
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1;
      else if (repeated < 0) repeated = row;
    }
    return repeated;
  }

  /** The row with the id that is at `place` of `ids`, or -1. */
  find(ids: Uint32Array, place: number): number {
    return (this.#slots[this.#slot(ids, place)] as number) - 1;
  }

  #slot(ids: Uint32Array, place: number): number {
    const words = this.#words;
    const at = place * words;
    let hash = 0;
    for (let i = 0; i < words; i++) hash = Math.imul(hash ^ (ids[at + i] as number), 0x9e37_79b1);
    hash ^= hash >>> 15;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const row = (this.#slots[slot] as number) - 1;
      if (row < 0) return slot;
      let same = 0;
      while (same < words && this.#ids[row * words + same] === ids[at + same]) same++;
      if (same === words) return slot;
    }
  }
}
