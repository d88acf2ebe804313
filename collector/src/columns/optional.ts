import { ByteWriter } from './bytes.ts';
import { CorruptColumnError } from './corrupt.ts';
import { type Content, ENCODING, readContent } from './frame.ts';

/**
 * Rows of which some have no value: encoding of the values (u8), their number (u32), a bitmap of the rows that have
 * one (the lowest bit of a byte first), and the content of the values alone.
 * @param present the rows that have a value, each once; `values` has theirs in the order of rows.
 */
export const encodeOptional = (rows: number, present: Uint32Array, values: Content): Content => {
  if (values.rows === rows) return values;
  const writer = new ByteWriter(5 + Math.ceil(rows / 8) + values.content.length);
  writer.u8(values.encoding);
  writer.u32(values.rows);
  const bits = writer.room(Math.ceil(rows / 8));
  for (const row of present) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
  writer.bytes(values.content);
  return { encoding: ENCODING.optional, rows, content: writer.done() };
};

/** The presence of values and the column of those that are there; any other column has a value in every row. */
export const decodeOptional = (column: Content): { presence: Presence; values: Content } => {
  if (column.encoding !== ENCODING.optional)
    return { presence: new Presence(column.rows, column.rows, undefined), values: column };
  const reader = readContent(column, ENCODING.optional);
  const encoding = reader.u8();
  const rows = reader.u32();
  const presence = new Presence(column.rows, rows, reader.bytes(Math.ceil(column.rows / 8)));
  return { presence, values: { encoding, rows, content: reader.bytes(reader.left) } };
};

const WORD = 32;

/** Which rows have a value, and where it is among the values. */
export class Presence {
  readonly rows: number;
  /** Rows that have a value. */
  readonly count: number;
  readonly #words: Uint32Array | undefined;
  /** Values before each word. */
  readonly #before: Uint32Array;

  constructor(rows: number, count: number, bits: Uint8Array | undefined) {
    this.rows = rows;
    this.count = count;
    this.#words = bits && new Uint32Array(Math.ceil(rows / WORD));
    this.#before = new Uint32Array(this.#words?.length ?? 0);
    if (!bits || !this.#words) return;
    for (let i = 0; i < bits.length; i++)
      this.#words[i >> 2] = (this.#words[i >> 2] as number) | ((bits[i] as number) << (8 * (i & 3)));
    let sum = 0;
    for (let i = 0; i < this.#words.length; i++) {
      this.#before[i] = sum;
      sum += ones(this.#words[i] as number);
    }
    if (sum !== count)
      throw new CorruptColumnError(`${sum} rows have a value, and there are ${count} values`);
  }

  /** Place of the row's value among the values, -1 where it has none. */
  index(row: number): number {
    if (row >= this.rows) throw new RangeError(`row ${row} of ${this.rows}`);
    if (!this.#words) return row;
    const word = this.#words[row >> 5] as number;
    const bit = row & 31;
    if (((word >>> bit) & 1) === 0) return -1;
    return (this.#before[row >> 5] as number) + ones(word & ~(-1 << bit));
  }
}

const ones = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
};
