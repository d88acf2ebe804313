import { isIP } from 'node:net';
import type { MapEdge } from '../analysis/index.ts';
import { addNanos, type UnixNanos } from '../model/index.ts';

/** One synchronous edge between two named parties, and when it was first seen. */
export interface KnownEdge {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly firstSeen: UnixNanos;
}

/** Every synchronous edge ever seen, by `edgeKey`. It starts with the first edge, not with the process. */
export interface Baseline {
  readonly startedAt: UnixNanos | undefined;
  readonly edges: ReadonlyMap<string, KnownEdge>;
}

export const EMPTY_BASELINE: Baseline = { startedAt: undefined, edges: new Map() };

/** About 1 MB as JSON. A system of a thousand services has some thousands of edges. */
export const MAX_BASELINE_EDGES = 10_000;

/** `service:orders` is `orders`; the kind of a party does not matter to a baseline. */
const partyName = (node: string): string => node.slice(node.indexOf(':') + 1);

/** Pods come and go under new addresses: a bare address tells no one what is called. */
const isAddress = (name: string): boolean =>
  isIP(name) !== 0 || isIP(name.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) !== 0;

/** The edge's two names, or undefined where it is not a synchronous edge between two named parties. */
const syncEnds = (edge: MapEdge): { readonly from: string; readonly to: string } | undefined => {
  const from = partyName(edge.from);
  const to = partyName(edge.to);
  return edge.mode === 'sync' && from !== to && !isAddress(to) ? { from, to } : undefined;
};

export const edgeKey = (from: string, to: string, protocol: string): string =>
  JSON.stringify([from, to, protocol]);

/** The synchronous edges of a map by key. */
export const syncEdges = (edges: readonly MapEdge[]): ReadonlyMap<string, MapEdge> => {
  const found = new Map<string, MapEdge>();
  for (const edge of edges) {
    const ends = syncEnds(edge);
    if (ends !== undefined) found.set(edgeKey(ends.from, ends.to, edge.protocol), edge);
  }
  return found;
};

/** The baseline with the edges of a map; the very same object where none is new. */
export const learn = (baseline: Baseline, edges: readonly MapEdge[], now: UnixNanos): Baseline => {
  const known = new Map(baseline.edges);
  for (const [key, edge] of syncEdges(edges)) {
    if (known.has(key) || known.size >= MAX_BASELINE_EDGES) continue;
    const { protocol } = edge;
    known.set(key, { from: partyName(edge.from), to: partyName(edge.to), protocol, firstSeen: now });
  }
  if (known.size === baseline.edges.size) return baseline;
  return { startedAt: baseline.startedAt ?? now, edges: known };
};

/** The edges that came after `learning` ns of learning and are younger than `forget` ns. */
export const newEdges = (
  { startedAt, edges }: Baseline,
  learning: number,
  forget: number,
  now: UnixNanos,
): readonly KnownEdge[] => {
  if (startedAt === undefined) return [];
  const learntAt = addNanos(startedAt, learning);
  return [...edges.values()].filter(
    ({ firstSeen }) => firstSeen > learntAt && now < addNanos(firstSeen, forget),
  );
};
