export { type BoolColumn, decodeBools, encodeBools } from './bools.ts';
export { CorruptColumnError } from './corrupt.ts';
export { decodeFilter, type Filter, FilterBuilder } from './filter.ts';
export { decodeFixed, encodeFixed, FixedColumn } from './fixed.ts';
export { COLUMN_VERSION, type Content, openColumn, sealColumn } from './frame.ts';
export { Hash64 } from './hash.ts';
export {
  decodeDoubles,
  decodeInts,
  decodeTimes,
  encodeDoubles,
  encodeInts,
  encodeTimes,
  type IntColumn,
} from './numbers64.ts';
export { decodeOptional, encodeOptional, type Presence } from './optional.ts';
export {
  decodeStrings,
  type EncodedStrings,
  StringColumn,
  StringEncoder,
  type StringSource,
} from './strings.ts';
export type { Texts } from './texts.ts';
export { decodeUints, encodeUints, UintColumn } from './uints.ts';
export { decodeValues, encodeValues, type Value, type ValueColumn, valueBytes } from './values.ts';
export { HIGH, LOW, wordsOf } from './words.ts';
