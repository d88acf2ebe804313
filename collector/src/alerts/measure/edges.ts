import type { Chain, MapEdge } from '../../analysis/index.ts';
import { type Baseline, edgeKey, type KnownEdge, newEdges, syncEdges } from '../baseline.ts';
import { formatDuration } from '../duration.ts';
import { applies, type RuleOf } from '../rules/index.ts';
import { MAX_EXEMPLARS, type Moment, type Sample } from './sample.ts';

/** Traces of chains that cross the edge; the map itself keeps none. */
const tracesOver = (edge: KnownEdge, chains: readonly Chain[] | undefined): Sample['exemplars'] => {
  const crossing = (chains ?? []).filter(({ hops }) =>
    hops.some(
      (hop, index) =>
        hop.service === edge.to && hop.protocol === edge.protocol && hops[index - 1]?.service === edge.from,
    ),
  );
  return [...new Set(crossing.flatMap(({ exemplars }) => exemplars))].slice(0, MAX_EXEMPLARS);
};

const figures = (seen: MapEdge | undefined, window: number): string =>
  seen === undefined
    ? `not seen in the last ${formatDuration(window)}`
    : `${seen.count} calls in the last ${formatDuration(window)}, p99 ${formatDuration(seen.p99)}`;

/** Synchronous edges that are not in the baseline; they stay until the rule forgets them. */
export const edgesOutsideBaseline = (
  rule: RuleOf<'new-sync-edge'>,
  { now, observations: { edges, chains, window } }: Moment,
  baseline: Baseline,
): readonly Sample[] | undefined => {
  if (edges === undefined) return undefined;
  const current = syncEdges(edges);
  return newEdges(baseline, rule.learn, rule.forget, now)
    .filter(({ from, to, protocol }) => applies(rule, { from, to, protocol }))
    .map((edge) => {
      const { from, to, protocol, firstSeen } = edge;
      const seen = current.get(edgeKey(from, to, protocol));
      const age = formatDuration(Math.max(0, Number(now - firstSeen)));
      return {
        place: [from, to, protocol],
        where: { from, to },
        severity: rule.severity,
        value: seen?.count ?? 0,
        bound: null,
        unit: 'calls',
        sentence:
          `${from} now waits on ${to} over ${protocol}, which it did not do before: ` +
          `first seen ${age} ago, ${figures(seen, window)}.`,
        exemplars: tracesOver(edge, chains),
      };
    });
};
