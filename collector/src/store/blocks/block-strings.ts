import { EMPTY, type SpanBatch, StringTable } from '../../batch/index.ts';
import type { StringSource } from '../../columns/index.ts';

/** The strings of a block, by codes of the block, whatever batch they come from. The empty string is EMPTY. */
export class BlockStrings implements StringSource {
  readonly #table = new StringTable();
  readonly #batches: readonly SpanBatch[];
  /** Code of the block by code of the batch; EMPTY where it is not known yet. */
  readonly #known: readonly Uint32Array[];

  constructor(batches: readonly SpanBatch[]) {
    this.#batches = batches;
    this.#known = batches.map((batch) => new Uint32Array(batch.strings.count));
  }

  get count(): number {
    return this.#table.count;
  }

  code(source: number, batchCode: number): number {
    if (batchCode === EMPTY) return EMPTY;
    const known = this.#known[source] as Uint32Array;
    let code = known[batchCode] as number;
    if (code === EMPTY) {
      const bytes = (this.#batches[source] as SpanBatch).strings.bytes(batchCode);
      code = this.#table.intern(bytes, 0, bytes.length);
      known[batchCode] = code;
    }
    return code;
  }

  bytes(code: number): Uint8Array {
    return this.#table.bytes(code);
  }

  text(code: number): string {
    return this.#table.text(code);
  }
}
