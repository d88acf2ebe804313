import { type ByteReader, ByteWriter } from './bytes.ts';
import { CorruptColumnError } from './corrupt.ts';
import { type Content, ENCODING, readContent } from './frame.ts';
import { HIGH, LOW, widthOf, wordsOf } from './words.ts';

/** Signed 64-bit numbers: the smallest (i64), a width, and planes of what each is above the smallest. */
export const encodeInts = (values: BigInt64Array): Content => {
  const words = wordsOf(values);
  const [low, high] = smallest(words);
  const above = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i += 2) {
    const valueLow = words[i + LOW] as number;
    above[i + LOW] = valueLow - low;
    above[i + HIGH] = (words[i + HIGH] as number) - high - (valueLow < low ? 1 : 0);
  }
  return encode(ENCODING.ints, low, high, above);
};

export const decodeInts = (column: Content): IntColumn => {
  const { low, high, width, planes } = decode(column, ENCODING.ints);
  return new IntColumn(column.rows, low, high, width, planes);
};

/**
 * Unsigned 64-bit numbers, each near the one before it, in any order: the first (u64), a width, and planes of the
 * zigzag differences modulo 2^64.
 */
export const encodeTimes = (values: BigUint64Array): Content => {
  const words = wordsOf(values);
  const steps = new Uint32Array(words.length);
  for (let i = 2; i < words.length; i += 2) {
    const valueLow = words[i + LOW] as number;
    const beforeLow = words[i - 2 + LOW] as number;
    const low = valueLow - beforeLow;
    const high = ((words[i + HIGH] as number) - (words[i - 2 + HIGH] as number) - (low < 0 ? 1 : 0)) | 0;
    const sign = high >> 31;
    steps[i + LOW] = (low << 1) ^ sign;
    steps[i + HIGH] = ((high << 1) | ((low | 0) >>> 31)) ^ sign;
  }
  return encode(ENCODING.times, words[LOW] ?? 0, words[HIGH] ?? 0, steps);
};

export const decodeTimes = (column: Content): BigUint64Array => {
  const { low: firstLow, high: firstHigh, width, planes } = decode(column, ENCODING.times);
  const values = new BigUint64Array(column.rows);
  const words = wordsOf(values);
  fromPlanes(words, planes, width);
  let low = firstLow;
  let high = firstHigh;
  for (let i = 0; i < words.length; i += 2) {
    const stepLow = words[i + LOW] as number;
    const stepHigh = words[i + HIGH] as number;
    const sign = -(stepLow & 1);
    const sum = low + ((((stepLow >>> 1) | (stepHigh << 31)) ^ sign) >>> 0);
    high = (high + ((stepHigh >>> 1) ^ sign) + (sum > 0xffff_ffff ? 1 : 0)) >>> 0;
    low = sum >>> 0;
    words[i + LOW] = low;
    words[i + HIGH] = high;
  }
  return values;
};

/** Doubles by their bits: the payload of a NaN and the sign of a zero are kept. */
export const encodeDoubles = (values: Float64Array): Content =>
  encode(ENCODING.doubles, 0, 0, wordsOf(values));

/** The array's memory has the very bits; reading a NaN as a number may change its payload. */
export const decodeDoubles = (column: Content): Float64Array => {
  const { width, planes } = decode(column, ENCODING.doubles);
  const values = new Float64Array(column.rows);
  fromPlanes(wordsOf(values), planes, width);
  return values;
};

/** Numbers that stay packed until they are asked for. */
export class IntColumn {
  readonly length: number;
  readonly #low: number;
  readonly #high: number;
  readonly #width: number;
  readonly #planes: Uint8Array;
  #values: BigInt64Array | undefined;

  constructor(length: number, low: number, high: number, width: number, planes: Uint8Array) {
    this.length = length;
    this.#low = low;
    this.#high = high;
    this.#width = width;
    this.#planes = planes;
  }

  get(row: number): bigint {
    if (row >= this.length) throw new RangeError(`row ${row} of ${this.length}`);
    if (this.#values) return this.#values[row] as bigint;
    let low = 0;
    let high = 0;
    for (let plane = 0; plane < this.#width; plane++) {
      const byte = this.#planes[plane * this.length + row] as number;
      if (plane < 4) low |= byte << (8 * plane);
      else high |= byte << (8 * plane - 32);
    }
    const sum = (low >>> 0) + this.#low;
    const sumHigh = high + this.#high + (sum > 0xffff_ffff ? 1 : 0);
    return (BigInt(sumHigh | 0) << 32n) | BigInt(sum >>> 0);
  }

  toArray(): BigInt64Array {
    if (this.#values) return this.#values;
    const values = new BigInt64Array(this.length);
    const words = wordsOf(values);
    fromPlanes(words, this.#planes, this.#width);
    for (let i = 0; i < words.length; i += 2) {
      const sum = (words[i + LOW] as number) + this.#low;
      words[i + LOW] = sum;
      words[i + HIGH] = (words[i + HIGH] as number) + this.#high + (sum > 0xffff_ffff ? 1 : 0);
    }
    this.#values = values;
    return values;
  }
}

/** Width (u8, 0 to 8), base (u64), planes of the unsigned numbers. */
const encode = (encoding: number, baseLow: number, baseHigh: number, words: Uint32Array): Content => {
  const rows = words.length / 2;
  let low = 0;
  let high = 0;
  for (let i = 0; i < words.length; i += 2) {
    low |= words[i + LOW] as number;
    high |= words[i + HIGH] as number;
  }
  const width = widthOf(low, high >>> 0);
  const writer = new ByteWriter(9 + rows * width);
  writer.u8(width);
  writer.u32(baseLow);
  writer.u32(baseHigh);
  for (let plane = 0; plane < width; plane++) {
    const bytes = writer.room(rows);
    const shift = (8 * plane) % 32;
    for (let i = 0, word = plane < 4 ? LOW : HIGH; i < rows; i++, word += 2)
      bytes[i] = (words[word] as number) >>> shift;
  }
  return { encoding, rows, content: writer.done() };
};

const decode = (column: Content, encoding: number) => {
  const reader: ByteReader = readContent(column, encoding);
  const width = reader.u8();
  if (width > 8) throw new CorruptColumnError(`numbers of ${width} bytes`);
  const low = reader.u32();
  const high = reader.u32();
  const planes = reader.bytes(width * column.rows);
  reader.end();
  return { low, high, width, planes };
};

const fromPlanes = (words: Uint32Array, planes: Uint8Array, width: number): void => {
  const rows = words.length / 2;
  for (let plane = 0; plane < width; plane++) {
    const shift = (8 * plane) % 32;
    const at = plane * rows;
    for (let i = 0, word = plane < 4 ? LOW : HIGH; i < rows; i++, word += 2)
      words[word] = (words[word] as number) | ((planes[at + i] as number) << shift);
  }
};

const smallest = (words: Uint32Array): readonly [low: number, high: number] => {
  let low = words[LOW] ?? 0;
  let high = (words[HIGH] ?? 0) | 0;
  for (let i = 2; i < words.length; i += 2) {
    const valueHigh = (words[i + HIGH] as number) | 0;
    if (valueHigh > high) continue;
    const valueLow = words[i + LOW] as number;
    if (valueHigh < high || valueLow < low) {
      low = valueLow;
      high = valueHigh;
    }
  }
  return [low, high >>> 0];
};
