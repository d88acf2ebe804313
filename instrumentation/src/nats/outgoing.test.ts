import { propagation, ROOT_CONTEXT, type Span, TraceFlags, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { headersToSend, type Outgoing } from './outgoing.ts';

const tracer = new BasicTracerProvider().getTracer('test');

beforeAll(() => void propagation.setGlobalPropagator(new W3CTraceContextPropagator()));
afterAll(() => propagation.disable());

const outgoing = (inject = true): Outgoing & { span: Span & { attributes?: object } } => ({
  span: tracer.startSpan('publish'),
  context: trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
  }),
  subject: 'a',
  inject,
});

/** `NATS/1.0`, the traceparent and the line ends. */
const CONTEXT_BYTES = 10 + 13 + 55 + 4;

it('carries the context as long as the message fits', () => {
  const protocol = { info: { headers: true, max_payload: 2_000 } };
  const fitting = new Uint8Array(2_000 - CONTEXT_BYTES);
  expect(headersToSend(outgoing(), protocol, fitting, undefined)?.has('traceparent')).toBe(true);
  const message = outgoing();
  expect(headersToSend(message, protocol, new Uint8Array(fitting.length + 1), undefined)).toBeUndefined();
  expect(message.span.attributes).toEqual({ 'messaging.nats.context_injected': false });
});

it('measures text in bytes', () => {
  const protocol = { info: { headers: true, max_payload: 2_000 } };
  const wide = 'ü'.repeat((2_000 - CONTEXT_BYTES) / 2);
  expect(headersToSend(outgoing(), protocol, wide, undefined)).toBeDefined();
  expect(headersToSend(outgoing(), protocol, `${wide}ü`, undefined)).toBeUndefined();
});

it('sends no headers to a server that does not know them', () => {
  const message = outgoing();
  expect(headersToSend(message, { info: { headers: false } }, '', undefined)).toBeUndefined();
  expect(message.span.attributes).toEqual({ 'messaging.nats.context_injected': false });
});

it('sends headers while the server is not known yet', () => {
  expect(headersToSend(outgoing(), {}, '', undefined)).toBeDefined();
});

it('leaves a message alone that has its context already', () => {
  expect(headersToSend(outgoing(false), {}, '', undefined)).toBeUndefined();
});
