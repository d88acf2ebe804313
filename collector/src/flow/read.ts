import type { Span } from '../model/index.ts';
import type { LaidDelivery } from './deliveries.ts';
import { findDeliveries } from './deliveries.ts';
import { wholeForest } from './forest.ts';
import { readGraph } from './graph.ts';
import type { Hops } from './hops.ts';
import { findHops } from './hops.ts';
import type { Layout } from './layout.ts';
import { layOut } from './layout.ts';

/** All given spans as trees of causes, with their hops and deliveries: what analyses count. */
export interface Reading {
  readonly layout: Layout;
  readonly hops: Hops;
  readonly deliveries: readonly LaidDelivery[];
}

/** Reads every given span, whichever flow it belongs to; undefined where there are none. */
export const readSpans = (spans: readonly Span[]): Reading | undefined => {
  if (spans.length === 0) return undefined;
  const graph = readGraph(spans);
  const layout = layOut(graph, wholeForest(graph));
  return { layout, hops: findHops(layout), deliveries: findDeliveries(layout) };
};
