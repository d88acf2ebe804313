import { z } from '@hono/zod-openapi';
import { RangeQuery, TraceId, UnixNanos } from './common.ts';

export const Severity = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof Severity>;

export const Where = z.object({
  service: z.string().optional(),
  operation: z.string().optional(),
  chain: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  system: z.string().optional(),
  destination: z.string().optional(),
  consumerGroup: z.string().optional(),
});
export type Where = z.infer<typeof Where>;

export const Finding = z
  .object({
    id: z.string(),
    type: z.string(),
    severity: Severity,
    title: z.string(),
    sentence: z.string(),
    where: Where,
    evidence: z.object({ flows: z.array(TraceId), figures: z.record(z.string(), z.number()) }),
    recommendation: z.string(),
    firstSeen: UnixNanos,
    lastSeen: UnixNanos,
    count: z.number(),
  })
  .openapi('Finding');
export type Finding = z.infer<typeof Finding>;

export const FindingsQuery = RangeQuery.extend({ type: z.string().optional() });
export const Findings = z.object({ findings: z.array(Finding) }).openapi('Findings');
export type Findings = z.infer<typeof Findings>;
