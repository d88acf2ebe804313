import {
  type Content,
  CorruptColumnError,
  decodeFixed,
  decodeInts,
  decodeOptional,
  decodeStrings,
  decodeUints,
  decodeValues,
  FixedColumn,
  type IntColumn,
  openColumn,
  type Presence,
  StringColumn,
  UintColumn,
  type ValueColumn,
} from '../../columns/index.ts';

/** Gives the bytes of a column of the block; undefined where the block has no such column. */
export type ReadColumn = (column: number) => Uint8Array | undefined;

export interface OptionalValues {
  readonly presence: Presence;
  readonly values: ValueColumn;
}

/** Columns of a block, each read and decoded when it is first asked for. */
export class OpenColumns {
  readonly #read: ReadColumn;
  readonly #there: ReadonlySet<number>;
  readonly #open = new Map<number, unknown>();

  constructor(read: ReadColumn, columns: readonly number[]) {
    this.#read = read;
    this.#there = new Set(columns);
  }

  has(column: number): boolean {
    return this.#there.has(column);
  }

  /** All zero where the block has no such column. */
  uints(column: number, rows: number): UintColumn {
    return this.decoded(column, rows, decodeUints, () => new UintColumn(rows, 0));
  }

  /** All empty where the block has no such column. */
  strings(column: number, rows: number): StringColumn {
    return this.decoded(column, rows, decodeStrings, () => StringColumn.empty(rows));
  }

  ints(column: number, rows: number): IntColumn {
    return this.decoded(column, rows, decodeInts);
  }

  /** Ids of `width` bytes; as many as there are where `rows` is undefined, none where there is no column. */
  ids(column: number, rows: number | undefined, width: number): FixedColumn {
    const ids = this.decoded(column, rows, decodeFixed, () => new FixedColumn(0, width, new Uint8Array()));
    if (ids.width !== width) throw damaged(column, `ids of ${ids.width} bytes`);
    return ids;
  }

  values(column: number): ValueColumn {
    return this.decoded(column, undefined, decodeValues);
  }

  /** Undefined where the block has no such column. */
  optionalValues(column: number, rows: number): OptionalValues | undefined {
    return this.decoded<OptionalValues | undefined>(
      column,
      rows,
      (content) => {
        const { presence, values } = decodeOptional(content);
        return { presence, values: decodeValues(values) };
      },
      () => undefined,
    );
  }

  /** Decodes once. A column that must be there and is not is damage; so is a wrong number of rows. */
  decoded<T>(column: number, rows: number | undefined, decode: (content: Content) => T, absent?: () => T): T {
    if (this.#open.has(column)) return this.#open.get(column) as T;
    const decoded = absent && !this.has(column) ? absent() : decode(this.#content(column, rows));
    this.#open.set(column, decoded);
    return decoded;
  }

  #content(column: number, rows: number | undefined): Content {
    const bytes = this.#read(column);
    if (bytes === undefined) throw damaged(column, 'it is missing');
    const content = openColumn(bytes);
    if (rows !== undefined && content.rows !== rows)
      throw damaged(column, `it has ${content.rows} rows, not ${rows}`);
    return content;
  }
}

const damaged = (column: number, what: string): CorruptColumnError =>
  new CorruptColumnError(`column ${column}: ${what}`);
