import { ByteWriter } from './bytes.ts';
import { type Content, ENCODING, readContent } from './frame.ts';

/** Byte strings of one width, such as ids: width (u32), then the rows one after the other. */
export const encodeFixed = (bytes: Uint8Array, width: number): Content => {
  const writer = new ByteWriter(4 + bytes.length);
  writer.u32(width);
  writer.bytes(bytes);
  return { encoding: ENCODING.fixed, rows: bytes.length / width, content: writer.done() };
};

export const decodeFixed = (column: Content): FixedColumn => {
  const reader = readContent(column, ENCODING.fixed);
  const width = reader.u32();
  const bytes = reader.bytes(width * column.rows);
  reader.end();
  return new FixedColumn(column.rows, width, bytes);
};

export class FixedColumn {
  readonly length: number;
  readonly width: number;
  /** All rows, `width` bytes each. */
  readonly bytes: Uint8Array;

  constructor(length: number, width: number, bytes: Uint8Array) {
    this.length = length;
    this.width = width;
    this.bytes = bytes;
  }

  hex(row: number): string {
    if (row >= this.length) throw new RangeError(`row ${row} of ${this.length}`);
    const { buffer, byteOffset } = this.bytes;
    return Buffer.from(buffer, byteOffset + row * this.width, this.width).toString('hex');
  }

  /** The first row that has these bytes, or -1. */
  indexOf(id: Uint8Array): number {
    const { bytes, width, length } = this;
    if (id.length !== width) return -1;
    const [first, second] = id;
    for (let row = 0, at = 0; row < length; row++, at += width) {
      if (bytes[at] !== first || bytes[at + 1] !== second) continue;
      let same = 2;
      while (same < width && bytes[at + same] === id[same]) same++;
      if (same >= width) return row;
    }
    return -1;
  }
}
