import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { chance } from '../../test/spans.ts';
import { spansOf } from '../batch/index.ts';
import { serviceOf } from '../model/index.ts';
import { decodeSpans, type Encoding, MalformedError } from './index.ts';

/** Spans as the OpenTelemetry SDK makes them: the field numbers are its word, not ours. */
const sdkSpans = (): ReadableSpan[] => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 4711 }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('tests', '1.2.3');
  const other = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
  const first = tracer.startSpan('GET /orders', {
    kind: SpanKind.SERVER,
    startTime: [1_790_000_000, 123_456_789],
    attributes: {
      'http.route': '/orders',
      count: 42,
      negative: -7,
      ratio: 0.25,
      fine: true,
      list: ['a', 'b'],
      numbers: [1, 2, 3],
      naïve: 'Grüße ✓',
    },
    links: [{ context: other, attributes: { why: 'cause' } }],
  });
  first.addEvent('retry', { attempt: 2 }, [1_790_000_000, 200_000_000]);
  first.setStatus({ code: SpanStatusCode.ERROR, message: 'gone' });
  first.end([1_790_000_001, 0]);
  tracer.startSpan('empty', { startTime: [1_790_000_000, 1] }).end([1_790_000_000, 1]);
  return exporter.getFinishedSpans();
};

const encode = (encoding: 'protobuf' | 'json', spans: ReadableSpan[]): Uint8Array => {
  const serializer = encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  return serializer.serializeRequest(spans) as Uint8Array;
};

const decode = (encoding: Encoding, body: Uint8Array) => {
  const { batch, rejected, reason } = decodeSpans(encoding, body);
  return { spans: spansOf(batch), rejected, reason };
};

describe.each(['protobuf', 'json'] as const)('a request in %s', (encoding) => {
  it('gives every field that the SDK sent', () => {
    const [sent] = sdkSpans() as [ReadableSpan];
    const { spans, rejected } = decode(encoding, encode(encoding, [sent]));
    const [span] = spans;
    expect(rejected).toBe(0);
    expect(span).toMatchObject({
      traceId: sent.spanContext().traceId,
      spanId: sent.spanContext().spanId,
      parentSpanId: undefined,
      name: 'GET /orders',
      kind: 'server',
      start: 1_790_000_000_123_456_789n,
      end: 1_790_000_001_000_000_000n,
      status: { code: 'error', message: 'gone' },
      scope: { name: 'tests', version: '1.2.3' },
    });
    expect(span && serviceOf(span)).toBe('shop');
    expect(span?.resource.attributes.get('process.pid')).toBe(4711n);
    expect([...(span?.attributes ?? [])]).toEqual([
      ['http.route', '/orders'],
      ['count', 42n],
      ['negative', -7n],
      ['ratio', 0.25],
      ['fine', true],
      ['list', ['a', 'b']],
      ['numbers', [1n, 2n, 3n]],
      ['naïve', 'Grüße ✓'],
    ]);
    expect(span?.events).toEqual([
      {
        time: 1_790_000_000_200_000_000n,
        name: 'retry',
        attributes: new Map([['attempt', 2n]]),
        droppedAttributesCount: 0,
      },
    ]);
    expect(span?.links).toMatchObject([
      { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), attributes: new Map([['why', 'cause']]) },
    ]);
  });

  it('takes an empty request', () => {
    const empty = encoding === 'json' ? new TextEncoder().encode('{}') : new Uint8Array();
    expect(decode(encoding, empty)).toEqual({ spans: [], rejected: 0, reason: '' });
  });

  it('fails as malformed or gives whole spans, whatever bytes are damaged', () => {
    const random = chance(20_261_120);
    const whole = encode(encoding, sdkSpans());
    let malformed = 0;
    for (let round = 0; round < 3_000; round++) {
      const damaged = whole.slice(0, random() < 0.3 ? Math.floor(random() * whole.length) : whole.length);
      for (let hits = Math.ceil(random() * 4); hits > 0 && damaged.length > 0; hits--) {
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      }
      try {
        for (const span of decode(encoding, damaged).spans) {
          expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
          expect(typeof span.name).toBe('string');
        }
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedError);
        malformed++;
      }
    }
    expect(malformed).toBeGreaterThan(100);
  });
});

it('reads the same from both encodings', () => {
  const spans = sdkSpans();
  expect(decode('protobuf', encode('protobuf', spans))).toEqual(decode('json', encode('json', spans)));
});
