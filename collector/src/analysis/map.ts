import type { Mode, Party, Protocol } from '../flow/types.ts';
import { gather, partsOf, secondsOf } from './rollup.ts';
import { quantiles } from './sketch.ts';
import type { RollupEntry, Stat } from './stat.ts';
import { countOf, emptyStat, mergeStat } from './stat.ts';
import type { MapEdge, MapNode, TimeRange } from './types.ts';

export type EdgeKey = readonly [
  fromKind: Party['kind'],
  from: string,
  toKind: Party['kind'],
  to: string,
  protocol: Protocol,
  mode: Mode,
  system: string,
];

/** Services, queues and remotes, and the hops between them. */
export const mapOf = (
  entries: Iterable<RollupEntry>,
  range: TimeRange,
): { nodes: MapNode[]; edges: MapEdge[] } => {
  const all = [...entries];
  const seconds = secondsOf(range);
  const nodes = new Map<string, { kind: Party['kind']; name: string; system: string; stat: Stat }>();
  const node = (kind: Party['kind'], name: string, system: string) => {
    const id = nodeId(kind, name, system);
    const known = nodes.get(id) ?? {
      kind,
      name,
      system: kind === 'service' ? '' : system,
      stat: emptyStat(),
    };
    nodes.set(id, known);
    return { id, stat: known.stat };
  };
  for (const { key, total } of gather(all, range, 'operation')) {
    const [service] = partsOf<[string, string]>(key);
    mergeStat(node('service', service, '').stat, total, 1);
  }
  const edges = gather(all, range, 'edge').map(({ key, total }): MapEdge => {
    const [fromKind, from, toKind, to, protocol, mode, system] = partsOf<EdgeKey>(key);
    const source = node(fromKind, from, system);
    const target = node(toKind, to, system);
    if (toKind !== 'service') {
      const { counts, ...rest } = total;
      mergeStat(
        target.stat,
        { ...rest, counts: new Map([...counts, ['requests', countOf(total, 'calls')]]) },
        1,
      );
    }
    const calls = countOf(total, 'calls');
    const [p50, p99] = percentiles(total);
    return {
      from: source.id,
      to: target.id,
      protocol,
      mode,
      count: calls,
      callsPerSecond: calls / seconds,
      errorRate: share(countOf(total, 'errors'), calls),
      p50,
      p99,
    };
  });
  return {
    nodes: [...nodes].map(([id, { kind, name, system, stat }]) =>
      toNode(id, kind, name, system, stat, seconds),
    ),
    edges,
  };
};

const nodeId = (kind: Party['kind'], name: string, system: string): string =>
  kind === 'queue' ? `queue:${system}/${name}` : `${kind}:${name}`;

const toNode = (
  id: string,
  kind: Party['kind'],
  name: string,
  system: string,
  stat: Stat,
  seconds: number,
): MapNode => {
  const requests = countOf(stat, 'requests');
  const [p50, p99] = percentiles(stat);
  return {
    id,
    kind,
    name,
    ...(system === '' ? {} : { system }),
    requestsPerSecond: requests / seconds,
    errorRate: share(countOf(stat, 'errors'), requests),
    p50,
    p99,
  };
};

const percentiles = (stat: Stat): [number, number] => {
  const sketch = stat.sketches.get('duration');
  const [p50 = 0, p99 = 0] = (sketch && quantiles(sketch, [0.5, 0.99])) ?? [];
  return [p50, p99];
};

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
