import { addNanos, operationOf } from '../model/index.ts';
import type { LaidDelivery } from './deliveries.ts';
import type { Layout } from './layout.ts';
import type { Segment } from './types.ts';

export const segmentIdOf = (layout: Layout, i: number): string =>
  `segment-${layout.graph.spans[layout.segmentRoot[i]!]!.spanId}`;

/** The synchronous parts, in the order of the forest. */
export const findSegments = (layout: Layout, deliveries: readonly LaidDelivery[]): Segment[] => {
  const { graph, forest, segmentRoot, start, end, base } = layout;
  const delivered = new Map<number, string>();
  for (const { consumer, delivery } of deliveries) {
    if (!delivered.has(consumer)) delivered.set(consumer, delivery.id);
  }
  const parts = new Map<number, { until: number; spanCount: number; errorCount: number }>();
  for (const i of forest.order) {
    const root = segmentRoot[i]!;
    let part = parts.get(root);
    if (part === undefined) {
      part = { until: end[root]!, spanCount: 0, errorCount: 0 };
      parts.set(root, part);
    }
    part.until = Math.max(part.until, end[i]!);
    part.spanCount += 1;
    if (graph.facts[i]!.failed) part.errorCount += 1;
  }
  return [...parts].map(([root, part]) => {
    const span = graph.spans[root]!;
    const deliveryId = delivered.get(root);
    return {
      id: segmentIdOf(layout, root),
      rootSpan: span.spanId,
      service: graph.facts[root]!.service,
      name: operationOf(span),
      start: addNanos(base, start[root]!),
      duration: Math.max(0, part.until - start[root]!),
      spanCount: part.spanCount,
      errorCount: part.errorCount,
      ...(deliveryId === undefined ? {} : { deliveryId }),
    };
  });
};
