import { type AttributeLists, type SpanBatch, VALUE } from '../../batch/index.ts';
import {
  type Content,
  encodeBools,
  encodeDoubles,
  encodeInts,
  encodeOptional,
  encodeValues,
  type FilterBuilder,
  HIGH,
  LOW,
  type StringEncoder,
  wordsOf,
} from '../../columns/index.ts';
import type { AttributeValue } from '../../model/index.ts';
import type { BlockRows, Picked } from './block-rows.ts';
import { MAX_ATTRIBUTE_COLUMNS, type RowOwner } from './layout.ts';
import { hashBool, hashInt, hashKey, hashString, hashValue, type KeyHash } from './value-hash.ts';

const TYPES = 6;
const UNKNOWN = -1;
const SPILLED = -2;

/** The values of one key and type, in the order of rows. */
interface Builder {
  readonly key: string;
  readonly type: number;
  count: number;
  readonly rows: Uint32Array;
  /** Codes of strings, 0 and 1, or places in `others`. */
  readonly slots: Uint32Array;
  /** Bits of ints and doubles. */
  readonly words: Uint32Array;
  readonly others: AttributeValue[];
}

export interface AttributeColumn {
  readonly key: string;
  readonly type: number;
  readonly count: number;
  readonly content: Content;
}

export interface AttributeColumns {
  readonly columns: readonly AttributeColumn[];
  /** What got no column: a map of attributes a row. */
  readonly spilled: Content | undefined;
}

/**
 * Turns lists of attributes into one column for each key and type. Where a key comes twice in a list the last value
 * wins, as everywhere; the order of the list is not kept.
 */
export class AttributeGatherer {
  readonly #rows: BlockRows;
  readonly #picked: Picked;
  readonly #lists: readonly AttributeLists[];
  readonly #keys: string[] = [];
  readonly #keyIds = new Map<string, number>();
  /** Id of the key by code of the batch. */
  readonly #known: readonly Int32Array[];
  /** Number of the builder by id of the key * TYPES + type. */
  #builderOf = new Int32Array();
  readonly #builders: Builder[] = [];

  constructor(rows: BlockRows, picked: Picked, lists: (batch: SpanBatch) => AttributeLists) {
    this.#rows = rows;
    this.#picked = picked;
    this.#lists = rows.batches.map(lists);
    this.#known = rows.batches.map((batch) => new Int32Array(batch.strings.count).fill(UNKNOWN));
  }

  finish(owner: RowOwner, encoder: StringEncoder, filter: FilterBuilder): AttributeColumns {
    this.#makeBuilders(this.#count());
    const spilled = this.#gather();
    const columns = this.#builders
      .filter((builder) => builder.count > 0)
      .map((builder): AttributeColumn => {
        const values = encodeBuilder(builder, hashKey(owner, builder.key), encoder, filter);
        const present = builder.rows.subarray(0, builder.count);
        const content = encodeOptional(this.#picked.rows.length, present, values);
        return { key: builder.key, type: builder.type, count: builder.count, content };
      });
    if (spilled.size === 0) return { columns, spilled: undefined };
    for (const attributes of spilled.values())
      for (const [key, value] of attributes) {
        const hash = hashValue(owner, key, value);
        if (hash) filter.add(hash);
      }
    const content = encodeOptional(
      this.#picked.rows.length,
      Uint32Array.from(spilled.keys()),
      encodeValues([...spilled.values()]),
    );
    return { columns, spilled: content };
  }

  /** How many values each key and type has at most, by id of the key * TYPES + type. */
  #count(): number[] {
    const counts: number[] = [];
    const { sources, rows } = this.#picked;
    const views = this.#lists.map((lists) => ({
      starts: lists.starts.view(),
      keys: lists.keys.view(),
      types: lists.types.view(),
    }));
    for (let i = 0; i < rows.length; i++) {
      const source = sources[i] as number;
      const { starts, keys, types } = views[source] as (typeof views)[number];
      const row = rows[i] as number;
      const to = starts[row + 1] as number;
      for (let at = starts[row] as number; at < to; at++) {
        const place = this.#keyId(source, keys[at] as number) * TYPES + (types[at] as number);
        counts[place] = (counts[place] ?? 0) + 1;
      }
    }
    return counts;
  }

  /** By text: keys of different invalid bytes that read the same are the same key. */
  #keyId(source: number, code: number): number {
    const known = this.#known[source] as Int32Array;
    let id = known[code] as number;
    if (id !== UNKNOWN) return id;
    const key = (this.#rows.batches[source] as SpanBatch).strings.text(code);
    id = this.#keyIds.get(key) ?? this.#keys.push(key) - 1;
    this.#keyIds.set(key, id);
    known[code] = id;
    return id;
  }

  #makeBuilders(counts: readonly number[]): void {
    this.#builderOf = new Int32Array(this.#keys.length * TYPES).fill(SPILLED);
    const places = Object.keys(counts).map(Number);
    if (places.length > MAX_ATTRIBUTE_COLUMNS)
      places.sort((a, b) => (counts[b] as number) - (counts[a] as number));
    for (const place of places.slice(0, MAX_ATTRIBUTE_COLUMNS)) {
      const most = counts[place] as number;
      const type = place % TYPES;
      const wide = type === VALUE.int || type === VALUE.double;
      this.#builderOf[place] = this.#builders.length;
      this.#builders.push({
        key: this.#keys[Math.floor(place / TYPES)] as string,
        type,
        count: 0,
        rows: new Uint32Array(most),
        slots: new Uint32Array(wide ? 0 : most),
        words: new Uint32Array(wide ? 2 * most : 0),
        others: [],
      });
    }
  }

  #gather(): Map<number, Map<string, AttributeValue>> {
    const spilled = new Map<number, Map<string, AttributeValue>>();
    const { sources, rows } = this.#picked;
    const views = this.#lists.map((lists, source) => ({
      lists,
      starts: lists.starts.view(),
      keys: lists.keys.view(),
      types: lists.types.view(),
      slots: lists.slots.view(),
      ints: wordsOf(lists.ints.view()),
      doubles: wordsOf(lists.doubles.view()),
      known: this.#known[source] as Int32Array,
    }));
    const builders = this.#builders;
    const builderOf = this.#builderOf;
    const strings = this.#rows.strings;
    /** Row + 1 in which the key came last. */
    const seen = new Uint32Array(this.#keys.length);
    for (let i = 0; i < rows.length; i++) {
      const source = sources[i] as number;
      const view = views[source] as (typeof views)[number];
      const row = rows[i] as number;
      const from = view.starts[row] as number;
      for (let at = (view.starts[row + 1] as number) - 1; at >= from; at--) {
        const key = view.known[view.keys[at] as number] as number;
        if (seen[key] === i + 1) continue;
        seen[key] = i + 1;
        const type = view.types[at] as number;
        const number = builderOf[key * TYPES + type] as number;
        if (number === SPILLED) {
          const batch = this.#rows.batches[source] as SpanBatch;
          const attributes = spilled.get(i) ?? new Map<string, AttributeValue>();
          spilled.set(i, attributes.set(this.#keys[key] as string, view.lists.value(batch.strings, at)));
          continue;
        }
        const builder = builders[number] as Builder;
        const slot = view.slots[at] as number;
        const to = builder.count++;
        builder.rows[to] = i;
        if (type === VALUE.string) builder.slots[to] = strings.code(source, slot);
        else if (type === VALUE.int || type === VALUE.double) {
          const words = type === VALUE.int ? view.ints : view.doubles;
          builder.words[2 * to] = words[2 * slot] as number;
          builder.words[2 * to + 1] = words[2 * slot + 1] as number;
        } else if (type === VALUE.other) builder.others.push(view.lists.others[slot] ?? null);
        else builder.slots[to] = slot;
      }
    }
    return spilled;
  }
}

const encodeBuilder = (
  { type, count, slots, words, others }: Builder,
  key: KeyHash,
  encoder: StringEncoder,
  filter: FilterBuilder,
): Content => {
  const used = slots.subarray(0, count);
  switch (type) {
    case VALUE.string: {
      const { column, distinct } = encoder.encode(used);
      for (const code of distinct) filter.add(hashString(key, encoder.source.bytes(code)));
      return column;
    }
    case VALUE.int: {
      for (let i = 0; i < 2 * count; i += 2) {
        const same = i > 0 && words[i] === words[i - 2] && words[i + 1] === words[i - 1];
        if (!same) filter.add(hashInt(key, words[i + LOW] as number, words[i + HIGH] as number));
      }
      return encodeInts(new BigInt64Array(words.buffer, 0, count));
    }
    case VALUE.double:
      return encodeDoubles(new Float64Array(words.buffer, 0, count));
    case VALUE.other:
      return encodeValues(others);
    default:
      // An empty value has no value but its presence: all zero.
      if (type === VALUE.bool)
        for (const value of [0, 1]) if (used.includes(value)) filter.add(hashBool(key, value === 1));
      return encodeBools(used);
  }
};
