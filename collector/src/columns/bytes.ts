import { CorruptColumnError } from './corrupt.ts';

const encoder = new TextEncoder();

/** Bytes that grow; integers are little-endian. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** `length` zeros that the caller fills before it calls again. */
  room(length: number): Uint8Array {
    this.#reserve(length);
    this.#length += length;
    return this.#bytes.subarray(this.#length - length, this.#length);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.#length++] = value >>> shift;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** UTF-8 after its length (u32). */
  text(text: string): void {
    this.#reserve(4 + 3 * text.length);
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#length + 4));
    this.u32(written);
    this.#length += written;
  }

  /** What was written, as a view. */
  done(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(length: number): void {
    const end = this.#length + length;
    if (end <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
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
