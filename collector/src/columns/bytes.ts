import { CorruptColumnError } from './corrupt.ts';

/** Bytes that grow; integers are little-endian. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** `length` zeros that the caller fills before it calls again. */
  room(length: number): Uint8Array {
    const end = this.#length + length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    const room = this.#bytes.subarray(this.#length, end);
    this.#length = end;
    return room;
  }

  u8(value: number): void {
    this.room(1)[0] = value;
  }

  u32(value: number): void {
    const room = this.room(4);
    for (let i = 0; i < 4; i++) room[i] = value >>> (8 * i);
  }

  bytes(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes);
  }

  /** What was written, as a view. */
  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what `ByteWriter` wrote; throws `CorruptColumnError` instead of reading past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A view of the next bytes. */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw new CorruptColumnError(`${length} bytes wanted, ${this.left} left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u8(): number {
    return this.bytes(1)[0] as number;
  }

  u32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.bytes(4);
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }

  /** The content must end here. */
  end(): void {
    if (this.left > 0) throw new CorruptColumnError(`${this.left} bytes too many`);
  }
}
