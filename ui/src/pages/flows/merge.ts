import type { TraceSummary } from '../../../../collector/src/contract/index.ts';

/** What a list that is left open for days may hold. */
const MOST_LIVE_ROWS = 5_000;

/** New and changed flows of the live tail, newest first: a flow that is known changes in its place. */
export const merge = (known: readonly TraceSummary[], fresh: readonly TraceSummary[]): TraceSummary[] => {
  const changed = new Map(fresh.map((row) => [row.traceId, row]));
  const kept = known.map((row) => {
    const newer = changed.get(row.traceId);
    changed.delete(row.traceId);
    return newer ?? row;
  });
  const added = [...changed.values()].sort((a, b) => (BigInt(a.start) < BigInt(b.start) ? 1 : -1));
  return [...added, ...kept].slice(0, MOST_LIVE_ROWS);
};
