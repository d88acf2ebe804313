import type { Growable, SpanBatch } from '../../batch/index.ts';
import { wordsOf } from '../../columns/index.ts';
import { BlockStrings } from './block-strings.ts';

export interface BlockRow {
  readonly batch: SpanBatch;
  readonly row: number;
}

/** Rows of batches in the order of the block: which batch, and which row of it. */
export interface Picked {
  readonly sources: Uint32Array;
  readonly rows: Uint32Array;
}

/** Events or links of the picked spans. */
export interface PickedChildren {
  /** How many each span has. */
  readonly counts: Uint32Array;
  /** The span of each, as a row of the block. */
  readonly parents: Uint32Array;
  readonly picked: Picked;
}

type Numbers = Uint8Array | Uint32Array;
type Column<T extends Numbers | BigUint64Array> = (batch: SpanBatch) => Growable<T>;

/** Gathers columns of batches into columns of the block. */
export class BlockRows {
  readonly batches: readonly SpanBatch[];
  readonly spans: Picked;
  readonly strings: BlockStrings;

  constructor(rows: readonly BlockRow[]) {
    const sources = new Map<SpanBatch, number>();
    const picked = { sources: new Uint32Array(rows.length), rows: new Uint32Array(rows.length) };
    for (let i = 0; i < rows.length; i++) {
      const { batch, row } = rows[i] as BlockRow;
      let source = sources.get(batch);
      if (source === undefined) {
        source = sources.size;
        sources.set(batch, source);
      }
      picked.sources[i] = source;
      picked.rows[i] = row;
    }
    this.batches = [...sources.keys()];
    this.spans = picked;
    this.strings = new BlockStrings(this.batches);
  }

  numbers<T extends Numbers>(column: Column<T>, { sources, rows }: Picked = this.spans): Uint32Array {
    const views = this.batches.map((batch) => column(batch).view());
    const values = new Uint32Array(rows.length);
    for (let i = 0; i < rows.length; i++)
      values[i] = (views[sources[i] as number] as T)[rows[i] as number] as number;
    return values;
  }

  times(column: Column<BigUint64Array>, { sources, rows }: Picked = this.spans): BigUint64Array<ArrayBuffer> {
    const views = this.batches.map((batch) => wordsOf(column(batch).view()));
    const values = new BigUint64Array(rows.length);
    const words = wordsOf(values);
    for (let i = 0; i < rows.length; i++) {
      const view = views[sources[i] as number] as Uint32Array;
      const at = 2 * (rows[i] as number);
      words[2 * i] = view[at] as number;
      words[2 * i + 1] = view[at + 1] as number;
    }
    return values;
  }

  /** Ids of whole 32-bit words as one aligned array. */
  ids(column: Column<Uint8Array>, width: number, { sources, rows }: Picked = this.spans): Uint8Array {
    const words = width / 4;
    const views = this.batches.map((batch) => {
      const { buffer, byteOffset, length } = column(batch).view();
      return new Uint32Array(buffer, byteOffset, length / 4);
    });
    const ids = new Uint8Array(rows.length * width);
    const idWords = new Uint32Array(ids.buffer);
    for (let i = 0, to = 0; i < rows.length; i++) {
      const view = views[sources[i] as number] as Uint32Array;
      const at = (rows[i] as number) * words;
      for (let word = 0; word < words; word++) idWords[to++] = view[at + word] as number;
    }
    return ids;
  }

  /** Codes of the block's strings. */
  codes(column: Column<Uint32Array>, picked: Picked = this.spans): Uint32Array {
    const codes = this.numbers(column, picked);
    for (let i = 0; i < codes.length; i++)
      codes[i] = this.strings.code(picked.sources[i] as number, codes[i] as number);
    return codes;
  }

  /** `starts` is the column of which row i and row i + 1 bound the children of row i. */
  children(starts: Column<Uint32Array>): PickedChildren {
    const { sources, rows } = this.spans;
    const views = this.batches.map((batch) => starts(batch).view());
    const counts = new Uint32Array(rows.length);
    let total = 0;
    for (let i = 0; i < rows.length; i++) {
      const view = views[sources[i] as number] as Uint32Array;
      const row = rows[i] as number;
      total += counts[i] = (view[row + 1] as number) - (view[row] as number);
    }
    const parents = new Uint32Array(total);
    const picked = { sources: new Uint32Array(total), rows: new Uint32Array(total) };
    for (let i = 0, to = 0; i < rows.length; i++) {
      const source = sources[i] as number;
      const first = (views[source] as Uint32Array)[rows[i] as number] as number;
      for (let child = 0; child < (counts[i] as number); child++, to++) {
        parents[to] = i;
        picked.sources[to] = source;
        picked.rows[to] = first + child;
      }
    }
    return { counts, parents, picked };
  }
}
