import { type Content, ENCODING, readContent } from './frame.ts';

const bitmapBytes = (rows: number): number => Math.ceil(rows / 8);

/** One bit a row, the lowest bit of a byte first; a value other than 0 is true. */
export const encodeBools = (values: ArrayLike<number>): Content => {
  const content = new Uint8Array(bitmapBytes(values.length));
  for (let i = 0; i < values.length; i++)
    if (values[i] !== 0) content[i >> 3] = (content[i >> 3] as number) | (1 << (i & 7));
  return { encoding: ENCODING.bools, rows: values.length, content };
};

export const decodeBools = (column: Content): BoolColumn => {
  const reader = readContent(column, ENCODING.bools);
  const bits = reader.bytes(bitmapBytes(column.rows));
  reader.end();
  return new BoolColumn(column.rows, bits);
};

export class BoolColumn {
  readonly length: number;
  readonly #bits: Uint8Array;

  constructor(length: number, bits: Uint8Array) {
    this.length = length;
    this.#bits = bits;
  }

  get(row: number): boolean {
    if (row >= this.length) throw new RangeError(`row ${row} of ${this.length}`);
    return (((this.#bits[row >> 3] as number) >> (row & 7)) & 1) === 1;
  }
}
