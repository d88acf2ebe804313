import type { TimeRange } from '../analysis/index.ts';
import { addNanos, fromMillis, NANOS_PER_SECOND, parseUnixNanos } from '../model/index.ts';
import { RequestError } from './errors.ts';

const DEFAULT_SPAN_NANOS = 15 * 60 * NANOS_PER_SECOND;

/** [start, end) from a query; default: the 15 minutes up to `end`, and up to now where `end` is missing too. */
export const timeRange = (
  query: { start?: string | undefined; end?: string | undefined },
  nowMs: number,
): TimeRange => {
  const end = (query.end ? parseUnixNanos(query.end) : undefined) ?? fromMillis(nowMs);
  const start = (query.start ? parseUnixNanos(query.start) : undefined) ?? addNanos(end, -DEFAULT_SPAN_NANOS);
  if (start > end) throw new RequestError('invalid_range', `start ${start} lies after end ${end}`);
  return { start, end };
};
