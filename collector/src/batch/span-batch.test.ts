import { describe, expect, it } from 'vitest';
import { randomFlow, spansOf } from '../../test/random-flow.ts';
import { chance, span } from '../../test/spans.ts';
import { type AttributeValue, type Span, unixNanos } from '../model/index.ts';
import { growableI64, growableU64 } from './growable.ts';
import { SpanBatch } from './span-batch.ts';
import { StringTable } from './string-table.ts';

const AWKWARD: readonly (readonly [string, AttributeValue])[] = [
  ['__proto__', 'x'],
  ['', ''],
  ['int', -(2n ** 63n)],
  ['double', -0],
  ['nan', Number.NaN],
  ['bytes', Uint8Array.of(0, 255)],
  ['empty', null],
  ['list', [1n, null, ['\u0000']]],
  ['map', new Map<string, AttributeValue>([['k', false]])],
];

describe('a batch of spans', () => {
  it('gives back what was added, field by field', () => {
    const rich: Span = {
      ...span({
        id: 'rich',
        parent: 'p',
        kind: 'consumer',
        error: true,
        links: [['other', 'x']],
        events: [{ name: 'e' }],
      }),
      traceState: 'a=b',
      flags: 0xffff_ffff,
      start: unixNanos(2n ** 64n - 1n),
      end: unixNanos(0n),
      status: { code: 'error', message: 'Grüße ✓' },
      attributes: new Map(AWKWARD),
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
    };
    const spans = [rich, span({ id: 'plain' }), ...spansOf(randomFlow(chance(7), 300))];
    const batch = new SpanBatch();
    for (const one of spans) batch.add(one);
    expect(batch.length).toBe(spans.length);
    expect(spans.map((_, row) => batch.span(row))).toEqual(spans);
    expect(batch.byteLength).toBeGreaterThan(spans.length * 50);
  });
});

describe('a column of 64-bit values', () => {
  it('takes halves and whole values in turns, through every growth', () => {
    const [ints, times] = [growableI64(2), growableU64(2)];
    for (let i = 0; i < 100; i++) {
      ints.pushHalves(-i, -1);
      times.pushHalves(i, -1);
      times.push(BigInt(i));
    }
    expect([ints.get(1), ints.get(99)]).toEqual([-1n, -99n]);
    expect([times.get(198), times.get(199)]).toEqual([0xffff_ffff_0000_0063n, 99n]);
    times.truncate(1);
    times.push(5n);
    expect([...times.view()]).toEqual([0xffff_ffff_0000_0000n, 5n]);
  });
});

describe('a table of strings', () => {
  it('knows each string by one code, through every growth', () => {
    const table = new StringTable();
    const texts = Array.from({ length: 5_000 }, (_, i) => `string number ${i % 3_000} ✓`);
    const codes = texts.map((text) => table.internText(text));
    expect(table.count).toBe(3_001);
    expect(codes.map((code) => table.text(code))).toEqual(texts);
    expect(codes.slice(3_000)).toEqual(codes.slice(0, 2_000));
    expect(table.internText('')).toBe(0);
  });

  it('keeps a byte order mark', () => {
    const table = new StringTable();
    expect(table.text(table.internText('\ufeffx'))).toBe('\ufeffx');
  });

  it('keeps bytes that are no UTF-8 apart from each other', () => {
    const table = new StringTable();
    const one = table.intern(Uint8Array.of(0xff), 0, 1);
    const other = table.intern(Uint8Array.of(0xfe), 0, 1);
    expect(one).not.toBe(other);
    expect(table.text(one)).toBe('\ufffd');
  });
});
