import { describe, expect, it } from 'vitest';
import { decodeProtobufSpans } from './protobuf.ts';
import { MalformedError } from './wire.ts';

const varint = (value: number): number[] =>
  value > 0x7f ? [(value & 0x7f) | 0x80, ...varint(value >>> 7)] : [value];

/** A field of wire type 2 with the given content. */
const message = (field: number, ...content: Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(content);
  return Buffer.concat([Uint8Array.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
};
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const TRACE_ID = message(1, bytes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
const SPAN_ID = message(2, bytes(1, 2, 3, 4, 5, 6, 7, 8));
const request = (...span: Uint8Array[]): Uint8Array => message(1, message(2, message(2, ...span)));

describe('OTLP protobuf', () => {
  it('finds the resource that follows its spans', () => {
    const attribute = message(1, message(1, text('service.name')), message(2, message(1, text('late'))));
    const body = message(1, message(2, message(2, TRACE_ID, SPAN_ID)), message(1, attribute));
    expect(decodeProtobufSpans(body).spans[0]?.resource.attributes.get('service.name')).toBe('late');
  });

  it('skips unknown fields of every wire type', () => {
    const unknown = Buffer.concat([
      bytes(0xf8, 0x01, 0x05), // field 31, varint
      bytes(0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8), // fixed64
      message(30, text('later')),
      bytes(0xfd, 0x01, 1, 2, 3, 4), // fixed32
      bytes(0xfb, 0x01, 0x08, 0x01, 0xfc, 0x01), // a group with a field in it
    ]);
    expect(decodeProtobufSpans(request(TRACE_ID, unknown, SPAN_ID)).spans).toHaveLength(1);
  });

  it('keeps invalid UTF-8 as replacement characters', () => {
    expect(decodeProtobufSpans(request(TRACE_ID, SPAN_ID, message(5, bytes(0xff)))).spans[0]?.name).toBe(
      '\ufffd',
    );
  });

  it('drops a link to nowhere and counts it', () => {
    const link = message(13, message(1, bytes(1, 2)), message(2, bytes(3)));
    expect(decodeProtobufSpans(request(TRACE_ID, SPAN_ID, link)).spans[0]).toMatchObject({
      links: [],
      droppedLinksCount: 1,
    });
  });

  it.each([
    ['truncated in a length', bytes(0x0a)],
    ['shorter than a length says', bytes(0x0a, 0x7f, 1)],
    ['with an overlong varint', bytes(0x0a, ...new Array(11).fill(0xff))],
    ['with field number 0', bytes(0x02, 0x00)],
    ['with an unknown wire type', bytes(0x0e)],
    ['with a group that never ends', bytes(0x0b, 0x08, 0x01)],
    ['with a group that ends as another', bytes(0x0b, 0x14)],
    ['with groups nested without end', bytes(...new Array(1_000).fill(0x0b))],
    ['with a fixed64 cut short', request(TRACE_ID, SPAN_ID, bytes(0x39, 1, 2, 3))],
  ])('calls a body malformed %s', (_what, body) => {
    expect(() => decodeProtobufSpans(body)).toThrow(MalformedError);
  });

  it('refuses values nested too deeply without running out of stack', () => {
    let value = message(1, text('deep'));
    for (let depth = 0; depth < 101; depth++) value = message(5, message(1, value));
    const attribute = message(9, message(1, text('k')), message(2, value));
    expect(() => decodeProtobufSpans(request(TRACE_ID, SPAN_ID, attribute))).toThrow(/nested deeper/);
  });
});
