import { z } from '@hono/zod-openapi';
import { TraceId, UnixNanos } from './common.ts';
import { Severity, Where } from './finding.ts';

export const AlertState = z.enum(['inactive', 'pending', 'firing', 'resolved']);
export type AlertState = z.infer<typeof AlertState>;

export const Alert = z
  .object({
    id: z.string().openapi({ description: 'rule name and place: stable while the alert lives' }),
    rule: z.string(),
    severity: Severity,
    state: AlertState,
    silenced: z.boolean(),
    sentence: z.string(),
    where: Where,
    value: z.number(),
    bound: z.number().nullable(),
    unit: z.string(),
    since: UnixNanos,
    resolvedAt: UnixNanos.optional(),
    exemplars: z.array(TraceId),
    notified: z.object({ ok: z.boolean(), at: UnixNanos, message: z.string().optional() }).optional(),
  })
  .openapi('Alert');
export type Alert = z.infer<typeof Alert>;

export const Alerts = z
  .object({ alerts: z.array(Alert), evaluatedAt: UnixNanos.nullable() })
  .openapi('Alerts');
export type Alerts = z.infer<typeof Alerts>;

export const Rule = z
  .object({
    name: z.string(),
    kind: z.string(),
    severity: Severity,
    description: z.string(),
    state: AlertState,
    lastError: z.string().optional(),
  })
  .openapi('Rule');
export type Rule = z.infer<typeof Rule>;

export const Rules = z.object({ file: z.string().nullable(), rules: z.array(Rule) }).openapi('Rules');
export type Rules = z.infer<typeof Rules>;

export const NewSilence = z
  .object({
    rule: z.string(),
    alert: z.string().optional().openapi({ description: 'one alert id; default: all of the rule' }),
    minutes: z.number().positive().max(43_200),
    comment: z.string().max(500).optional(),
  })
  .openapi('NewSilence');
export type NewSilence = z.infer<typeof NewSilence>;

export const Silence = z
  .object({
    id: z.string(),
    rule: z.string(),
    alert: z.string().optional(),
    until: UnixNanos,
    comment: z.string().optional(),
  })
  .openapi('Silence');
export type Silence = z.infer<typeof Silence>;
