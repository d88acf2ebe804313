import { describe, expect, it } from 'vitest';
import { spansOf } from '../batch/index.ts';
import { decodeJsonSpans } from './json.ts';
import { MalformedError } from './wire.ts';

const decode = (body: unknown) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { batch, rejected, reason } = decodeJsonSpans(new TextEncoder().encode(text));
  return { spans: spansOf(batch), rejected, reason };
};

const request = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const SPAN = { traceId: '4BF92F3577B34DA6A3CE929D0E0E4736', spanId: '00f067aa0ba902b7', name: 'a' };
const withValue = (value: unknown) => request({ ...SPAN, attributes: [{ key: 'k', value }] });
const decodedValue = (value: unknown) => decode(withValue(value)).spans[0]?.attributes.get('k');

describe('OTLP JSON', () => {
  it('takes ids in any case and keeps them in lower case', () => {
    expect(decode(request(SPAN)).spans[0]?.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  it.each([
    ['missing', { spanId: SPAN.spanId }],
    ['all zero', { ...SPAN, traceId: '0'.repeat(32) }],
    ['too short', { ...SPAN, spanId: '00f067aa' }],
    ['no hex', { ...SPAN, spanId: 'zzf067aa0ba902b7' }],
    ['of a wrong parent', { ...SPAN, parentSpanId: '00ff' }],
  ])('refuses only the span whose id is %s', (_what, bad) => {
    const { spans, rejected, reason } = decode(request(bad, SPAN, bad));
    expect(spans).toHaveLength(1);
    expect(rejected).toBe(2);
    expect(reason).toMatch(/_id must be/);
  });

  it('takes a parent of zeros as none', () => {
    expect(decode(request({ ...SPAN, parentSpanId: '0'.repeat(16) })).spans[0]?.parentSpanId).toBeUndefined();
  });

  it('keeps 64-bit integers exactly, as numbers and as strings', () => {
    const text = JSON.stringify(withValue({ intValue: '@' })).replace('"@"', '9223372036854775807');
    expect(decode(text).spans[0]?.attributes.get('k')).toBe(9_223_372_036_854_775_807n);
    expect(decodedValue({ intValue: '-9223372036854775808' })).toBe(-9_223_372_036_854_775_808n);
    const timed = JSON.stringify(request({ ...SPAN, startTimeUnixNano: '@' })).replace(
      '"@"',
      '1790000000123456789',
    );
    expect(decode(timed).spans[0]?.start).toBe(1_790_000_000_123_456_789n);
  });

  it('leaves long digits inside of strings alone', () => {
    expect(decodedValue({ stringValue: 'card: 12345678901234567890, ' })).toBe(
      'card: 12345678901234567890, ',
    );
  });

  it('keeps every type of value', () => {
    expect(decodedValue({ bytesValue: 'AP8=' })).toEqual(Uint8Array.from([0, 255]));
    expect(decodedValue({ bytesValue: '_-8' })).toEqual(Uint8Array.from([0xff, 0xef]));
    expect(decodedValue({ doubleValue: 'NaN' })).toBeNaN();
    expect(decodedValue({ doubleValue: '-Infinity' })).toBe(Number.NEGATIVE_INFINITY);
    expect(decodedValue({})).toBeNull();
    expect(decodedValue({ stringValue: '' })).toBe('');
    expect(decodedValue({ arrayValue: { values: [{ intValue: 1 }, {}] } })).toEqual([1n, null]);
    expect(
      decodedValue({ kvlistValue: { values: [{ key: '__proto__', value: { boolValue: false } }] } }),
    ).toEqual(new Map([['__proto__', false]]));
  });

  it('lets the last of two equal keys win', () => {
    const attributes = [
      { key: 'k', value: { stringValue: 'first' } },
      { key: 'k', value: { stringValue: 'last' } },
    ];
    expect(decode(request({ ...SPAN, attributes })).spans[0]?.attributes.get('k')).toBe('last');
  });

  it('ignores unknown fields and takes null as the default', () => {
    const odd = {
      ...SPAN,
      future: { x: 1 },
      attributes: null,
      parentSpanId: null,
      status: null,
      flags: null,
    };
    expect(decode(request(odd)).spans).toHaveLength(1);
  });

  it('reads unknown kinds and status codes as unspecified', () => {
    const [span] = decode(request({ ...SPAN, kind: 99, status: { code: 99 } })).spans;
    expect(span).toMatchObject({ kind: 'unspecified', status: { code: 'unset' } });
  });

  it.each([
    ['no JSON', '{"resourceSpans": ['],
    ['a lone number', '7'],
    ['a list at the top', '[]'],
    ['enum names', request({ ...SPAN, kind: 'SPAN_KIND_SERVER' })],
    ['a time that is no number', request({ ...SPAN, startTimeUnixNano: 'now' })],
    ['a negative time', request({ ...SPAN, startTimeUnixNano: -1 })],
    ['spans that are no list', { resourceSpans: [{ scopeSpans: [{ spans: {} }] }] }],
    ['a fraction for an integer', withValue({ intValue: 1.5 })],
    ['an integer beyond 64 bits', withValue({ intValue: '9223372036854775808' })],
    ['a text for a boolean', withValue({ boolValue: 'true' })],
    ['a name that is no text', request({ ...SPAN, name: 7 })],
  ])('calls %s malformed', (_what, body) => {
    expect(() => decode(body)).toThrow(MalformedError);
  });

  it('calls invalid UTF-8 malformed', () => {
    expect(() => decodeJsonSpans(Uint8Array.from([0x22, 0xff, 0x22]))).toThrow(MalformedError);
  });

  it('refuses values nested too deeply without running out of stack', () => {
    const nested = '{"arrayValue":{"values":['.repeat(50_000) + ']}}'.repeat(50_000);
    const body = JSON.stringify(withValue('@')).replace('"@"', nested);
    expect(() => decode(body)).toThrow(MalformedError);
  });
});
