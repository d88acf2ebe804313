import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../model/index.ts';
import { growableF64, growableI64, growableU8, growableU32 } from './growable.ts';
import type { StringTable } from './string-table.ts';

/** Types of attribute values, as they stand in `AttributeLists.types`. */
export const VALUE = { empty: 0, string: 1, bool: 2, int: 3, double: 4, other: 5 } as const;

/**
 * The attributes of many owners (spans, events, links), one list after the other. A value is its type and a slot:
 * the code of a string, 0 or 1, or the place in `ints`, `doubles` or `others` (bytes, arrays, key-value lists).
 */
export class AttributeLists {
  /** Owner i has the attributes [starts[i], starts[i + 1]). */
  readonly starts = growableU32();
  readonly keys = growableU32();
  readonly types = growableU8();
  readonly slots = growableU32();
  readonly ints = growableI64();
  readonly doubles = growableF64();
  readonly others: AttributeValue[] = [];

  constructor() {
    this.starts.push(0);
  }

  get owners(): number {
    return this.starts.length - 1;
  }

  get byteLength(): number {
    const columns = [this.starts, this.keys, this.types, this.slots, this.ints, this.doubles];
    // An array or a list is an object or more: a guess that is rather too large.
    return columns.reduce((sum, column) => sum + column.byteLength, 0) + this.others.length * 256;
  }

  /** Ends the list of the owner whose attributes were added since the last call. */
  endOwner(): void {
    this.starts.push(this.keys.length);
  }

  addEmpty(key: number): void {
    this.#add(key, VALUE.empty, 0);
  }
  addString(key: number, code: number): void {
    this.#add(key, VALUE.string, code);
  }
  addBool(key: number, value: boolean): void {
    this.#add(key, VALUE.bool, value ? 1 : 0);
  }
  addInt(key: number, value: bigint): void {
    this.#add(key, VALUE.int, this.ints.length);
    this.ints.push(value);
  }
  addDouble(key: number, value: number): void {
    this.#add(key, VALUE.double, this.doubles.length);
    this.doubles.push(value);
  }
  addOther(key: number, value: AttributeValue): void {
    this.#add(key, VALUE.other, this.others.length);
    this.others.push(value);
  }
  /** An integer or a double by its two halves, as the wire has it. */
  addHalves(key: number, type: typeof VALUE.int | typeof VALUE.double, low: number, high: number): void {
    const column = type === VALUE.int ? this.ints : this.doubles;
    this.#add(key, type, column.length);
    column.pushHalves(low, high);
  }

  /** Takes back all that came after the first `owners` lists, an open one too. */
  truncate(owners: number): void {
    const kept = this.starts.get(owners);
    for (let i = this.keys.length - 1; i >= kept; i--) {
      const slot = this.slots.get(i);
      switch (this.types.get(i)) {
        case VALUE.int:
          this.ints.truncate(slot);
          break;
        case VALUE.double:
          this.doubles.truncate(slot);
          break;
        case VALUE.other:
          this.others.length = slot;
          break;
      }
    }
    this.starts.truncate(owners + 1);
    this.keys.truncate(kept);
    this.types.truncate(kept);
    this.slots.truncate(kept);
  }

  /** Adds a value of the model, whatever its type; the caller ends the owner. */
  addValue(strings: StringTable, key: string, value: AttributeValue): void {
    const code = strings.internText(key);
    if (value === null) this.addEmpty(code);
    else if (typeof value === 'string') this.addString(code, strings.internText(value));
    else if (typeof value === 'boolean') this.addBool(code, value);
    else if (typeof value === 'bigint') this.addInt(code, value);
    else if (typeof value === 'number') this.addDouble(code, value);
    else this.addOther(code, value);
  }

  /** The value at place `index` of all lists. */
  value(strings: StringTable, index: number): AttributeValue {
    const slot = this.slots.get(index);
    switch (this.types.get(index)) {
      case VALUE.string:
        return strings.text(slot);
      case VALUE.bool:
        return slot === 1;
      case VALUE.int:
        return this.ints.get(slot);
      case VALUE.double:
        return this.doubles.get(slot);
      case VALUE.other:
        return this.others[slot] ?? null;
      default:
        return null;
    }
  }

  /** The owner's attributes as a map; where a key comes twice the last value wins. */
  attributes(strings: StringTable, owner: number): Attributes {
    const from = this.starts.get(owner);
    const to = this.starts.get(owner + 1);
    if (from === to) return NO_ATTRIBUTES;
    const map = new Map<string, AttributeValue>();
    for (let i = from; i < to; i++) map.set(strings.text(this.keys.get(i)), this.value(strings, i));
    return map;
  }

  #add(key: number, type: number, slot: number): void {
    this.keys.push(key);
    this.types.push(type);
    this.slots.push(slot);
  }
}
