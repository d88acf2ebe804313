import { growableU32 } from './growable.ts';

// A byte order mark is a character of an attribute like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes up to which a loop copies faster than a view and a native copy do. */
const LONG = 64;

/** Code of the empty string in every table. */
export const EMPTY = 0;

/**
 * Every distinct string once, by its UTF-8 bytes. A string that came before costs a hash and a comparison of bytes,
 * and no JavaScript string; text is made when somebody asks, once.
 */
export class StringTable {
  #arena = new Uint8Array(4_096);
  #used = 0;
  /** Code i lies at [starts[i], starts[i + 1]) of the arena. */
  readonly #starts = growableU32();
  readonly #hashes = growableU32();
  readonly #texts: (string | undefined)[] = [];
  /** Open addressing: code + 1, 0 where free. */
  #slots = new Uint32Array(256);

  constructor() {
    this.#starts.push(0);
    this.intern(new Uint8Array(), 0, 0);
  }

  get count(): number {
    return this.#hashes.length;
  }

  get byteLength(): number {
    return this.#arena.length + this.#slots.byteLength + this.#starts.byteLength + this.#hashes.byteLength;
  }

  /** The code of the string that lies at [from, to) of `bytes`; the bytes are copied if they are new. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    hash >>>= 0;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = (this.#slots[slot] as number) - 1;
      if (code < 0) return this.#add(slot, hash, bytes, from, to);
      if (this.#hashes.get(code) === hash && this.#equals(code, bytes, from, to)) return code;
    }
  }

  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** Invalid UTF-8 reads as U+FFFD. */
  text(code: number): string {
    let text = this.#texts[code];
    if (text === undefined) {
      text = decoder.decode(this.bytes(code));
      this.#texts[code] = text;
    }
    return text;
  }

  /** A view of the string's bytes, good until the next `intern`. */
  bytes(code: number): Uint8Array {
    return this.#arena.subarray(this.#starts.get(code), this.#starts.get(code + 1));
  }

  #equals(code: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts.get(code);
    const length = to - from;
    if (this.#starts.get(code + 1) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#arena[start + i] !== bytes[from + i]) return false;
    return true;
  }

  #add(slot: number, hash: number, bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (this.#used + length > this.#arena.length) {
      const grown = new Uint8Array(Math.max(this.#used + length, this.#arena.length * 2));
      grown.set(this.#arena);
      this.#arena = grown;
    }
    const arena = this.#arena;
    const at = this.#used;
    if (length > LONG) arena.set(bytes.subarray(from, to), at);
    else for (let i = 0; i < length; i++) arena[at + i] = bytes[from + i] as number;
    this.#used += length;
    const code = this.#hashes.length;
    this.#hashes.push(hash);
    this.#starts.push(this.#used);
    this.#slots[slot] = code + 1;
    if (this.#hashes.length * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let code = 0; code < this.#hashes.length; code++) {
      let slot = this.#hashes.get(code) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.#slots = slots;
  }
}
