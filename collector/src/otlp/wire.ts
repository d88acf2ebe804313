/** The bytes are no valid protobuf, or no valid message of the kind that was asked for. */
export class MalformedError extends Error {
  override name = 'MalformedError';
}

export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const START_GROUP = 3;
const END_GROUP = 4;
export const FIXED32 = 5;

/** Groups are deprecated and never used by OTLP; nested ones are only an attack. */
const MAX_GROUP_DEPTH = 16;

const utf8 = new TextDecoder();

/**
 * A cursor over protobuf's wire format. Sub-messages are read by moving `end`:
 * no slices, so that a message costs no allocation of its own.
 */
export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position: number;
  end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = 0;
    this.end = bytes.byteLength;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** Field number and wire type of the next field, as protobuf packs them. */
  tag(): number {
    const tag = this.uint32();
    if (tag >>> 3 === 0) throw new MalformedError('field number 0');
    return tag;
  }

  /** A varint's low 32 bits; the rest is skipped, as protobuf's own readers do for 32-bit fields. */
  uint32(): number {
    let result = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    throw new MalformedError('varint longer than 10 bytes');
  }

  int64(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, result);
    }
    throw new MalformedError('varint longer than 10 bytes');
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  fixed64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** The bytes themselves, not a copy. */
  bytes(): Uint8Array {
    const length = this.uint32();
    const from = this.#take(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** Invalid UTF-8 becomes U+FFFD: hostile text is kept, harmless. */
  string(): string {
    return utf8.decode(this.bytes());
  }

  /** Narrows the reader to the sub-message that follows; give the result to `leave`. */
  enter(): number {
    const length = this.uint32();
    const outer = this.end;
    const inner = this.position + length;
    if (inner > outer) throw new MalformedError('message runs past the end');
    this.end = inner;
    return outer;
  }

  leave(outer: number): void {
    this.position = this.end;
    this.end = outer;
  }

  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case VARINT:
        this.uint32();
        return;
      case FIXED64:
        this.#take(8);
        return;
      case LENGTH:
        this.#take(this.uint32());
        return;
      case FIXED32:
        this.#take(4);
        return;
      case START_GROUP:
        this.#skipGroup(tag, depth);
        return;
      default:
        throw new MalformedError(`unknown wire type ${tag & 7}`);
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth >= MAX_GROUP_DEPTH) throw new MalformedError('groups nested too deeply');
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) === END_GROUP) {
        if (tag >>> 3 !== start >>> 3) throw new MalformedError('group ends with another field number');
        return;
      }
      this.skip(tag, depth + 1);
    }
  }

  #byte(): number {
    if (this.position >= this.end) throw new MalformedError('truncated');
    return this.#bytes[this.position++] as number;
  }

  #take(length: number): number {
    const from = this.position;
    if (from + length > this.end) throw new MalformedError('truncated');
    this.position = from + length;
    return from;
  }
}
