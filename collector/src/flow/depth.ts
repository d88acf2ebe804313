import { NONE } from './graph.ts';
import type { Hops } from './hops.ts';
import type { Layout } from './layout.ts';

/**
 * Blocking hops on the longest synchronous path. A call to a party without spans, such as a database,
 * counts: its caller waits for it all the same. A service's call to itself does not change the service.
 */
export const syncDepthOf = (layout: Layout, hops: Hops): number => {
  const { graph, forest, sync } = layout;
  const depth = new Int32Array(graph.spans.length);
  let deepest = 0;
  for (const i of forest.order) {
    const by = forest.cause[i]!;
    let own = by === NONE || sync[i] === 0 ? 0 : depth[by]!;
    const changed = sync[i] === 1 && graph.facts[i]!.service !== graph.facts[by]!.service;
    if (changed) own += 1;
    depth[i] = own;
    deepest = Math.max(deepest, own);
  }
  for (const { hop, callers } of hops.all) {
    if (hop.mode === 'sync' && hop.to.kind === 'remote') deepest = Math.max(deepest, depth[callers[0]!]! + 1);
  }
  return deepest;
};
