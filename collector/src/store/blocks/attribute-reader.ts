import { VALUE } from '../../batch/index.ts';
import {
  type BoolColumn,
  type Content,
  CorruptColumnError,
  decodeBools,
  decodeDoubles,
  decodeInts,
  decodeOptional,
  decodeStrings,
  decodeValues,
  type IntColumn,
  type Presence,
  type StringColumn,
  type ValueColumn,
} from '../../columns/index.ts';
import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../../model/index.ts';
import { type RowOwner, SPILL } from './layout.ts';
import type { AttributeEntry } from './meta.ts';
import type { OpenColumns, OptionalValues } from './open-columns.ts';

/** The values of one type: which rows have one (`presence.index` gives its place), and the values. */
export type TypedValues =
  | { readonly type: 'string'; readonly presence: Presence; readonly values: StringColumn }
  | { readonly type: 'bool'; readonly presence: Presence; readonly values: BoolColumn }
  | { readonly type: 'int'; readonly presence: Presence; readonly values: IntColumn }
  | { readonly type: 'double'; readonly presence: Presence; readonly values: Float64Array }
  | { readonly type: 'other'; readonly presence: Presence; readonly values: ValueColumn }
  | { readonly type: 'empty'; readonly presence: Presence };

/** One attribute of all rows of an owner. A row has a value in one of `parts` at most. */
export interface AttributeColumn {
  readonly parts: readonly TypedValues[];
  /** Rows whose value is among those that got no column: ask `get` for these. */
  readonly spilled: boolean;
  /** Undefined where the row has no such attribute. */
  get(row: number): AttributeValue | undefined;
}

/** The attributes of one owner. */
export class AttributeReader {
  readonly #owner: RowOwner;
  readonly #rows: number;
  readonly #columns: OpenColumns;
  readonly #entries: readonly AttributeEntry[];

  constructor(owner: RowOwner, rows: number, columns: OpenColumns, entries: readonly AttributeEntry[]) {
    this.#owner = owner;
    this.#rows = rows;
    this.#columns = columns;
    this.#entries = entries.filter((entry) => entry.owner === owner);
  }

  /** Undefined where no row has the attribute. */
  column(key: string): AttributeColumn | undefined {
    const parts = this.#entries.filter((entry) => entry.key === key).map((entry) => this.#part(entry));
    const spill = this.#spill();
    if (parts.length === 0 && !spill) return undefined;
    return {
      parts,
      spilled: spill !== undefined,
      get: (row) => {
        for (const part of parts) {
          const index = part.presence.index(row);
          if (index >= 0) return valueAt(part, index);
        }
        return spilledAt(spill, row)?.get(key);
      },
    };
  }

  /** All attributes of the row, in the order of the directory. */
  attributes(row: number): Attributes {
    let map: Map<string, AttributeValue> | undefined;
    for (const entry of this.#entries) {
      const part = this.#part(entry);
      const index = part.presence.index(row);
      if (index < 0) continue;
      map ??= new Map();
      map.set(entry.key, valueAt(part, index));
    }
    const spilled = spilledAt(this.#spill(), row);
    if (!spilled) return map ?? NO_ATTRIBUTES;
    return map ? new Map([...map, ...spilled]) : spilled;
  }

  #part(entry: AttributeEntry): TypedValues {
    return this.#columns.decoded(entry.column, this.#rows, (content) => decodePart(entry.type, content));
  }

  #spill(): OptionalValues | undefined {
    return this.#columns.optionalValues(SPILL[this.#owner], this.#rows);
  }
}

const decodePart = (type: number, content: Content): TypedValues => {
  const { presence, values } = decodeOptional(content);
  switch (type) {
    case VALUE.string:
      return { type: 'string', presence, values: decodeStrings(values) };
    case VALUE.bool:
      return { type: 'bool', presence, values: decodeBools(values) };
    case VALUE.int:
      return { type: 'int', presence, values: decodeInts(values) };
    case VALUE.double:
      return { type: 'double', presence, values: decodeDoubles(values) };
    case VALUE.other:
      return { type: 'other', presence, values: decodeValues(values) };
    case VALUE.empty:
      return { type: 'empty', presence };
    default:
      throw new CorruptColumnError(`type ${type} of attributes is not known`);
  }
};

const valueAt = (part: TypedValues, index: number): AttributeValue => {
  switch (part.type) {
    case 'string':
      return part.values.text(index);
    case 'double':
      return part.values[index] as number;
    case 'bool':
    case 'int':
      return part.values.get(index);
    case 'other':
      return part.values.get(index) as AttributeValue;
    default:
      return null;
  }
};

const spilledAt = (spill: OptionalValues | undefined, row: number): Attributes | undefined => {
  const index = spill?.presence.index(row) ?? -1;
  return index < 0 ? undefined : (spill?.values.get(index) as Attributes);
};
