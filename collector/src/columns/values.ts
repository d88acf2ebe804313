import { ByteReader, ByteWriter } from './bytes.ts';
import { CorruptColumnError } from './corrupt.ts';
import { type Content, ENCODING, readContent } from './frame.ts';
import { readTexts, writeTexts } from './texts.ts';

/** A value of any shape. `bigint` is from -2^63 to 2^64 - 1; an object has plain properties only. */
export type Value =
  | null
  | undefined
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | object;

/** The first byte of a value; lengths are u32, numbers 8 bytes, maps and objects pairs of a string and a value. */
const TAG = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  int: 4,
  double: 5,
  string: 6,
  bytes: 7,
  array: 8,
  map: 9,
  object: 10,
  /** 2^63 and above; smaller ones are `int`. */
  uint: 11,
} as const;

const MAX_INT = 2n ** 63n - 1n;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Values of any shape, each by itself: as texts, whose bytes are the value. */
export const encodeValues = (values: readonly Value[]): Content => {
  const writer = new ByteWriter();
  writeTexts(writer, values.map(valueBytes), values.length);
  return { encoding: ENCODING.values, rows: values.length, content: writer.done() };
};

export const decodeValues = (column: Content): ValueColumn => {
  const texts = readTexts(readContent(column, ENCODING.values), column.rows);
  if (texts.count !== column.rows) throw new CorruptColumnError(`${texts.count} of ${column.rows} values`);
  return { length: texts.count, get: (row) => fromValueBytes(texts.bytes(row)) };
};

export interface ValueColumn {
  readonly length: number;
  /** A new object each time. */
  get(row: number): Value;
}

/** Equal for equal values, whose maps have the same order. */
export const valueBytes = (value: Value): Uint8Array => {
  const writer = new ByteWriter(64);
  writeValue(writer, value);
  return writer.done();
};

export const fromValueBytes = (bytes: Uint8Array): Value => {
  const reader = new ByteReader(bytes);
  const value = readValue(reader);
  reader.end();
  return value;
};

const writeValue = (writer: ByteWriter, value: Value): void => {
  if (value === null) writer.u8(TAG.null);
  else if (value === undefined) writer.u8(TAG.undefined);
  else if (typeof value === 'boolean') writer.u8(value ? TAG.true : TAG.false);
  else if (typeof value === 'bigint') {
    if (value < -MAX_INT - 1n || value > 2n * MAX_INT + 1n)
      throw new RangeError(`${value} has more than 64 bits`);
    writer.u8(value > MAX_INT ? TAG.uint : TAG.int);
    writer.u32(Number(BigInt.asUintN(32, value)));
    writer.u32(Number(BigInt.asUintN(32, value >> 32n)));
  } else if (typeof value === 'number') {
    writer.u8(TAG.double);
    const room = writer.room(8);
    new DataView(room.buffer, room.byteOffset).setFloat64(0, value, true);
  } else if (typeof value === 'string') {
    writer.u8(TAG.string);
    writer.text(value);
  } else if (value instanceof Uint8Array) {
    writer.u8(TAG.bytes);
    writeBytes(writer, value);
  } else if (isArray(value)) {
    writer.u8(TAG.array);
    writer.u32(value.length);
    for (const item of value) writeValue(writer, item);
  } else {
    writer.u8(isMap(value) ? TAG.map : TAG.object);
    const entries = isMap(value) ? [...value] : Object.entries(value);
    writer.u32(entries.length);
    for (const [key, item] of entries) {
      writer.text(key);
      writeValue(writer, item);
    }
  }
};

const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);
const isMap = (value: Value): value is ReadonlyMap<string, Value> => value instanceof Map;

const writeBytes = (writer: ByteWriter, bytes: Uint8Array): void => {
  writer.u32(bytes.length);
  writer.bytes(bytes);
};

const readString = (reader: ByteReader): string => decoder.decode(reader.bytes(reader.u32()));

const readValue = (reader: ByteReader): Value => {
  const tag = reader.u8();
  switch (tag) {
    case TAG.null:
      return null;
    case TAG.undefined:
      return undefined;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.int:
    case TAG.uint: {
      const low = reader.u32();
      const high = reader.u32();
      return (BigInt(tag === TAG.int ? high | 0 : high) << 32n) | BigInt(low);
    }
    case TAG.double: {
      const bytes = reader.bytes(8);
      return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
    }
    case TAG.string:
      return readString(reader);
    case TAG.bytes:
      return Uint8Array.from(reader.bytes(reader.u32()));
    case TAG.array: {
      const items: Value[] = [];
      for (let left = reader.u32(); left > 0; left--) items.push(readValue(reader));
      return items;
    }
    case TAG.map: {
      const map = new Map<string, Value>();
      for (let left = reader.u32(); left > 0; left--) map.set(readString(reader), readValue(reader));
      return map;
    }
    case TAG.object: {
      const entries: (readonly [string, Value])[] = [];
      for (let left = reader.u32(); left > 0; left--) entries.push([readString(reader), readValue(reader)]);
      return Object.fromEntries(entries);
    }
    default:
      throw new CorruptColumnError(`tag ${tag} of a value is not known`);
  }
};
