import { propagation, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carriedSpanContext, extractContext, headerValue, OutgoingHeaders } from './headers.ts';

const spanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const active = trace.setSpanContext(ROOT_CONTEXT, spanContext);

const given = (entries: Record<string, string[]>, status = {}) => ({
  keys: () => Object.keys(entries),
  values: (key: string) => entries[key] ?? [],
  ...status,
});

beforeAll(() => {
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
});
afterAll(() => propagation.disable());

describe('OutgoingHeaders', () => {
  it('writes what the clients read: a status line, fields with all their values, an empty line', () => {
    const headers = new OutgoingHeaders(given({ a: ['1', '2'], 'B-c': ['ü'] }), active);
    expect(Buffer.from(headers.encode()).toString()).toBe(
      `NATS/1.0\r\na: 1\r\na: 2\r\nB-c: ü\r\ntraceparent: ${traceparent}\r\n\r\n`,
    );
  });

  it('keeps a status', () => {
    const headers = new OutgoingHeaders(given({}, { code: 503, description: 'Busy' }), active);
    expect(headers.toString()).toContain('NATS/1.0 503 Busy\r\n');
  });

  it('leaves one trace context, whatever was there in whatever case', () => {
    const headers = new OutgoingHeaders(
      given({ Traceparent: ['00-stale'], TRACEPARENT: [''], Tracestate: ['other=1'] }),
      active,
    );
    expect(headers.keys()).toEqual(['traceparent']);
    expect(headers.get('traceparent')).toBe(traceparent);
  });

  it("leaves the application's baggage as it is", () => {
    const baggage = propagation.createBaggage({ tenant: { value: 'ours' } });
    const headers = new OutgoingHeaders(
      given({ baggage: ['tenant=theirs'] }),
      propagation.setBaggage(active, baggage),
    );
    expect(headers.values('baggage')).toEqual(['tenant=theirs']);
  });

  it('does not share lists of values with what it was made from', () => {
    const entries = { a: ['1'] };
    new OutgoingHeaders(given(entries), active).values('a').push('2');
    expect(entries).toEqual({ a: ['1'] });
  });
});

describe('reading', () => {
  it('finds a context under the name that Go clients write', () => {
    expect(carriedSpanContext(given({ Traceparent: [traceparent] }))).toMatchObject({
      ...spanContext,
      isRemote: true,
    });
  });

  it.each([undefined, given({}), given({ traceparent: [''] }), given({ traceparent: ['00-zz-zz-01'] })])(
    'finds none in %o',
    (headers) => {
      expect(carriedSpanContext(headers)).toBeUndefined();
      expect(trace.getSpanContext(extractContext(headers))).toBeUndefined();
    },
  );

  it('takes an empty value for none', () => {
    expect(headerValue(given({ 'nats-msg-id': ['m1'] }), 'Nats-Msg-Id')).toBe('m1');
    expect(headerValue(given({ 'Nats-Msg-Id': [''] }), 'Nats-Msg-Id')).toBeUndefined();
  });
});
