import { z } from '@hono/zod-openapi';
import { Nanos, RangeQuery, Ratio, TraceId, UnixNanos } from './common.ts';
import { Mode, Protocol } from './flow.ts';

export const MapNode = z
  .object({
    id: z.string(),
    kind: z.enum(['service', 'queue', 'remote']),
    name: z.string(),
    system: z.string().optional(),
    requestsPerSecond: z.number(),
    errorRate: Ratio,
    p50: Nanos,
    p99: Nanos,
  })
  .openapi('MapNode');
export type MapNode = z.infer<typeof MapNode>;

export const MapEdge = z
  .object({
    from: z.string(),
    to: z.string(),
    protocol: Protocol,
    mode: Mode,
    count: z.number(),
    callsPerSecond: z.number(),
    errorRate: Ratio,
    p50: Nanos,
    p99: Nanos,
  })
  .openapi('MapEdge');
export type MapEdge = z.infer<typeof MapEdge>;

export const ServiceMap = z.object({ nodes: z.array(MapNode), edges: z.array(MapEdge) }).openapi('Map');
export type ServiceMap = z.infer<typeof ServiceMap>;

export const ChainHop = z
  .object({
    service: z.string(),
    operation: z.string(),
    protocol: Protocol.optional(),
    calls: z.number(),
    errors: z.number(),
    p50: Nanos,
    p99: Nanos,
    ownP99: Nanos,
    blockedShare: Ratio,
    coupling: Ratio.optional(),
    attempts: z.number(),
  })
  .openapi('ChainHop');
export type ChainHop = z.infer<typeof ChainHop>;

export const Chain = z
  .object({
    signature: z.string(),
    entry: z.object({ service: z.string(), operation: z.string() }),
    hops: z.array(ChainHop),
    depth: z.number(),
    count: z.number(),
    requestsPerSecond: z.number(),
    p50: Nanos,
    p99: Nanos,
    availability: Ratio,
    availabilityProduct: Ratio,
    p99Sum: Nanos,
    blockedShare: Ratio,
    retryAmplification: z.number(),
    worstCaseAttempts: z.number(),
    blastRadius: Ratio,
    score: z.number(),
    weakestHop: z.number().openapi({ description: 'index into hops' }),
    exemplars: z.array(TraceId),
  })
  .openapi('Chain');
export type Chain = z.infer<typeof Chain>;

export const Chains = z.object({ chains: z.array(Chain) }).openapi('Chains');
export type Chains = z.infer<typeof Chains>;

export const Queue = z
  .object({
    system: z.string(),
    destination: z.string(),
    consumerGroup: z.string(),
    status: z.enum(['ok', 'warning', 'stalled', 'stopped', 'rewound', 'unknown']),
    backlog: z.number().nullable(),
    lagSeconds: z.number().nullable(),
    timeInQueue: z.object({ p50: Nanos, p95: Nanos, p99: Nanos, max: Nanos }),
    publishedPerSecond: z.number(),
    processedPerSecond: z.number(),
    redeliveryRate: Ratio,
    duplicateRate: Ratio,
    deadLetters: z.number(),
    drainSeconds: z.number().optional(),
    exemplars: z.array(TraceId),
    broker: z
      .object({
        asOf: UnixNanos,
        stream: z.string(),
        pending: z.number().openapi({ description: 'not handed over yet' }),
        ackPending: z.number().openapi({ description: 'handed over, not settled yet' }),
        redelivered: z.number().openapi({ description: 'of those, handed over more than once' }),
        paused: z.boolean().optional(),
      })
      .optional()
      .openapi({
        description:
          "what the broker says of the consumer, where it is asked and the range ends now; the consumer's figures, not the queue's: do not sum them",
      }),
  })
  .openapi('Queue');
export type Queue = z.infer<typeof Queue>;

export const Queues = z.object({ queues: z.array(Queue) }).openapi('Queues');
export type Queues = z.infer<typeof Queues>;

export const SeriesQuery = RangeQuery.extend({
  metric: z.string(),
  by: z
    .string()
    .optional()
    .openapi({ description: 'comma-separated labels, e.g. destination,consumerGroup' }),
  filter: z.string().optional().openapi({ description: 'label:value pairs, comma-separated' }),
  step: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .optional()
    .openapi({ description: 'seconds, a multiple of 10' }),
});

export const Series = z
  .object({
    times: z.array(z.number()).openapi({ description: 'Unix seconds' }),
    series: z.array(
      z.object({ labels: z.record(z.string(), z.string()), values: z.array(z.number().nullable()) }),
    ),
  })
  .openapi('Series');
export type Series = z.infer<typeof Series>;
