import { z } from '@hono/zod-openapi';
import { UnixNanos } from './common.ts';

export const IngestCounters = z.object({
  requests: z.number(),
  accepted: z.number().openapi({ description: 'spans on disk' }),
  rejected: z.number().openapi({ description: 'spans refused in requests that were otherwise taken' }),
  failedRequests: z.number(),
  bytes: z.number(),
});

export const Status = z
  .object({
    version: z.string(),
    uptimeSeconds: z.number(),
    now: UnixNanos,
    listeners: z.object({ otlpHttp: z.string(), otlpGrpc: z.string(), ui: z.string() }),
    storage: z.object({
      path: z.string(),
      bytes: z.number(),
      spans: z.number(),
      traces: z.number(),
      blocks: z.number(),
      oldest: UnixNanos.nullable(),
      newest: UnixNanos.nullable(),
    }),
    ingest: z.object({ http: IngestCounters, grpc: IngestCounters, spansPerSecond: z.number() }),
    head: z.object({ traces: z.number(), open: z.number(), spans: z.number(), bytes: z.number() }).openapi({
      description: 'what is in memory and in the log, not in a block yet; open: traces not analysed yet',
    }),
    brokers: z
      .array(
        z.object({
          url: z.string().openapi({ description: 'without credentials' }),
          connected: z.boolean(),
          message: z.string().optional().openapi({ description: 'what is wrong or missing, and what to do' }),
        }),
      )
      .optional()
      .openapi({ description: 'those that are asked for facts (--nats)' }),
    senders: z.array(
      z.object({ service: z.string(), spans: z.number(), lastSeen: UnixNanos, sdk: z.string().optional() }),
    ),
  })
  .openapi('Status');
export type Status = z.infer<typeof Status>;
