type TypedArray = Uint8Array | Uint32Array | BigUint64Array | BigInt64Array | Float64Array;

/**
 * A typed array that grows by doubling: columns are filled without knowing how many rows come.
 * The widths have classes of their own: one `push` for all arrays would see five kinds of them, and an engine
 * compiles such code to a slow look-up.
 */
export abstract class Growable<T extends TypedArray> {
  readonly #make: (length: number) => T;
  protected data: T;
  length = 0;

  constructor(make: (length: number) => T, capacity: number) {
    this.#make = make;
    this.data = make(capacity);
  }

  abstract push(value: T[number]): void;
  abstract get(index: number): T[number];
  abstract set(index: number, value: T[number]): void;

  /** Makes room for `extra` more values. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.data.length) return;
    const grown = this.#make(Math.max(needed, this.data.length * 2));
    grown.set(this.data as never);
    this.data = grown;
  }

  /** Takes back what was pushed beyond the first `length` values. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  /** What was pushed so far, as a view. */
  view(): T {
    return this.data.subarray(0, this.length) as T;
  }

  /** Bytes that it holds, used or not. */
  get byteLength(): number {
    return this.data.byteLength;
  }
}

export class GrowableU8 extends Growable<Uint8Array> {
  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  get(index: number): number {
    return this.data[index] as number;
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  /** Copies `count` bytes that begin at `from`; few enough that a loop beats a view and a native copy. */
  pushBytes(bytes: Uint8Array, from: number, count: number): void {
    if (this.length + count > this.data.length) this.reserve(count);
    const { data, length } = this;
    for (let i = 0; i < count; i++) data[length + i] = bytes[from + i] as number;
    this.length = length + count;
  }

  pushZeros(count: number): void {
    this.reserve(count);
    this.data.fill(0, this.length, this.length + count);
    this.length += count;
  }
}

export class GrowableU32 extends Growable<Uint32Array> {
  push(value: number): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
  }

  get(index: number): number {
    return this.data[index] as number;
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }
}

/** 64-bit values, which can also be pushed as two halves, without a bigint in between. */
export class Growable64<T extends BigUint64Array | BigInt64Array | Float64Array> extends Growable<T> {
  /** The same memory as `data`; little-endian, as every platform of Node is but one. */
  #halves: Uint32Array;

  constructor(make: (length: number) => T, capacity: number) {
    super(make, capacity);
    this.#halves = new Uint32Array(this.data.buffer);
  }

  push(value: T[number]): void {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value as never;
  }

  get(index: number): T[number] {
    return this.data[index] as T[number];
  }

  set(index: number, value: T[number]): void {
    this.data[index] = value as never;
  }

  /** The halves may be signed or unsigned. */
  pushHalves(low: number, high: number): void {
    if (this.length === this.data.length) this.reserve(1);
    const at = this.length++ * 2;
    this.#halves[at] = low;
    this.#halves[at + 1] = high;
  }

  override reserve(extra: number): void {
    super.reserve(extra);
    if (this.#halves.buffer !== this.data.buffer) this.#halves = new Uint32Array(this.data.buffer);
  }
}

const CAPACITY = 64;

export const growableU8 = (capacity = CAPACITY) =>
  new GrowableU8((length) => new Uint8Array(length), capacity);
export const growableU32 = (capacity = CAPACITY) =>
  new GrowableU32((length) => new Uint32Array(length), capacity);
export const growableU64 = (capacity = CAPACITY) =>
  new Growable64((length) => new BigUint64Array(length), capacity);
export const growableI64 = (capacity = CAPACITY) =>
  new Growable64((length) => new BigInt64Array(length), capacity);
export const growableF64 = (capacity = CAPACITY) =>
  new Growable64((length) => new Float64Array(length), capacity);
