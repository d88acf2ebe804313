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

// A byte order mark is a character of a text like any other.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A cursor over protobuf's wire format. Sub-messages are read by moving `end`, ranges of bytes and 64-bit numbers
 * are left in fields of the reader: no slices and no bigints, so that a field costs no allocation.
 */
export class WireReader {
  readonly body: Uint8Array;
  readonly #view: DataView;
  position: number;
  end: number;
  /** Where the bytes begin that `range` read last; they end at `position`. */
  from = 0;
  /** The halves of the 64-bit number that was read last, as signed 32-bit integers. */
  low = 0;
  high = 0;

  constructor(body: Uint8Array) {
    this.body = body;
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.position = 0;
    this.end = body.byteLength;
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
    const { position } = this;
    if (position < this.end) {
      const byte = this.body[position] as number;
      if (byte < 0x80) {
        this.position = position + 1;
        return byte;
      }
    }
    this.varint64();
    return this.low >>> 0;
  }

  /** A varint's 64 bits into `low` and `high`. */
  varint64(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw new MalformedError('truncated');
      const byte = this.body[this.position++] as number;
      if (shift < 32) low |= (byte & 0x7f) << shift;
      if (shift === 28) high = (byte & 0x7f) >>> 4;
      else if (shift > 28) high |= (byte & 0x7f) << (shift - 32);
      if (byte < 0x80) {
        this.low = low;
        this.high = high;
        return;
      }
    }
    throw new MalformedError('varint longer than 10 bytes');
  }

  /** Any bit of the 64 makes it true. */
  bool(): boolean {
    this.varint64();
    return (this.low | this.high) !== 0;
  }

  int64(): bigint {
    this.varint64();
    return (BigInt(this.high) << 32n) | BigInt(this.low >>> 0);
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** 8 bytes into `low` and `high`. */
  fixed64(): void {
    const from = this.#take(8);
    this.low = this.#view.getInt32(from, true);
    this.high = this.#view.getInt32(from + 4, true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Steps over bytes with their length before them; they lie at [from, position) of `body`. */
  range(): void {
    const length = this.uint32();
    this.from = this.#take(length);
  }

  /** A copy, as the body's buffer must not live as long as what was read from it; `slice` of a Buffer is none. */
  bytes(): Uint8Array {
    this.range();
    return new Uint8Array(this.body.subarray(this.from, this.position));
  }

  /** Invalid UTF-8 becomes U+FFFD: hostile text is kept, harmless. */
  string(): string {
    this.range();
    return utf8.decode(this.body.subarray(this.from, this.position));
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

  #take(length: number): number {
    const from = this.position;
    if (from + length > this.end) throw new MalformedError('truncated');
    this.position = from + length;
    return from;
  }
}
