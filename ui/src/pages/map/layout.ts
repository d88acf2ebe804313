import { Graph, layout } from '@dagrejs/dagre';
import type { MapEdge, MapNode, ServiceMap } from '../../../../collector/src/contract/index.ts';

export interface PlacedNode {
  readonly node: MapNode;
  /** Of the top left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly edge: MapEdge;
  readonly key: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly label: { readonly x: number; readonly y: number };
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const CHARACTER = 8.3;
const HEIGHT = 46;
/** Room for a rate, a duration and a share of errors. */
const FIGURES = 122;

/** One line for each pair and protocol. */
export const edgeKey = (edge: MapEdge): string => JSON.stringify([edge.from, edge.to, edge.protocol]);

/** What the layout depends on: who is there and who calls whom, never the figures. */
export const structureOf = ({ nodes, edges }: ServiceMap): string =>
  JSON.stringify([nodes.map((node) => node.id).sort(), edges.map(edgeKey).sort()]);

const byKey =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

/**
 * Places the map from left to right. The order of what comes in does not matter, so the same services always
 * stand in the same places.
 */
export const layoutMap = (map: ServiceMap): MapLayout => {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 44, ranksep: 46, edgesep: 16, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  const nodes = [...map.nodes].sort(byKey((node) => node.id));
  const known = new Set(nodes.map((node) => node.id));
  const edges = map.edges.filter((edge) => known.has(edge.from) && known.has(edge.to)).sort(byKey(edgeKey));
  for (const node of nodes) {
    const name = Math.min(26, node.name.length) * CHARACTER;
    graph.setNode(node.id, { width: Math.max(name, FIGURES) + 30, height: HEIGHT });
  }
  for (const edge of edges)
    graph.setEdge(edge.from, edge.to, { width: 60, height: 28, labelpos: 'c' }, edgeKey(edge));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: nodes.map((node) => {
      const at = graph.node(node.id) as { x: number; y: number; width: number; height: number };
      return { node, x: at.x - at.width / 2, y: at.y - at.height / 2, width: at.width, height: at.height };
    }),
    edges: edges.map((edge) => {
      const at = graph.edge({ v: edge.from, w: edge.to, name: edgeKey(edge) }) as {
        x?: number;
        y?: number;
        points: { x: number; y: number }[];
      };
      const middle = at.points[Math.floor(at.points.length / 2)] ?? { x: 0, y: 0 };
      return {
        edge,
        key: edgeKey(edge),
        points: at.points,
        label: { x: at.x ?? middle.x, y: at.y ?? middle.y },
      };
    }),
  };
};

/** A line through the points with rounded bends, as an SVG path. */
export const pathThrough = (points: readonly { readonly x: number; readonly y: number }[]): string => {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x},${first.y}`;
  for (let index = 0; index < rest.length; index++) {
    const here = rest[index]!;
    const next = rest[index + 1];
    if (!next) path += ` L${here.x},${here.y}`;
    else path += ` Q${here.x},${here.y} ${(here.x + next.x) / 2},${(here.y + next.y) / 2}`;
  }
  return path;
};
