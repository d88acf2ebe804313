export type { AttributeColumn, TypedValues } from './attribute-reader.ts';
export type { BlockRow } from './block-rows.ts';
export type { BlockColumn } from './column-set.ts';
export { type EncodedBlock, encodeBlock } from './encode.ts';
export type { Owner, RowOwner } from './layout.ts';
export { type AttributeEntry, type BlockMeta, decodeMeta } from './meta.ts';
export type { ReadColumn } from './open-columns.ts';
export { type BlockReader, openBlock, type RowRange } from './reader.ts';
