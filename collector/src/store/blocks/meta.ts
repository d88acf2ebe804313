import {
  CorruptColumnError,
  decodeValues,
  encodeValues,
  openColumn,
  sealColumn,
} from '../../columns/index.ts';
import { BLOCK_VERSION, type RowOwner } from './layout.ts';

/** Where the values of one type of one attribute are. */
export interface AttributeEntry {
  readonly owner: RowOwner;
  readonly key: string;
  /** One of `VALUE`. */
  readonly type: number;
  readonly column: number;
  /** Rows that have a value. */
  readonly count: number;
}

/** What is known of a block without reading a column of it. */
export interface BlockMeta {
  readonly version: number;
  readonly spans: number;
  readonly traces: number;
  readonly events: number;
  readonly links: number;
  /** Unix nanoseconds. */
  readonly minStart: bigint;
  readonly maxStart: bigint;
  /** Nanoseconds, signed. */
  readonly minDuration: bigint;
  readonly maxDuration: bigint;
  /** Distinct names of services and of spans; null where there are too many to list. */
  readonly services: readonly string[] | null;
  readonly operations: readonly string[] | null;
  /** Numbers of the columns that there are, those of attributes too. */
  readonly columns: readonly number[];
  readonly attributes: readonly AttributeEntry[];
}

/** One column of one value: versioned and checksummed like any other. */
export const encodeMeta = (meta: BlockMeta): Uint8Array => sealColumn(encodeValues([meta]));

/** Throws `CorruptColumnError`, also where a later version wrote the block. */
export const decodeMeta = (bytes: Uint8Array): BlockMeta => {
  const values = decodeValues(openColumn(bytes));
  const meta = (values.length === 1 ? values.get(0) : null) as BlockMeta | null;
  if (meta?.version !== BLOCK_VERSION)
    throw new CorruptColumnError(`block version ${meta?.version} is not known`);
  return meta;
};
