import { type ByteReader, ByteWriter } from './bytes.ts';
import { CorruptColumnError } from './corrupt.ts';
import { type Content, ENCODING, readContent } from './frame.ts';
import { widthOf } from './words.ts';

/** Whole numbers from 0 to 2^32 - 1. */
export const encodeUints = (values: Uint32Array): Content => {
  const writer = new ByteWriter(5 + values.length * 4);
  writeUints(writer, values);
  return { encoding: ENCODING.uints, rows: values.length, content: writer.done() };
};

export const decodeUints = (column: Content): UintColumn => {
  const reader = readContent(column, ENCODING.uints);
  const uints = readUints(reader, column.rows);
  reader.end();
  return uints;
};

/**
 * Width (u8, 0 to 4), smallest value (u32), then what each value is above it: the lowest bytes of all rows, then
 * the next ones. Planes of bytes compress better than whole numbers, since the high ones hardly vary.
 */
export const writeUints = (writer: ByteWriter, values: Uint32Array): void => {
  let min = values.length > 0 ? 0xffff_ffff : 0;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const width = widthOf(max - min, 0);
  writer.u8(width);
  writer.u32(min);
  for (let plane = 0; plane < width; plane++) {
    const bytes = writer.room(values.length);
    const shift = 8 * plane;
    for (let i = 0; i < values.length; i++) bytes[i] = ((values[i] as number) - min) >>> shift;
  }
};

export const readUints = (reader: ByteReader, rows: number): UintColumn => {
  const width = reader.u8();
  const base = reader.u32();
  if (width > 4) throw new CorruptColumnError(`whole numbers of ${width} bytes`);
  return new UintColumn(rows, base, width, reader.bytes(width * rows));
};

/** Numbers that stay packed: one row costs a few reads, all of them one pass. */
export class UintColumn {
  readonly length: number;
  readonly #base: number;
  readonly #width: number;
  readonly #planes: Uint8Array;
  #values: Uint32Array | undefined;

  constructor(length: number, base: number, width = 0, planes: Uint8Array = new Uint8Array()) {
    this.length = length;
    this.#base = base;
    this.#width = width;
    this.#planes = planes;
  }

  get(row: number): number {
    if (row >= this.length) throw new RangeError(`row ${row} of ${this.length}`);
    let value = 0;
    for (let plane = 0; plane < this.#width; plane++)
      value |= (this.#planes[plane * this.length + row] as number) << (8 * plane);
    return (this.#base + (value >>> 0)) >>> 0;
  }

  toArray(): Uint32Array {
    if (this.#values) return this.#values;
    const values = new Uint32Array(this.length);
    for (let plane = 0; plane < this.#width; plane++) {
      const at = plane * this.length;
      const shift = 8 * plane;
      for (let i = 0; i < values.length; i++)
        values[i] = (values[i] as number) | ((this.#planes[at + i] as number) << shift);
    }
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + this.#base;
    this.#values = values;
    return values;
  }
}
