import { LIMITS } from '../limits.ts';
import type { EdgeKey } from '../map.ts';
import type { Gathered } from '../rollup.ts';
import { gather, partsOf } from '../rollup.ts';
import type { RollupEntry } from '../stat.ts';
import type { Finding, TimeRange } from '../types.ts';
import { finding, percent } from './finding.ts';

const PREFIX = 'instance.';

/**
 * gRPC calls that go to few of a service's instances: connections live long, and a balancer that works by
 * connection never moves them. All instances that anybody called in the range count as there.
 */
export const balanceFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const edges = gather(entries, range, 'edge')
    .map((edge) => ({ edge, key: partsOf<EdgeKey>(edge.key) }))
    .filter(({ key }) => key[4] === 'grpc' && key[2] === 'service');
  const instances = new Map<string, Set<string>>();
  for (const { edge, key } of edges) {
    const known = instances.get(key[3]) ?? new Set<string>();
    instances.set(key[3], known);
    for (const name of Object.keys(callsByInstance(edge))) known.add(name);
  }
  return edges.flatMap(({ edge, key }) => uneven(key, edge, instances.get(key[3])!.size) ?? []);
};

const callsByInstance = ({ total }: Gathered): Record<string, number> =>
  Object.fromEntries(
    [...total.counts].flatMap(([name, calls]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), calls]] : [],
    ),
  );

const uneven = ([, from, , to]: EdgeKey, edge: Gathered, instances: number): Finding | undefined => {
  const calls = Object.entries(callsByInstance(edge)).sort((a, b) => b[1] - a[1]);
  const all = calls.reduce((sum, [, count]) => sum + count, 0);
  const busiest = calls[0];
  if (busiest === undefined || instances < 2 || all < LIMITS.balanceCalls) return undefined;
  // Of two instances the busiest can have at most twice the mean: then nearly all counts as uneven.
  const bound = Math.min(LIMITS.imbalance, instances * LIMITS.nearlyAll);
  const ratio = busiest[1] / (all / instances);
  if (ratio < bound) return undefined;
  return finding(
    {
      type: 'uneven-grpc',
      severity: 'warning',
      title: `One instance of ${to} does the work of ${instances}`,
      sentence: `${percent(busiest[1] / all)} of ${all} gRPC calls from ${from} went to ${busiest[0]}, one of ${instances} instances of ${to}.`,
      where: { from, to, service: to },
      figures: { calls: all, busiest: busiest[1], instances, ratio },
      recommendation:
        'Balance by call, not by connection: `round_robin` in the client, or a proxy that understands HTTP/2.',
      count: busiest[1],
    },
    edge,
  );
};
