import { describe, expect, it } from 'vitest';
import type { MapEdge, MapNode } from '../../../../collector/src/contract/index.ts';
import { layoutMap, pathThrough, structureOf } from './layout.ts';

const node = (id: string): MapNode => ({
  id,
  kind: 'service',
  name: id,
  requestsPerSecond: 1,
  errorRate: 0,
  p50: 1,
  p99: 1,
});
const edge = (from: string, to: string, callsPerSecond = 1): MapEdge => ({
  from,
  to,
  protocol: 'http',
  mode: 'sync',
  count: 1,
  callsPerSecond,
  errorRate: 0,
  p50: 1,
  p99: 1,
});

describe('the layout of the map', () => {
  const map = { nodes: [node('a'), node('b'), node('c')], edges: [edge('a', 'b'), edge('b', 'c')] };

  it('is the same whatever order things come in', () => {
    const turned = { nodes: [...map.nodes].reverse(), edges: [...map.edges].reverse() };
    expect(layoutMap(turned)).toEqual(layoutMap(map));
  });
  it('does not depend on the figures', () =>
    expect(structureOf({ ...map, edges: map.edges.map((each) => ({ ...each, callsPerSecond: 99 })) })).toBe(
      structureOf(map),
    ));
  it('goes from left to right', () => {
    const [a, b, c] = layoutMap(map).nodes;
    expect(a!.x < b!.x && b!.x < c!.x).toBe(true);
  });
  it('survives a cycle, a call to itself and an edge to nowhere', () => {
    const odd = {
      nodes: [node('a'), node('b')],
      edges: [edge('a', 'b'), edge('b', 'a'), edge('a', 'a'), edge('a', 'gone')],
    };
    expect(layoutMap(odd).edges).toHaveLength(3);
  });
  it('is empty for an empty map', () => expect(layoutMap({ nodes: [], edges: [] }).nodes).toEqual([]));
  it('draws a path through its points', () => {
    expect(pathThrough([])).toBe('');
    expect(
      pathThrough([
        { x: 0, y: 0 },
        { x: 9, y: 0 },
      ]),
    ).toBe('M0,0 L9,0');
  });
});
