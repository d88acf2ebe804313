import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { nanosToMillis } from '../../lib/clock.ts';

/** Senders export every few seconds: until then a flow is not yet whole, and that says nothing. */
const FRESH_MS = 15_000;

/** Whether the flow should be whole by `now` (Unix ms) and is not. */
export const isStillOpen = (
  row: Pick<TraceSummary, 'complete' | 'start' | 'duration'>,
  now: number,
): boolean => !row.complete && now - (nanosToMillis(row.start) + row.duration / 1e6) > FRESH_MS;
