import { z } from '@hono/zod-openapi';
import { Alert } from './alert.ts';
import { Finding } from './finding.ts';
import { TraceSummary } from './trace.ts';

/** Payloads of the Server-Sent Events of `/api/v1/live`, by event name. */
export const LiveEvents = {
  /** New or changed traces, newest first; at most one event a second. */
  traces: z.object({ traces: z.array(TraceSummary) }),
  /** Findings that are new or came again. */
  findings: z.object({ findings: z.array(Finding) }),
  /** Alerts whose state changed. */
  alerts: z.object({ alerts: z.array(Alert) }),
  /** Every second: what the top bar shows. */
  pulse: z.object({ spansPerSecond: z.number(), spans: z.number(), firing: z.number() }),
} as const;

export type LiveEvent = { [K in keyof typeof LiveEvents]: z.infer<(typeof LiveEvents)[K]> };
