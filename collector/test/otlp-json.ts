import type { Span } from '../src/model/index.ts';
import { SPAN_KINDS, STATUS_CODES } from '../src/model/index.ts';

const anyValue = (value: unknown): object => {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: value };
  throw new Error(`no value for a test: ${String(value)}`);
};

const attributes = (map: ReadonlyMap<string, unknown>): object[] =>
  [...map].map(([key, value]) => ({ key, value: anyValue(value) }));

/** An OTLP/JSON request with these spans, each under its own resource. */
export const otlpJson = (spans: readonly Span[]): string =>
  JSON.stringify({
    resourceSpans: spans.map((span) => ({
      resource: { attributes: attributes(span.resource.attributes) },
      scopeSpans: [
        {
          scope: { name: span.scope.name, version: span.scope.version },
          spans: [
            {
              traceId: span.traceId,
              spanId: span.spanId,
              parentSpanId: span.parentSpanId ?? '',
              name: span.name,
              kind: SPAN_KINDS.indexOf(span.kind),
              startTimeUnixNano: String(span.start),
              endTimeUnixNano: String(span.end),
              attributes: attributes(span.attributes),
              events: span.events.map((event) => ({
                timeUnixNano: String(event.time),
                name: event.name,
                attributes: attributes(event.attributes),
              })),
              links: span.links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
              status: { code: STATUS_CODES.indexOf(span.status.code) },
            },
          ],
        },
      ],
    })),
  });

export const postJson = (otlpHttp: string, body: string): Promise<Response> =>
  fetch(`${otlpHttp}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
