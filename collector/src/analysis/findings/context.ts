import { LIMITS } from '../limits.ts';
import type { EdgeKey } from '../map.ts';
import type { Gathered } from '../rollup.ts';
import { gather, keyOf, partsOf } from '../rollup.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Finding, TimeRange } from '../types.ts';
import { finding, percent } from './finding.ts';

/** Edges on which the trace context gets lost, so that flows break in two. */
export const contextFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const edges = gather(entries, range, 'edge').map((edge) => ({ edge, key: partsOf<EdgeKey>(edge.key) }));
  const services = servicesByAddress(entries, range);
  const found: Finding[] = [];
  for (const { edge, key } of edges) {
    const [, from, toKind, to, protocol, mode] = key;
    const service = services.get(to);
    if (toKind !== 'remote' || mode === 'async' || protocol === 'database' || service === undefined) continue;
    const kept = edges
      .filter(
        ({ key: other }) =>
          other[1] === from && other[2] === 'service' && other[3] === service && other[4] === protocol,
      )
      .reduce((sum, other) => sum + countOf(other.edge.total, 'calls'), 0);
    // A call that failed may never have arrived.
    const lost = countOf(edge.total, 'calls') - countOf(edge.total, 'errors');
    if (isWorthSaying(lost, lost + kept))
      found.push(lostCall(from, service, protocol, lost, lost + kept, edge));
  }
  const deliveries = new Map(
    gather(entries, range, 'group').map(({ key, total }) => [key, countOf(total, 'delivered')]),
  );
  for (const seen of gather(entries, range, 'finding')) {
    const [type, ...group] = partsOf<[string, string, string, string]>(seen.key);
    if (type !== 'lost-context') continue;
    const lost = countOf(seen.total, 'count');
    const all = Math.max(lost, deliveries.get(keyOf(group)) ?? 0);
    if (isWorthSaying(lost, all)) found.push(lostMessage(group, lost, all, seen));
  }
  return found;
};

const isWorthSaying = (lost: number, all: number): boolean =>
  lost >= LIMITS.lostCalls && lost / all >= LIMITS.lostShare;

/** The service that most often answered at each address. */
const servicesByAddress = (entries: readonly RollupEntry[], range: TimeRange): Map<string, string> =>
  new Map(
    gather(entries, range, 'address').flatMap(({ key, total }): [string, string][] => {
      const [most] = [...total.counts].sort((a, b) => b[1] - a[1]);
      return most === undefined ? [] : [[partsOf<[string]>(key)[0], most[0]]];
    }),
  );

const lostCall = (
  from: string,
  to: string,
  protocol: string,
  lost: number,
  all: number,
  seen: Gathered,
): Finding =>
  finding(
    {
      type: 'lost-context',
      severity: 'warning',
      title: `The trace breaks between ${from} and ${to}`,
      sentence: `${percent(lost / all)} of the calls from ${from} to ${to} (${protocol}, ${lost} of ${all}) lose their trace context: what ${to} does then is a flow of its own.`,
      where: { from, to, service: to },
      figures: { lost, calls: all, share: lost / all },
      recommendation: `See that ${to} is instrumented and reads \`traceparent\`, and that no proxy between them drops it.`,
      count: lost,
    },
    seen,
  );

const lostMessage = (
  [system, destination, consumerGroup]: [string, string, string],
  lost: number,
  all: number,
  seen: Gathered,
): Finding =>
  finding(
    {
      type: 'lost-context',
      severity: 'warning',
      title: `Messages of ${destination} carry no trace context`,
      sentence: `${percent(lost / all)} of the deliveries of ${destination} to ${consumerGroup} (${lost} of ${all}) carry no trace context: nobody can tell who caused them.`,
      where: { system, destination, consumerGroup },
      figures: { lost, deliveries: all, share: lost / all },
      recommendation:
        'See that the producer is instrumented and that nothing on the way drops the message headers.',
      count: lost,
    },
    seen,
  );
