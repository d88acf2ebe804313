import { Enum, type Field, Type } from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { ExportTraceServiceRequest } from '../../test/otlp-schema.ts';
import { spansOf } from '../batch/index.ts';
import { SPAN_KINDS, STATUS_CODES } from '../model/index.ts';
import { decodeSpans, type Encoding } from './index.ts';

/** What is absent outside of profiles. */
const ABSENT = ['keyStrindex', 'stringValueStrindex'];

interface Marker {
  readonly path: string;
  /** How the value looks among the leaves of a span. */
  readonly text: string;
}

/** A request with every field of the schema set to a value that comes nowhere else, walked along the schema. */
class MarkedRequest {
  readonly markers: Marker[] = [];
  readonly #encoding: Encoding;
  #count = 0;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  message(type: Type, path: string, depth = 0): object {
    const fields = type.fieldsArray.filter((field) => field.name !== 'value' || type.name !== 'KeyValue');
    const entries = fields.map((field) => [field.name, this.#field(field, `${path}.${field.name}`, depth)]);
    return Object.fromEntries(entries);
  }

  #field(field: Field, path: string, depth: number): unknown {
    const type = field.resolvedType;
    if (!(type instanceof Type))
      return field.repeated ? [this.#value(field, path)] : this.#value(field, path);
    if (type.name === 'KeyValue') return this.#eachValue(type, path, depth);
    if (type.name === 'AnyValue') return this.#members(type, depth).map((one) => this.#any(one, path, depth));
    const message = this.message(type, path, depth);
    return field.repeated ? [message] : message;
  }

  /** A key-value pair for each member of the value's oneof. */
  #eachValue(type: Type, path: string, depth: number): object[] {
    const any = type.fields.value?.resolvedType as Type;
    return this.#members(any, depth).map((one) => ({
      ...this.message(type, path, depth),
      value: this.#any(one, `${path}.value`, depth),
    }));
  }

  /** All members outside, plain values within lists. */
  #members(any: Type, depth: number): Field[] {
    return any.fieldsArray.filter((field) => depth === 0 || !(field.resolvedType instanceof Type));
  }

  #any(member: Field, path: string, depth: number): object {
    return { [member.name]: this.#field(member, `${path}.${member.name}`, depth + 1) };
  }

  #value(field: Field, path: string): unknown {
    const number = 1_000_003 + 7 * ++this.#count;
    const isJson = this.#encoding === 'json';
    if (field.resolvedType instanceof Enum) {
      const names = field.name === 'kind' ? SPAN_KINDS : STATUS_CODES;
      return this.#mark(path, names.at(-1) as string, names.length - 1);
    }
    switch (field.type) {
      case 'string':
        return this.#mark(path, `text ${number}`, `text ${number}`);
      case 'bool':
        return this.#mark(path, 'true', true);
      case 'double':
        return this.#mark(path, String(number + 0.5), number + 0.5);
      case 'bytes': {
        const hex = number.toString(16).padStart(/traceId/i.test(field.name) ? 32 : 16, '0');
        const bytes = Buffer.from(hex, 'hex');
        const isId = field.name !== 'bytesValue';
        return this.#mark(path, hex, isJson ? (isId ? hex : bytes.toString('base64')) : bytes);
      }
      default:
        return this.#mark(path, String(number), isJson && /64/.test(field.type) ? String(number) : number);
    }
  }

  #mark(path: string, text: string, value: unknown): unknown {
    this.markers.push({ path, text });
    return value;
  }
}

const leaves = (value: unknown): string[] => {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('hex')];
  if (value instanceof Map) return [...value].flatMap(leaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [String(value)];
};

describe.each(['protobuf', 'json'] as const)('every field of the protocol in %s', (encoding) => {
  const request = new MarkedRequest(encoding);
  const message = request.message(ExportTraceServiceRequest, '');
  const body =
    encoding === 'json'
      ? new TextEncoder().encode(JSON.stringify(message))
      : ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(message)).finish();
  const { batch, rejected } = decodeSpans(encoding, body);
  const found = new Set(leaves(spansOf(batch)));
  const isAbsent = ({ path }: Marker) => ABSENT.some((name) => path.endsWith(name));

  it('comes back', () => {
    expect(rejected).toBe(0);
    expect(request.markers.length).toBeGreaterThan(100);
    expect(request.markers.filter((marker) => !isAbsent(marker) && !found.has(marker.text))).toEqual([]);
  });

  it('is absent where it is for profiles only', () => {
    const absent = request.markers.filter(isAbsent);
    expect(new Set(absent.map(({ path }) => path.split('.').at(-1)))).toEqual(new Set(ABSENT));
    expect(absent.filter((marker) => found.has(marker.text))).toEqual([]);
  });
});
