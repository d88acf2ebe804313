type TypedArray = Uint8Array | Uint32Array | BigUint64Array | BigInt64Array | Float64Array;

/** A typed array that grows by doubling: columns are filled without knowing how many rows come. */
export class Growable<T extends TypedArray> {
  readonly #make: (length: number) => T;
  #data: T;
  length = 0;

  constructor(make: (length: number) => T, capacity = 64) {
    this.#make = make;
    this.#data = make(capacity);
  }

  /** Room for the value at `length`; the caller writes it through `data` and counts up. */
  push(value: T[number]): void {
    if (this.length === this.#data.length) this.reserve(1);
    this.#data[this.length++] = value as never;
  }

  get(index: number): T[number] {
    return this.#data[index] as T[number];
  }

  set(index: number, value: T[number]): void {
    this.#data[index] = value as never;
  }

  /** Makes room for `extra` more values. */
  reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.#data.length) return;
    const grown = this.#make(Math.max(needed, this.#data.length * 2));
    grown.set(this.#data as never);
    this.#data = grown;
  }

  /** What was pushed so far, as a view. */
  view(): T {
    return this.#data.subarray(0, this.length) as T;
  }

  /** Bytes that it holds, used or not. */
  get byteLength(): number {
    return this.#data.byteLength;
  }
}

export const growableU8 = (capacity?: number) => new Growable((length) => new Uint8Array(length), capacity);
export const growableU32 = (capacity?: number) => new Growable((length) => new Uint32Array(length), capacity);
export const growableU64 = (capacity?: number) =>
  new Growable((length) => new BigUint64Array(length), capacity);
export const growableI64 = (capacity?: number) =>
  new Growable((length) => new BigInt64Array(length), capacity);
export const growableF64 = (capacity?: number) =>
  new Growable((length) => new Float64Array(length), capacity);
