import { z } from '@hono/zod-openapi';
import { Nanos, RangeQuery, SpanId, TraceId, UnixNanos } from './common.ts';

export const ShapePart = z.object({
  kind: z.enum(['segment', 'wait']),
  service: z.string(),
  duration: Nanos,
  error: z.boolean(),
});
export type ShapePart = z.infer<typeof ShapePart>;

export const TraceSummary = z
  .object({
    traceId: TraceId,
    rootService: z.string(),
    rootName: z.string(),
    start: UnixNanos,
    duration: Nanos,
    responseDuration: Nanos,
    spanCount: z.number(),
    errorCount: z.number(),
    services: z.array(z.string()),
    syncDepth: z.number(),
    queueHops: z.number(),
    maxTimeInQueue: Nanos.nullable(),
    complete: z.boolean(),
    shape: z.array(ShapePart),
    signs: z.array(z.string()),
  })
  .openapi('TraceSummary');
export type TraceSummary = z.infer<typeof TraceSummary>;

/**
 * Attribute values as JSON: 64-bit integers beyond 2^53 and bytes (base64) come as strings,
 * doubles that JSON cannot write as "NaN", "Infinity" and "-Infinity".
 */
export const AttributeMap = z.record(z.string(), z.unknown());

export const Span = z
  .object({
    traceId: TraceId,
    spanId: SpanId,
    parentSpanId: SpanId.optional(),
    traceState: z.string().optional(),
    flags: z.number(),
    name: z.string(),
    kind: z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
    start: UnixNanos,
    duration: Nanos,
    status: z.object({ code: z.enum(['unset', 'ok', 'error']), message: z.string().optional() }),
    service: z.string(),
    resource: z.object({ attributes: AttributeMap, schemaUrl: z.string().optional() }),
    scope: z.object({
      name: z.string(),
      version: z.string(),
      attributes: AttributeMap,
      schemaUrl: z.string().optional(),
    }),
    attributes: AttributeMap,
    events: z.array(z.object({ time: UnixNanos, name: z.string(), attributes: AttributeMap })),
    links: z.array(
      z.object({
        traceId: TraceId,
        spanId: SpanId,
        traceState: z.string().optional(),
        attributes: AttributeMap,
      }),
    ),
    dropped: z
      .object({ attributes: z.number(), events: z.number(), links: z.number() })
      .optional()
      .openapi({ description: 'what the sender says it dropped; absent where nothing was' }),
    warnings: z.array(z.string()).optional(),
  })
  .openapi('Span');
export type Span = z.infer<typeof Span>;

export const Trace = z
  .object({ traceId: TraceId, spans: z.array(Span), total: z.number(), warnings: z.array(z.string()) })
  .openapi('Trace');
export type Trace = z.infer<typeof Trace>;

/** `newest`, `slowest` (response) or `longest-wait` first. */
export const TraceSort = z.enum(['newest', 'slowest', 'longest-wait']);
export type TraceSort = z.infer<typeof TraceSort>;

export const TracesQuery = RangeQuery.extend({
  q: z.string().optional().openapi({
    description:
      'words of service=NAME, name=TEXT, error=true, queue=true, minDuration=300ms, maxDuration=2s; or TraceQL, such as { span.http.route = "/orders" && duration > 300ms }; a page of TraceQL may be short though it has a cursor',
  }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  sort: TraceSort.default('newest'),
  cursor: z.string().optional(),
});

export const Traces = z
  .object({ traces: z.array(TraceSummary), cursor: z.string().optional() })
  .openapi('Traces');
export type Traces = z.infer<typeof Traces>;
