import { Enum, type Field, Type, Writer } from 'protobufjs';
import { ExportTraceServiceRequest } from './otlp-schema.ts';
import { shuffled } from './spans.ts';

type Random = () => number;

const TEXTS = [
  '',
  'a',
  'service.name',
  '__proto__',
  'Grüße ✓',
  '\u0000',
  '\ufeffmark',
  '👩‍🚀',
  'x'.repeat(300),
];
/** Broken UTF-8 of several kinds: cut short, overlong, a lone surrogate, no start byte. */
const BROKEN = ['c3', 'e282', 'c0af', 'eda080', 'ff', '80', 'f0908080ff'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const INTS = ['0', '1', '-1', '127', '128', '4294967296', '9223372036854775807', '-9223372036854775808'];
const DOUBLES = [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, -1e300];

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;
const bytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => below(random, 256));

/**
 * The bytes of a request in which anything goes that protobuf allows: fields in any order and repeated ones torn
 * apart, single ones twice, unknown ones in between, enums that nobody knows, ids of any length.
 */
export const randomRequest = (random: Random): Uint8Array =>
  randomMessage(ExportTraceServiceRequest, random, 0);

const randomMessage = (type: Type, random: Random, depth: number): Uint8Array => {
  const parts = type.oneofsArray.length > 0 ? oneOf(type, random, depth) : allFields(type, random, depth);
  if (random() < 0.1) parts.push(unknownField(random));
  return Buffer.concat(shuffled(parts, random));
};

const allFields = (type: Type, random: Random, depth: number): Uint8Array[] =>
  type.fieldsArray.flatMap((field) => {
    const isId = /^(trace|span)Id$/.test(field.name);
    const most = field.repeated ? (depth > 4 ? 1 : 4) : 1;
    let count = isId ? 1 : below(random, most + 1);
    if (!field.repeated && random() < 0.02) count++;
    return Array.from({ length: count }, () => randomField(field, random, depth));
  });

/** Of an AnyValue: none, one or two members, of which the last wins. */
const oneOf = (type: Type, random: Random, depth: number): Uint8Array[] => {
  const fields = type.fieldsArray.filter((field) => depth < 8 || !(field.resolvedType instanceof Type));
  const count = random() < 0.9 ? 1 : pick(random, [0, 2]);
  return shuffled(fields, random)
    .slice(0, count)
    .map((field) => randomField(field, random, depth));
};

const randomField = (field: Field, random: Random, depth: number): Uint8Array => {
  const writer = Writer.create();
  const type = field.resolvedType;
  if (type instanceof Type)
    return writer
      .uint32((field.id << 3) | 2)
      .bytes(randomMessage(type, random, depth + 1))
      .finish();
  if (type instanceof Enum)
    return writer
      .uint32(field.id << 3)
      .int32(pick(random, [0, 1, 2, 3, 5, 9, -1]))
      .finish();
  switch (field.type) {
    case 'string': {
      writer.uint32((field.id << 3) | 2);
      return (
        random() < 0.03 ? writer.bytes(pick(random, BROKEN)) : writer.string(pick(random, TEXTS))
      ).finish();
    }
    case 'bytes':
      return writer
        .uint32((field.id << 3) | 2)
        .bytes(randomBytes(field, random))
        .finish();
    case 'bool':
      return writer
        .uint32(field.id << 3)
        .bool(random() < 0.5)
        .finish();
    case 'int64':
      return writer
        .uint32(field.id << 3)
        .int64(pick(random, INTS))
        .finish();
    case 'double':
      return writer
        .uint32((field.id << 3) | 1)
        .double(pick(random, DOUBLES))
        .finish();
    case 'fixed64':
      return Buffer.concat([writer.uint32((field.id << 3) | 1).finish(), bytes(random, 8)]);
    case 'fixed32':
      return Buffer.concat([writer.uint32((field.id << 3) | 5).finish(), bytes(random, 4)]);
    case 'uint32':
      return writer
        .uint32(field.id << 3)
        .uint32(pick(random, [0, 1, 127, 300, 0xffff_ffff]))
        .finish();
    case 'int32':
      return writer
        .uint32(field.id << 3)
        .int32(pick(random, [0, 7, -1]))
        .finish();
    default:
      throw new Error(`no values for ${field.type}`);
  }
};

/** Ids are right mostly; a parent is missing, zero or of a wrong length now and then. */
const randomBytes = (field: Field, random: Random): Uint8Array => {
  if (field.name === 'bytesValue') return bytes(random, below(random, 5));
  const width = field.name === 'traceId' ? 16 : 8;
  const dice = random();
  if (dice < 0.02) return bytes(random, below(random, 20));
  return dice < 0.05 ? new Uint8Array(width) : bytes(random, width);
};

const unknownField = (random: Random): Uint8Array => {
  const id = pick(random, [17, 31, 1_000, 536_870_911]);
  const tag = (wire: number) => Writer.create().uint32(((id << 3) | wire) >>> 0);
  const group = Buffer.concat([
    tag(3)
      .uint32((40 << 3) | 0)
      .uint32(5)
      .finish(),
    tag(4).finish(),
  ]);
  return pick(random, [
    tag(0).uint64('18446744073709551615').finish(),
    tag(1).fixed64(1).finish(),
    tag(2).string('later').finish(),
    tag(5).fixed32(1).finish(),
    group,
  ]);
};

/** The bytes with a few of them changed, taken out or cut off. */
export const damaged = (body: Uint8Array, random: Random): Uint8Array => {
  const result = Uint8Array.from(random() < 0.2 ? body.subarray(0, below(random, body.length)) : body);
  if (result.length === 0) return result;
  for (let hits = 1 + below(random, 3); hits > 0; hits--) {
    const at = below(random, result.length);
    if (random() < 0.3) result.copyWithin(at, at + 1);
    else result[at] = random() < 0.5 ? below(random, 256) : (result[at] as number) ^ (1 << below(random, 8));
  }
  return result;
};
