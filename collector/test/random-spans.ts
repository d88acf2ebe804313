import {
  type Attributes,
  type AttributeValue,
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanId,
  STATUS_CODES,
  type TraceId,
  unixNanos,
} from '../src/model/index.ts';

const MAX_U64 = 2n ** 64n - 1n;
const STRINGS = [
  '',
  'GET',
  '/orders/{id}',
  'a\u0000b',
  'Grüße ✓ 𝄞',
  '\ufeffbom',
  '__proto__',
  'constructor',
  '00ff',
  'abc',
  '0'.repeat(64),
  '123e4567-e89b-12d3-a456-426614174000',
  'x'.repeat(3_000),
];
const INTS = [0n, 1n, -1n, 200n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n, -(2n ** 32n)];
const DOUBLES = [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, -1e308];
const TIMES = [0n, 1n, MAX_U64, 2n ** 63n, 1_790_000_000_000_000_000n];
const U32 = [0, 0, 0, 1, 255, 256, 65_536, 0xffff_ffff];

/** Spans of every shape that OTLP allows, awkward ones more often than life has them. Traces may come mixed. */
export const randomSpans = (random: () => number, size: number): Span[] => {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const hex = (digits: number): string =>
    `${Array.from({ length: digits - 1 }, () => below(16).toString(16)).join('')}${1 + below(9)}`;
  const text = (): string => (random() < 0.3 ? hex(2 * (1 + below(12))) : pick(STRINGS));
  const time = (): bigint =>
    random() < 0.2 ? pick(TIMES) : 1_790_000_000_000_000_000n + BigInt(below(1_000_000_000));
  const bytes = (): Uint8Array => Uint8Array.from({ length: below(20) }, () => below(256));

  const value = (depth = 0): AttributeValue => {
    const choice = below(depth < 3 ? 9 : 6);
    if (choice === 0) return null;
    if (choice <= 2) return text();
    if (choice === 3) return random() < 0.5;
    if (choice === 4) return pick(INTS);
    if (choice === 5) return pick(DOUBLES);
    if (choice === 6) return bytes();
    if (choice === 7) return Array.from({ length: below(4) }, () => value(depth + 1));
    return new Map(Array.from({ length: below(4) }, () => [text(), value(depth + 1)] as const));
  };
  const attributes = (most: number): Attributes =>
    new Map(
      Array.from({ length: below(most + 1) }, (): readonly [string, AttributeValue] => {
        const usual = random();
        if (usual < 0.3) return ['http.route', pick(STRINGS)];
        if (usual < 0.5) return ['http.response.status_code', pick(INTS)];
        if (usual < 0.6) return ['request.id', hex(24)];
        return [random() < 0.1 ? hex(8) : pick(STRINGS), value()];
      }),
    );

  const resources = Array.from(
    { length: 1 + below(4) },
    (): Resource => ({
      attributes: new Map([['service.name', pick(['gateway', 'orders', ''])], ...attributes(4)]),
      droppedAttributesCount: pick(U32),
      entityRefs:
        random() < 0.5 ? [] : [{ schemaUrl: text(), type: 'host', idKeys: ['a'], descriptionKeys: [] }],
      schemaUrl: pick(['', 'https://opentelemetry.io/schemas/1.40.0']),
    }),
  );
  const scopes = Array.from(
    { length: 1 + below(3) },
    (): Scope => ({
      name: text(),
      version: text(),
      attributes: attributes(2),
      droppedAttributesCount: pick(U32),
      schemaUrl: text(),
    }),
  );

  const traceIds = Array.from({ length: 1 + below(Math.max(1, size / 6)) }, () => hex(32) as TraceId);
  const spanIds = new Map<TraceId, SpanId[]>(traceIds.map((id) => [id, []]));
  const anySpanId = (trace: TraceId): SpanId => {
    const known = spanIds.get(trace) ?? [];
    return known.length > 0 && random() < 0.8 ? pick(known) : (hex(16) as SpanId);
  };
  const often = (): boolean => random() < 0.7;

  return Array.from({ length: size }, (): Span => {
    const traceId = pick(traceIds);
    const spanId = random() < 0.02 ? anySpanId(traceId) : (hex(16) as SpanId);
    spanIds.get(traceId)?.push(spanId);
    return {
      traceId,
      spanId,
      // The list has the span itself, so that some are their own parents.
      parentSpanId: random() < 0.2 ? undefined : anySpanId(traceId),
      traceState: often() ? '' : text(),
      flags: pick(U32),
      name: text(),
      kind: pick(SPAN_KINDS),
      start: unixNanos(time()),
      end: unixNanos(time()),
      status: { code: pick(STATUS_CODES), message: often() ? '' : text() },
      attributes: attributes(8),
      droppedAttributesCount: pick(U32),
      events: Array.from({ length: often() ? 0 : below(4) }, () => ({
        time: unixNanos(time()),
        name: text(),
        attributes: attributes(3),
        droppedAttributesCount: pick(U32),
      })),
      droppedEventsCount: pick(U32),
      links: Array.from({ length: often() ? 0 : below(4) }, () => {
        const linked = random() < 0.6 ? pick(traceIds) : (hex(32) as TraceId);
        return {
          traceId: linked,
          spanId: anySpanId(linked),
          traceState: often() ? '' : text(),
          attributes: attributes(2),
          droppedAttributesCount: pick(U32),
          flags: pick(U32),
        };
      }),
      droppedLinksCount: pick(U32),
      resource: pick(resources),
      scope: pick(scopes),
    };
  });
};
