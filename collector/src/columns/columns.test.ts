import { describe, expect, it } from 'vitest';
import { chance } from '../../test/spans.ts';
import {
  type Content,
  CorruptColumnError,
  decodeBools,
  decodeDoubles,
  decodeFilter,
  decodeFixed,
  decodeInts,
  decodeOptional,
  decodeStrings,
  decodeTimes,
  decodeUints,
  decodeValues,
  encodeBools,
  encodeDoubles,
  encodeFixed,
  encodeInts,
  encodeOptional,
  encodeTimes,
  encodeUints,
  encodeValues,
  FilterBuilder,
  Hash64,
  openColumn,
  StringEncoder,
  sealColumn,
  type Value,
} from './index.ts';

const random = chance(42);
const below = (limit: number): number => Math.floor(random() * limit);
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const reopened = (content: Content): Content => openColumn(sealColumn(content));

const MAX_U64 = 2n ** 64n - 1n;
const U64 = [0n, MAX_U64, 1n, 2n ** 63n, 2n ** 63n - 1n, 2n ** 32n, 2n ** 32n - 1n, 0n, MAX_U64, MAX_U64];
const anyU64 = (): bigint => (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32));

const sourceOf = (texts: readonly (string | Uint8Array)[]) => ({
  count: texts.length,
  bytes: (code: number) => {
    const text = texts[code]!;
    return typeof text === 'string' ? new TextEncoder().encode(text) : text;
  },
});
const encodeStrings = (
  texts: readonly (string | Uint8Array)[],
  codes = many(texts.length, (i) => i),
): Content => new StringEncoder(sourceOf(texts)).encode(Uint32Array.from(codes)).column;

describe('a column of whole numbers', () => {
  const LISTS = [
    [],
    [0],
    [0xffff_ffff],
    [7, 7, 7],
    [0, 0xffff_ffff, 1],
    [1_000_000, 1_000_255, 1_000_001],
    many(1_000, () => below(70_000)),
    many(1_000, () => below(2 ** 32)),
  ];
  it.each(LISTS.map((list) => Uint32Array.from(list)))('gives back list %#', (list) => {
    const column = decodeUints(reopened(encodeUints(list)));
    expect(many(list.length, (i) => column.get(i))).toEqual([...list]);
    expect(column.toArray()).toEqual(list);
  });

  it('needs one byte a row where the numbers are near each other, however large they are', () => {
    expect(encodeUints(Uint32Array.of(4e9, 4e9 + 255, 4e9 + 1)).content.length).toBe(5 + 3);
  });
});

describe('a column of 64-bit numbers', () => {
  const LISTS = [
    [],
    [0n],
    U64,
    many(500, anyU64),
    many(500, (i) => 1_790_000_000_000_000_000n + BigInt(i * 999)),
  ];

  it.each(LISTS)('gives back signed numbers exactly, list %#', (...list) => {
    const values = BigInt64Array.from(list, (value) => BigInt.asIntN(64, value));
    const column = decodeInts(reopened(encodeInts(values)));
    expect(many(values.length, (i) => column.get(i))).toEqual([...values]);
    expect(column.toArray()).toEqual(values);
    expect(many(values.length, (i) => column.get(i))).toEqual([...values]);
  });

  it.each(LISTS)('gives back times exactly, in any order, list %#', (...list) => {
    const values = BigUint64Array.from(list);
    expect(decodeTimes(reopened(encodeTimes(values)))).toEqual(values);
  });

  it('keeps the bits of doubles: signs of zeros and what a NaN carries', () => {
    const bits = BigUint64Array.of(
      0x7ff8_0000_0000_1234n,
      0xfff0_0000_0000_0001n,
      2n ** 63n,
      0n,
      1n,
      MAX_U64,
    );
    const decoded = decodeDoubles(reopened(encodeDoubles(new Float64Array(bits.buffer))));
    expect(new BigUint64Array(decoded.buffer)).toEqual(bits);
  });
});

describe('a column of strings', () => {
  const LISTS: readonly (readonly (string | Uint8Array)[])[] = [
    [],
    [''],
    ['a', '', 'a\u0000b', 'Grüße ✓', '\ufeffbom', 'x'.repeat(100_000)],
    many(300, (i) => `request ${i}`),
    many(300, () =>
      below(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ),
    ['abc', 'abcd'],
    ['ABCD', 'abcd'],
    ['00', '', 'ff'],
    many(
      20,
      () =>
        `123e4567-e89b-12d3-a456-${below(2 ** 32)
          .toString(16)
          .padStart(12, '0')}`,
    ),
    ['123e4567-e89b-12d3-a456-42661417400G', '123e4567-e89b-12d3-a456-426614174000'],
    ['123e4567ae89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
  ];
  it.each(LISTS.map((list) => ({ list })))('gives back list %#, plain and by dictionary', ({ list }) => {
    for (const codes of [many(list.length, (i) => i), many(list.length * 9, (i) => i % list.length)]) {
      const column = decodeStrings(reopened(encodeStrings(list, codes)));
      expect(many(codes.length, (row) => column.text(row))).toEqual(codes.map((code) => list[code]));
      for (const text of list) {
        const rows = codes.flatMap((code, row) => (list[code] === text ? [row] : []));
        expect(column.rowsOf(text as string)).toEqual(rows);
      }
      expect(column.rowsOf('no such text')).toEqual([]);
    }
  });

  it('keeps bytes that are no UTF-8, and reads them as U+FFFD', () => {
    const list = [Uint8Array.of(0xff, 0x41), Uint8Array.of(0xfe)];
    const column = decodeStrings(reopened(encodeStrings(list)));
    expect(column.text(0)).toBe('\ufffdA');
    expect(list.map((_, i) => Uint8Array.from(column.texts.bytes(i)))).toEqual(list);
  });

  it('stores hex and UUIDs as the bytes that they spell', () => {
    const hex = many(1_000, () =>
      many(6, () =>
        below(2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      ).join(''),
    );
    expect(sealColumn(encodeStrings(hex)).length).toBeLessThan(24.1 * 1_000);
    const uuids = hex.map((digits) =>
      digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    );
    expect(sealColumn(encodeStrings(uuids)).length).toBeLessThan(16.1 * 1_000);
  });
});

describe('other columns', () => {
  it('gives back truths and ids', () => {
    const truths = many(77, () => below(2));
    const bools = decodeBools(reopened(encodeBools(truths)));
    expect(truths.map((_, row) => bools.get(row))).toEqual(truths.map((truth) => truth === 1));
    const ids = Uint8Array.from(many(64, () => below(256)));
    const fixed = decodeFixed(reopened(encodeFixed(ids, 8)));
    expect(fixed.hex(3)).toBe(Buffer.from(ids.subarray(24, 32)).toString('hex'));
    expect(fixed.indexOf(ids.subarray(24, 32))).toBe(3);
    expect(fixed.indexOf(new Uint8Array(8))).toBe(-1);
  });

  it('gives back values of any shape', () => {
    const values: Value[] = [
      null,
      undefined,
      true,
      false,
      -(2n ** 63n),
      2n ** 63n - 1n,
      2n ** 63n,
      MAX_U64,
      -0,
      Number.NaN,
      '\ufeff\u0000',
      Uint8Array.of(0, 255),
      [1n, [], [null, new Map()]],
      new Map<string, Value>([['__proto__', { a: 1n, b: [undefined] }]]),
    ];
    const column = decodeValues(reopened(encodeValues(values)));
    expect(values.map((_, row) => column.get(row))).toEqual(values);
  });

  it.each([0, 1, 5, 32, 33, 1_000])('knows which of %i rows have a value', (rows) => {
    const present = many(rows, (row) => row).filter(() => random() < 0.4);
    const content = encodeOptional(rows, Uint32Array.from(present), encodeUints(Uint32Array.from(present)));
    const { presence, values } = decodeOptional(reopened(content));
    const column = decodeUints(values);
    for (let row = 0; row < rows; row++) {
      const index = presence.index(row);
      expect(index < 0 ? undefined : column.get(index)).toBe(present.includes(row) ? row : undefined);
    }
  });
});

describe('a filter', () => {
  const hashOf = (text: string) => {
    const { low, high } = new Hash64().start().bytes(new TextEncoder().encode(text)).finish();
    return { low, high };
  };

  it.each([0, 1, 100, 50_000])('knows all of %i entries, and few others, with 10 bits each', (count) => {
    const builder = new FilterBuilder();
    for (let i = 0; i < count; i++) {
      builder.add(hashOf(`entry ${i}`));
      builder.add(hashOf(`entry ${i}`));
    }
    expect(builder.count).toBe(count);
    const sealed = builder.finish();
    expect(sealed.content.length).toBeLessThanOrEqual(Math.ceil((count * 10) / 256 + 1) * 32);
    const filter = decodeFilter(reopened(sealed));
    expect(many(count, (i) => filter.mayHave(hashOf(`entry ${i}`))).every(Boolean)).toBe(true);
    const wrong = many(20_000, (i) => filter.mayHave(hashOf(`other ${i}`))).filter(Boolean).length;
    expect(wrong / 20_000).toBeLessThan(count < 1_000 ? 0.03 : 0.015);
  });

  it('keeps the hash that is zero', () => {
    const builder = new FilterBuilder();
    builder.add({ low: 0, high: 0 });
    expect(decodeFilter(reopened(builder.finish())).mayHave({ low: 0, high: 0 })).toBe(true);
  });

  it('hashes as it always did, since hashes are in files', () => {
    expect(hashOf('tailrace')).toEqual({ low: 656_879_549, high: 2_580_274_228 });
  });
});

describe('a damaged column', () => {
  const COLUMNS = [
    encodeUints(Uint32Array.from(many(100, () => below(70_000)))),
    encodeTimes(BigUint64Array.from(U64)),
    encodeStrings(many(50, (i) => `text ${i}`)),
    encodeStrings(['a', 'b'], [0, 1, 1, 0, 0, 1, 0, 1]),
    encodeValues([new Map<string, Value>([['a', [1n, 'x']]])]),
    encodeOptional(40, Uint32Array.of(3, 9), encodeUints(Uint32Array.of(5, 6))),
  ].map(sealColumn);

  it.each(COLUMNS)('is found out whichever bit flipped, column %#', (...bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = damaged[at]! ^ (1 << below(8));
      expect(() => openColumn(damaged)).toThrow(CorruptColumnError);
    }
  });

  it.each(COLUMNS)('is found out wherever it was cut, column %#', (...bytes) => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => openColumn(Uint8Array.from(bytes.slice(0, length)))).toThrow(CorruptColumnError);
  });

  it('throws the same where the checksum is right and the content is nonsense', () => {
    const decoders = [
      decodeUints,
      decodeInts,
      decodeTimes,
      decodeDoubles,
      decodeFixed,
      decodeBools,
      decodeFilter,
      (content: Content) => touch(decodeStrings(content), (column, row) => column.text(row)),
      (content: Content) => touch(decodeValues(content), (column, row) => column.get(row)),
      (content: Content) => decodeOptional(content).presence,
    ];
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const nonsense = {
        encoding: 1 + below(11),
        rows: below(4) === 0 ? 1 << 24 : below(40),
        content: Uint8Array.from(many(below(60), () => (random() < 0.6 ? below(3) : below(256)))),
      };
      try {
        decoders[below(decoders.length)]!(openColumn(sealColumn(nonsense)));
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptColumnError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(10_000);
  });

  it('of a later version is refused', () => {
    const later = sealColumn(encodeUints(Uint32Array.of(1)));
    later[0] = 2;
    expect(() => openColumn(later)).toThrow('version 2 is not known');
  });
});

const touch = <T extends { readonly length: number }>(
  column: T,
  read: (column: T, row: number) => unknown,
) => {
  for (let row = 0; row < Math.min(column.length, 40); row++) read(column, row);
};
