import type { Span, SpanId, TraceId } from '../model/index.ts';
import { addNanos, operationOf } from '../model/index.ts';

import { findDeliveries } from './deliveries.ts';
import { syncDepthOf } from './depth.ts';
import { defaultEntry, treeFrom } from './forest.ts';
import type { Graph } from './graph.ts';
import { readGraph } from './graph.ts';
import { findHops } from './hops.ts';
import type { Layout } from './layout.ts';
import { layOut } from './layout.ts';
import { completion, lastToEnd, toPathSteps, waitedFor } from './paths.ts';
import { findSegments, segmentIdOf } from './segments.ts';
import { sentenceOf } from './sentence.ts';
import type { Flow, FlowSpan } from './types.ts';
import { flowWarnings, gradeOf, spanWarnings } from './warnings.ts';

/**
 * Everything that one entry caused, from spans of one or several traces in any order.
 * Without `entry` it starts at the topmost cause of the first span's trace.
 * Undefined where there are no spans, or none has the entry's id.
 */
export const buildFlow = (spans: readonly Span[], options: { entry?: SpanId } = {}): Flow | undefined => {
  const graph = readGraph(spans);
  const entry = options.entry === undefined ? defaultEntry(graph) : indexOf(graph, options.entry);
  if (entry === undefined) return undefined;
  const layout = layOut(graph, treeFrom(graph, entry));
  const hops = findHops(layout);
  const deliveries = findDeliveries(layout);
  const handed = deliveries.map(({ delivery }) => delivery);
  const segments = findSegments(layout, deliveries);
  const response = toPathSteps(layout, hops, waitedFor(layout, entry));
  const completed = toPathSteps(layout, hops, completion(layout, entry));
  const span = graph.spans[entry]!;
  const { service, failed } = graph.facts[entry]!;
  const responseDuration = Math.max(0, layout.end[entry]! - layout.start[entry]!);
  const completionDuration = lastToEnd(layout).end;
  return {
    entry: { traceId: span.traceId, spanId: span.spanId, service, name: operationOf(span) },
    start: addNanos(span.start, 0),
    responseDuration,
    completionDuration,
    traceIds: tracesOf(layout),
    spans: flowSpans(layout, (i) => hops.all[hops.ofSpan[i]!]?.hop.id),
    hops: hops.all.map(({ hop }) => hop),
    segments,
    deliveries: handed,
    responsePath: response,
    completionPath: completed,
    syncDepth: syncDepthOf(layout, hops),
    sentence: sentenceOf({
      service,
      answers: span.kind === 'server',
      failed,
      responseDuration,
      completionDuration,
      responsePath: response,
      completionPath: completed,
      deliveries: handed,
    }),
    grade: gradeOf(layout, deliveries),
    warnings: flowWarnings(layout),
  };
};

const indexOf = (graph: Graph, id: SpanId): number | undefined => {
  const found = graph.spans.findIndex((span) => span.spanId === id);
  return found < 0 ? undefined : found;
};

/** In order of first appearance: the entry's trace first. */
const tracesOf = ({ graph, forest }: Layout): TraceId[] => [
  ...new Set(forest.order.map((i) => graph.spans[i]!.traceId)),
];

const flowSpans = (layout: Layout, hopIdOf: (i: number) => string | undefined): FlowSpan[] => {
  const { graph, forest } = layout;
  return forest.order.map((i) => {
    const by = forest.cause[i]!;
    const hopId = hopIdOf(i);
    return {
      span: graph.spans[i]!,
      segmentId: segmentIdOf(layout, i),
      warnings: spanWarnings(layout, i),
      ...(by < 0 ? {} : { causedBy: graph.spans[by]!.spanId }),
      ...(hopId === undefined ? {} : { hopId }),
    };
  });
};
