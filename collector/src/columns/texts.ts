import { type ByteReader, ByteWriter } from './bytes.ts';
import { CorruptColumnError } from './corrupt.ts';
import { MAX_ROWS } from './frame.ts';
import { readUints, writeUints } from './uints.ts';

/** How the bytes of texts are stored: as they are, or lower-case hex or UUIDs as the bytes that they spell. */
const FORM = { bytes: 0, hex: 1, uuid: 2 } as const;
const UUID_LENGTH = 36;
const UUID_DASHES = [8, 13, 18, 23];
const UUID_BYTES = 16;
const DASH = 45;

interface Stored {
  readonly form: number;
  readonly lengths: Uint32Array;
  readonly bytes: Uint8Array;
}

/**
 * Byte strings one after the other: their number (u32), form (u8), lengths as they are stored (whole numbers),
 * bytes. Random hex is half as long packed, which no compressor quite reaches from its digits.
 */
export const writeTexts = (writer: ByteWriter, texts: Iterable<Uint8Array>, count: number): void => {
  const all = new ByteWriter(64 + count * 16);
  const lengths = new Uint32Array(count);
  let index = 0;
  for (const text of texts) {
    lengths[index++] = text.length;
    all.bytes(text);
  }
  const bytes = all.done();
  const stored = packUuids(bytes, lengths) ?? packHex(bytes, lengths) ?? { form: FORM.bytes, lengths, bytes };
  writer.u32(count);
  writer.u8(stored.form);
  writeUints(writer, stored.lengths);
  writer.bytes(stored.bytes);
};

/** Reads to the end of the content. */
export const readTexts = (reader: ByteReader, atMost: number): Texts => {
  const count = reader.u32();
  if (count > atMost || count > MAX_ROWS) throw new CorruptColumnError(`${count} texts for ${atMost} rows`);
  const form = reader.u8();
  if (form > FORM.uuid) throw new CorruptColumnError(`form ${form} of texts is not known`);
  const lengths = readUints(reader, count).toArray();
  const offsets = new Uint32Array(count + 1);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    offset += lengths[i] as number;
    if (offset > reader.left) throw new CorruptColumnError(`text ${i} ends after the column`);
    offsets[i + 1] = offset;
  }
  const bytes = reader.bytes(offset);
  reader.end();
  return new Texts(form, offsets, bytes);
};

/** A BOM at the start of a string is a character of it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Distinct or plain texts by their place. */
export class Texts {
  readonly count: number;
  readonly #form: number;
  readonly #offsets: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #texts: (string | undefined)[] = [];

  /** One text, the empty one. */
  static empty(): Texts {
    return new Texts(FORM.bytes, new Uint32Array(2), new Uint8Array());
  }

  constructor(form: number, offsets: Uint32Array, bytes: Uint8Array) {
    this.count = offsets.length - 1;
    this.#form = form;
    this.#offsets = offsets;
    this.#bytes = bytes;
  }

  /** The text; invalid UTF-8 reads as U+FFFD. */
  text(index: number): string {
    let text = this.#texts[index];
    if (text === undefined) {
      const stored = this.#stored(index);
      text = this.#form === FORM.bytes ? decoder.decode(stored) : spell(stored, this.#form);
      this.#texts[index] = text;
    }
    return text;
  }

  /** The very bytes that were encoded. */
  bytes(index: number): Uint8Array {
    const stored = this.#stored(index);
    return this.#form === FORM.bytes ? stored : Buffer.from(spell(stored, this.#form), 'latin1');
  }

  /** Places of the text: compares stored bytes, so that no text is made. Invalid UTF-8 is no text's equal. */
  indexesOf(text: string): number[] {
    const wanted = storedAs(text, this.#form);
    const found: number[] = [];
    if (!wanted) return found;
    const { length } = wanted;
    for (let index = 0; index < this.count; index++) {
      const at = this.#offsets[index] as number;
      if ((this.#offsets[index + 1] as number) - at !== length) continue;
      let same = 0;
      while (same < length && this.#bytes[at + same] === wanted[same]) same++;
      if (same === length) found.push(index);
    }
    return found;
  }

  #stored(index: number): Uint8Array {
    if (index >= this.count) throw new CorruptColumnError(`text ${index} of ${this.count}`);
    return this.#bytes.subarray(this.#offsets[index], this.#offsets[index + 1]);
  }
}

const spell = (stored: Uint8Array, form: number): string => {
  const hex = Buffer.from(stored.buffer, stored.byteOffset, stored.length).toString('hex');
  if (form === FORM.hex) return hex;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** The bytes that the text has in that form; undefined where it cannot have it. */
const storedAs = (text: string, form: number): Uint8Array | undefined => {
  const bytes = new TextEncoder().encode(text);
  if (form === FORM.bytes || bytes.length === 0) return bytes;
  const lengths = Uint32Array.of(bytes.length);
  return (form === FORM.hex ? packHex(bytes, lengths) : packUuids(bytes, lengths))?.bytes;
};

const NO_DIGIT = 0x100;
/** Value of each ASCII digit 0-9 and a-f; NO_DIGIT for every other byte. */
const DIGITS = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : NO_DIGIT,
);

const packHex = (bytes: Uint8Array, lengths: Uint32Array): Stored | undefined => {
  if (bytes.length === 0 || lengths.some((length) => length % 2 === 1)) return undefined;
  const packed = packDigits(bytes);
  return packed && { form: FORM.hex, lengths: lengths.map((length) => length / 2), bytes: packed };
};

const packUuids = (bytes: Uint8Array, lengths: Uint32Array): Stored | undefined => {
  if (lengths.length === 0 || lengths.some((length) => length !== UUID_LENGTH)) return undefined;
  const digits = new Uint8Array(lengths.length * UUID_BYTES * 2);
  for (let at = 0, to = 0; at < bytes.length; at++) {
    if (!UUID_DASHES.includes(at % UUID_LENGTH)) digits[to++] = bytes[at] as number;
    else if (bytes[at] !== DASH) return undefined;
  }
  const packed = packDigits(digits);
  return packed && { form: FORM.uuid, lengths: lengths.map(() => UUID_BYTES), bytes: packed };
};

const packDigits = (digits: Uint8Array): Uint8Array | undefined => {
  const packed = new Uint8Array(digits.length / 2);
  for (let i = 0; i < packed.length; i++) {
    const value =
      ((DIGITS[digits[2 * i] as number] as number) << 4) | (DIGITS[digits[2 * i + 1] as number] as number);
    if (value >= NO_DIGIT) return undefined;
    packed[i] = value;
  }
  return packed;
};
