import { type AttributeLists, EMPTY, type StringTable, VALUE } from '../batch/index.ts';
import type { AttributeValue } from '../model/index.ts';
import { TAG } from './fields.ts';
import { readArray, readKeyValueList } from './protobuf-values.ts';
import type { WireReader } from './wire.ts';

/**
 * Reads attributes from the wire straight into columns. The value waits in fields until its message ends, as the
 * last of several wins and the key may follow it.
 */
export class AttributeReader {
  readonly #reader: WireReader;
  readonly #strings: StringTable;
  #type: number = VALUE.empty;
  /** Code of a string. */
  #code = 0;
  #bool = false;
  #low = 0;
  #high = 0;
  #other: AttributeValue = null;

  constructor(reader: WireReader, strings: StringTable) {
    this.#reader = reader;
    this.#strings = strings;
  }

  /** Reads a `KeyValue` and adds it to the open owner. */
  read(into: AttributeLists): void {
    const reader = this.#reader;
    const outer = reader.enter();
    let key = EMPTY;
    this.#type = VALUE.empty;
    while (!reader.atEnd) {
      const tag = reader.tag();
      if (tag === TAG.KeyValue.key) key = this.string();
      else if (tag === TAG.KeyValue.value) this.#readValue();
      else reader.skip(tag);
    }
    reader.leave(outer);
    const type = this.#type;
    if (type === VALUE.string) into.addString(key, this.#code);
    else if (type === VALUE.int || type === VALUE.double) into.addHalves(key, type, this.#low, this.#high);
    else if (type === VALUE.bool) into.addBool(key, this.#bool);
    else if (type === VALUE.empty) into.addEmpty(key);
    else {
      into.addOther(key, this.#other);
      this.#other = null;
    }
  }

  /** The code of the string that follows. */
  string(): number {
    const reader = this.#reader;
    reader.range();
    return this.#strings.intern(reader.body, reader.from, reader.position);
  }

  #readValue(): void {
    const T = TAG.AnyValue;
    const reader = this.#reader;
    const outer = reader.enter();
    this.#type = VALUE.empty;
    while (!reader.atEnd) {
      const tag = reader.tag();
      if (tag === T.string) {
        this.#code = this.string();
        this.#type = VALUE.string;
      } else if (tag === T.int) {
        reader.varint64();
        this.#setHalves(VALUE.int);
      } else if (tag === T.double) {
        reader.fixed64();
        this.#setHalves(VALUE.double);
      } else if (tag === T.bool) {
        this.#bool = reader.bool();
        this.#type = VALUE.bool;
      } else if (tag === T.array) this.#setOther(readArray(reader, 1));
      else if (tag === T.kvlist) this.#setOther(readKeyValueList(reader, 1));
      else if (tag === T.bytes) this.#setOther(reader.bytes());
      else reader.skip(tag);
    }
    reader.leave(outer);
  }

  #setHalves(type: number): void {
    this.#low = this.#reader.low;
    this.#high = this.#reader.high;
    this.#type = type;
  }

  #setOther(value: AttributeValue): void {
    this.#other = value;
    this.#type = VALUE.other;
  }
}
