import { z } from '@hono/zod-openapi';

export const TraceId = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/, 'a trace id is 32 hexadecimal digits')
  .openapi({ example: '4bf92f3577b34da6a3ce929d0e0e4736' });
export const SpanId = z.string().openapi({ example: '00f067aa0ba902b7' });
export const UnixNanos = z
  .string()
  .regex(/^\d{1,20}$/, 'a time is Unix nanoseconds as a decimal string')
  .openapi({ description: 'Unix nanoseconds as a decimal string', example: '1790000000000000000' });
export const Nanos = z.number().openapi({ description: 'duration in nanoseconds' });
export const Ratio = z.number().openapi({ description: 'share from 0 to 1' });

export const ApiError = z
  .object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }) })
  .openapi('Error');
export type ApiError = z.infer<typeof ApiError>;

/** Default: the last 15 minutes. */
export const RangeQuery = z.object({
  start: UnixNanos.optional(),
  end: UnixNanos.optional(),
});
