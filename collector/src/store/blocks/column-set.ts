import { type Content, encodeUints, StringEncoder, sealColumn } from '../../columns/index.ts';
import type { BlockStrings } from './block-strings.ts';

export interface BlockColumn {
  readonly column: number;
  readonly bytes: Uint8Array;
}

/** Columns of a block as they are made; those that are all zero or empty are left out. */
export class ColumnSet {
  readonly columns: BlockColumn[] = [];
  readonly encoder: StringEncoder;

  constructor(strings: BlockStrings) {
    this.encoder = new StringEncoder(strings);
  }

  add(column: number, content: Content): void {
    this.columns.push({ column, bytes: sealColumn(content) });
  }

  uints(column: number, values: Uint32Array): void {
    if (values.some(isSet)) this.add(column, encodeUints(values));
  }

  /** Returns the distinct codes. */
  strings(column: number, codes: Uint32Array): Uint32Array {
    const encoded = this.encoder.encode(codes);
    if (codes.some(isSet)) this.add(column, encoded.column);
    return encoded.distinct;
  }
}

const isSet = (value: number): boolean => value !== 0;
