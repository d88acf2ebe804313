import { decodeStat, encodeStat, mergeStat, type RollupEntry } from '../analysis/index.ts';
import type { DerivedRow, Store } from '../store/index.ts';

/**
 * The rollups as they will be once the settled traces are sealed: the store's rows that these change, whole. Readers
 * take them in place of the store's, so that figures are there as soon as a trace settled, while a block can wait
 * until it is worth writing.
 */
export class RollupOverlay {
  readonly #store: Store;
  readonly #changed = new Map<string, RollupEntry>();

  constructor(store: Store) {
    this.#store = store;
  }

  add(entry: RollupEntry, sign: 1 | -1): void {
    const id = idOf(entry);
    const known = this.#changed.get(id) ?? this.#stored(entry);
    this.#changed.set(id, { ...entry, stat: mergeStat(known?.stat, entry.stat, sign) });
  }

  /** Entries with `from <= bucket < to`, the store's among them. */
  *entries(from: number, to: number): Iterable<RollupEntry> {
    for (const row of this.#store.derived(undefined, from, to)) {
      if (!this.#changed.has(idOf(row))) yield decoded(row);
    }
    for (const entry of this.#changed.values()) if (entry.bucket >= from && entry.bucket < to) yield entry;
  }

  /** What is to be sealed with the settled traces. */
  rows(): DerivedRow[] {
    return [...this.#changed.values()].map((entry) => ({ ...entry, stat: encodeStat(entry.stat) }));
  }

  clear(): void {
    this.#changed.clear();
  }

  #stored(entry: RollupEntry): RollupEntry | undefined {
    const row = this.#store.derivedRow(entry.kind, entry.bucket, entry.key);
    return row && decoded(row);
  }
}

const idOf = ({ kind, bucket, key }: { kind: string; bucket: number; key: string }): string =>
  `${kind}\u0000${bucket}\u0000${key}`;

const decoded = ({ kind, bucket, key, stat }: DerivedRow): RollupEntry => ({
  kind,
  bucket,
  key,
  stat: decodeStat(kind, stat),
});
