import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { api, type Bounds } from '../../state/api.ts';
import { slicesOf } from './slices.ts';

/** The API gives the newest of a slice: many thin slices keep the picture from clumping. */
const SLICES = 72;
const PER_SLICE = 14;

/**
 * Some flows from every part of the range. The newest page alone would leave most of a busy range empty; asking
 * for all of it would be megabytes.
 */
export const sampleOf = async (q: string, bounds: Bounds, signal: AbortSignal): Promise<TraceSummary[]> => {
  const answers = await Promise.all(
    slicesOf(bounds, SLICES).map((slice) =>
      api.traces({ q, sort: 'newest', limit: PER_SLICE, ...slice }, signal),
    ),
  );
  return answers.flatMap((answer) => answer.traces);
};
