import { ByteWriter } from './bytes.ts';
import { CorruptColumnError } from './corrupt.ts';
import { type Content, ENCODING, readContent } from './frame.ts';
import { readTexts, Texts, writeTexts } from './texts.ts';
import { readUints, UintColumn, writeUints } from './uints.ts';

/** Strings by number, as UTF-8 or whatever bytes they are. */
export interface StringSource {
  /** Codes are below it. */
  readonly count: number;
  bytes(code: number): Uint8Array;
}

export interface EncodedStrings {
  readonly column: Content;
  /** The distinct codes of the column, in the order in which they came first. */
  readonly distinct: Uint32Array;
}

/** Above this share of distinct values the codes cost more than the few repeats save. */
const MOSTLY_DISTINCT = 0.75;

/** Encodes columns of strings that share one source. */
export class StringEncoder {
  readonly source: StringSource;
  /** Place in the dictionary + 1 by code; all zero between two columns. */
  #places = new Uint32Array();

  constructor(source: StringSource) {
    this.source = source;
  }

  /** A dictionary and codes, or the strings themselves where most of them differ. */
  encode(codes: Uint32Array): EncodedStrings {
    const rows = codes.length;
    if (this.source.count > this.#places.length) this.#places = new Uint32Array(this.source.count * 2);
    const places = this.#places;
    const distinct = new Uint32Array(rows);
    const narrowed = new Uint32Array(rows);
    let count = 0;
    for (let i = 0; i < rows; i++) {
      const code = codes[i] as number;
      let place = places[code] as number;
      if (place === 0) {
        distinct[count++] = code;
        place = count;
        places[code] = place;
      }
      narrowed[i] = place - 1;
    }
    const dictionary = distinct.subarray(0, count);
    for (const code of dictionary) places[code] = 0;
    const writer = new ByteWriter(1_024 + rows * 4);
    const plain = count > rows * MOSTLY_DISTINCT;
    if (!plain) writeUints(writer, narrowed);
    const stored = plain ? codes : dictionary;
    writeTexts(writer, this.#bytesOf(stored), stored.length);
    const encoding = plain ? ENCODING.plainStrings : ENCODING.dictionary;
    return { column: { encoding, rows, content: writer.done() }, distinct: dictionary };
  }

  *#bytesOf(codes: Uint32Array): Iterable<Uint8Array> {
    for (const code of codes) yield this.source.bytes(code);
  }
}

export const decodeStrings = (column: Content): StringColumn => {
  if (column.encoding === ENCODING.plainStrings) {
    const texts = readTexts(readContent(column, ENCODING.plainStrings), column.rows);
    if (texts.count !== column.rows) throw new CorruptColumnError(`${texts.count} of ${column.rows} texts`);
    return new StringColumn(texts, undefined, column.rows);
  }
  const reader = readContent(column, ENCODING.dictionary);
  const codes = readUints(reader, column.rows);
  return new StringColumn(readTexts(reader, column.rows), codes, column.rows);
};

/** One string a row: a code, and the texts by code. Compare codes where many rows are looked at. */
export class StringColumn {
  readonly length: number;
  readonly texts: Texts;
  readonly #codes: UintColumn | undefined;

  /** Rows that all have the empty string. */
  static empty(length: number): StringColumn {
    return new StringColumn(Texts.empty(), new UintColumn(length, 0), length);
  }

  constructor(texts: Texts, codes: UintColumn | undefined, length: number) {
    this.length = length;
    this.texts = texts;
    this.#codes = codes;
  }

  /** Place of the row's text in `texts`. */
  code(row: number): number {
    if (this.#codes) return this.#codes.get(row);
    if (row >= this.length) throw new RangeError(`row ${row} of ${this.length}`);
    return row;
  }

  /** All codes; undefined where every row has a text of its own, at its own place. */
  codes(): Uint32Array | undefined {
    return this.#codes?.toArray();
  }

  text(row: number): string {
    return this.texts.text(this.code(row));
  }

  /** Rows that have the text, in order. */
  rowsOf(text: string): number[] {
    const places = this.texts.indexesOf(text);
    const codes = this.codes();
    if (!codes || places.length === 0) return places;
    const rows: number[] = [];
    for (let row = 0; row < codes.length; row++) if (places.includes(codes[row] as number)) rows.push(row);
    return rows;
  }
}
