import { describe, expect, it } from 'vitest';
import { spansOf } from '../batch/index.ts';
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
const decodedSpans = (body: Uint8Array) => spansOf(decodeProtobufSpans(body).batch);

describe('OTLP protobuf', () => {
  it('finds the resource that follows its spans', () => {
    const attribute = message(1, message(1, text('service.name')), message(2, message(1, text('late'))));
    const body = message(1, message(2, message(2, TRACE_ID, SPAN_ID)), message(1, attribute));
    expect(decodedSpans(body)[0]?.resource.attributes.get('service.name')).toBe('late');
  });

  it('skips unknown fields of every wire type', () => {
    const unknown = Buffer.concat([
      bytes(0xf8, 0x01, 0x05), // field 31, varint
      bytes(0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8), // fixed64
      message(30, text('later')),
      bytes(0xfd, 0x01, 1, 2, 3, 4), // fixed32
      bytes(0xfb, 0x01, 0x08, 0x01, 0xfc, 0x01), // a group with a field in it
    ]);
    expect(decodedSpans(request(TRACE_ID, unknown, SPAN_ID))).toHaveLength(1);
  });

  it('keeps invalid UTF-8 as replacement characters', () => {
    expect(decodedSpans(request(TRACE_ID, SPAN_ID, message(5, bytes(0xff))))[0]?.name).toBe('\ufffd');
  });

  it('drops a link to nowhere and counts it', () => {
    const link = message(13, message(1, bytes(1, 2)), message(2, bytes(3)));
    expect(decodedSpans(request(TRACE_ID, SPAN_ID, link))[0]).toMatchObject({
      links: [],
      droppedLinksCount: 1,
    });
  });

  it('refuses only the span whose ids are wrong and leaves nothing of it in the columns', () => {
    const value = (key: string, ...content: Uint8Array[]) => [message(1, text(key)), message(2, ...content)];
    const [int, double, list] = [bytes(0x18, 7), bytes(0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f), message(5)];
    const fields = (name: string) => [
      message(5, text(name)),
      ...[int, double, list].map((content) => message(9, ...value('k', content))),
      message(11, message(2, text('event')), message(3, ...value('k', int))),
      message(13, TRACE_ID, SPAN_ID, message(4, ...value('k', double))),
      message(13, message(1, bytes(1)), message(4, ...value('k', list))),
    ];
    const good = message(2, TRACE_ID, SPAN_ID, ...fields('good'));
    const bad = [
      message(2, TRACE_ID, message(2, bytes(1, 2)), ...fields('bad')),
      message(2, ...fields('bad'), message(1, new Uint8Array(16)), SPAN_ID),
      message(2, TRACE_ID, ...fields('bad'), SPAN_ID, message(4, bytes(9))),
    ];
    const mixed = decodeProtobufSpans(message(1, message(2, good, ...bad, good, ...bad)));
    const pure = decodeProtobufSpans(message(1, message(2, good, good)));
    expect(mixed).toMatchObject({ rejected: 6, reason: 'span_id must be 8 bytes, not all zero' });
    expect(spansOf(mixed.batch)).toEqual(spansOf(pure.batch));
    for (const [column, values] of Object.entries(pure.batch.attributes)) {
      const same = (mixed.batch.attributes as unknown as Record<string, { length: number }>)[column];
      expect([column, same?.length]).toEqual([column, values.length]);
    }
    expect(mixed.batch.eventAttributes.keys.length).toBe(2);
    expect(mixed.batch.linkAttributes.keys.length).toBe(2);
  });

  it('keeps every value of a key that comes twice; as a map the last wins', () => {
    const attribute = (value: string) =>
      message(9, message(1, text('k')), message(2, message(1, text(value))));
    const { batch } = decodeProtobufSpans(request(TRACE_ID, SPAN_ID, attribute('a'), attribute('b')));
    expect([0, 1].map((i) => batch.attributes.value(batch.strings, i))).toEqual(['a', 'b']);
    expect(batch.span(0).attributes).toEqual(new Map([['k', 'b']]));
  });

  it('takes the value before its key, and the last of two values', () => {
    const value = message(
      9,
      message(2, bytes(0x18, 7)),
      message(2, message(1, text('v'))),
      message(1, text('k')),
    );
    expect(decodedSpans(request(TRACE_ID, SPAN_ID, value))[0]?.attributes).toEqual(new Map([['k', 'v']]));
  });

  it('makes no objects for resources and scopes without spans', () => {
    const empty = Buffer.concat(new Array(1_000).fill(message(1, message(2))));
    const { batch } = decodeProtobufSpans(Buffer.concat([empty, request(TRACE_ID, SPAN_ID), empty]));
    expect([batch.resources.length, batch.scopes.length]).toEqual([1, 1]);
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
