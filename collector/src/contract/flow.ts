import { z } from '@hono/zod-openapi';
import { Nanos, SpanId, TraceId, UnixNanos } from './common.ts';
import { Finding } from './finding.ts';
import { Span } from './trace.ts';

export const Protocol = z.enum(['http', 'grpc', 'messaging', 'database', 'internal']);
export type Protocol = z.infer<typeof Protocol>;
export const Mode = z.enum(['sync', 'async']);
export type Mode = z.infer<typeof Mode>;
export const Party = z.object({ kind: z.enum(['service', 'queue', 'remote']), name: z.string() });
export type Party = z.infer<typeof Party>;

export const FlowSpan = Span.extend({
  causedBy: SpanId.optional(),
  hopId: z.string().optional(),
  segmentId: z.string(),
}).openapi('FlowSpan');
export type FlowSpan = z.infer<typeof FlowSpan>;

export const Hop = z
  .object({
    id: z.string(),
    protocol: Protocol,
    mode: Mode,
    from: Party,
    to: Party,
    operation: z.string(),
    callerSpan: SpanId.optional(),
    calleeSpan: SpanId.optional(),
    start: UnixNanos,
    duration: Nanos,
    attempts: z.number(),
    error: z.boolean(),
  })
  .openapi('Hop');
export type Hop = z.infer<typeof Hop>;

export const Segment = z
  .object({
    id: z.string(),
    rootSpan: SpanId,
    service: z.string(),
    name: z.string(),
    start: UnixNanos,
    duration: Nanos,
    spanCount: z.number(),
    errorCount: z.number(),
    deliveryId: z.string().optional(),
  })
  .openapi('Segment');
export type Segment = z.infer<typeof Segment>;

export const Delivery = z
  .object({
    id: z.string(),
    system: z.string(),
    destination: z.string(),
    consumerGroup: z.string().optional(),
    messageId: z.string().optional(),
    producerSpan: SpanId.optional(),
    consumerSpan: SpanId,
    producerService: z.string().optional(),
    consumerService: z.string(),
    publishedAt: UnixNanos.optional(),
    storedAt: UnixNanos.optional(),
    deliveredAt: UnixNanos.optional(),
    processingStart: UnixNanos,
    processingEnd: UnixNanos,
    settlement: z.enum(['ack', 'nak', 'term', 'none']).optional(),
    attempt: z.number(),
    timeInQueue: Nanos.optional(),
    brokerWait: Nanos.optional(),
    clientWait: Nanos.optional(),
    uncertainty: Nanos,
    clock: z.enum(['broker', 'producer', 'corrected']),
    pending: z.number().optional(),
    error: z.boolean(),
    duplicateOf: z.string().optional(),
  })
  .openapi('Delivery');
export type Delivery = z.infer<typeof Delivery>;

export const PathStep = z
  .object({
    spanId: SpanId.optional(),
    service: z.string(),
    label: z.string(),
    kind: z.enum(['self', 'call', 'queue', 'network']),
    start: UnixNanos,
    duration: Nanos,
  })
  .openapi('PathStep');
export type PathStep = z.infer<typeof PathStep>;

export const Flow = z
  .object({
    entry: z.object({ traceId: TraceId, spanId: SpanId, service: z.string(), name: z.string() }),
    start: UnixNanos,
    responseDuration: Nanos,
    completionDuration: Nanos,
    traceIds: z.array(TraceId),
    spans: z.array(FlowSpan),
    hops: z.array(Hop),
    segments: z.array(Segment),
    deliveries: z.array(Delivery),
    responsePath: z.array(PathStep),
    completionPath: z.array(PathStep),
    syncDepth: z.number(),
    sentence: z.string(),
    findings: z.array(Finding),
    grade: z.enum(['complete', 'orphaned', 'dangling', 'unprocessed']),
    warnings: z.array(z.string()),
  })
  .openapi('Flow');
export type Flow = z.infer<typeof Flow>;
