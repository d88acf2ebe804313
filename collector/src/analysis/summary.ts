import { compareSpans, MISSING, NONE, syncDepthOf } from '../flow/index.ts';
import type { Span, UnixNanos } from '../model/index.ts';
import { nanosBetween, operationOf } from '../model/index.ts';
import type { Counting } from './trace.ts';
import type { ShapePart, TraceSummary } from './types.ts';

/** Parts of the shape strip; more cannot be drawn in a row of the list anyway. */
const MAX_SHAPE = 64;

export const summarise = (counting: Counting): TraceSummary => {
  const { reading, isOwn, signs } = counting;
  const { layout, hops, deliveries } = reading;
  const { graph, forest } = layout;
  const own = forest.order.filter(isOwn);
  const entry = entryOf(counting, own);
  const span = graph.spans[entry]!;
  const [first, last] = extent(own.map((i) => graph.spans[i]!));
  const services = new Set<string>();
  let errorCount = 0;
  let orphans = 0;
  for (const i of own) {
    services.add(graph.facts[i]!.service);
    if (graph.facts[i]!.failed) errorCount += 1;
    if (graph.parent[i] === MISSING) orphans += 1;
  }
  let maxTimeInQueue: number | null = null;
  let queueHops = 0;
  for (const { consumer, delivery } of deliveries) {
    if (!isOwn(consumer)) continue;
    queueHops += 1;
    if (delivery.timeInQueue === undefined) continue;
    maxTimeInQueue = Math.max(maxTimeInQueue ?? Number.NEGATIVE_INFINITY, delivery.timeInQueue);
  }
  return {
    traceId: span.traceId,
    rootService: graph.facts[entry]!.service,
    rootName: operationOf(span),
    start: first,
    duration: nanosBetween(first, last),
    responseDuration: Math.max(0, nanosBetween(span.start, span.end)),
    spanCount: own.length,
    errorCount,
    services: [...services],
    syncDepth: syncDepthOf(layout, hops),
    queueHops,
    maxTimeInQueue,
    complete: orphans === 0,
    shape: shapeOf(counting),
    signs: [...signs].sort(),
  };
};

/** The span that the trace begins with: a true root before one whose parent is missing, then the earliest. */
const entryOf = ({ reading, isOwn }: Counting, own: readonly number[]): number => {
  const { graph, forest } = reading.layout;
  const tops = own.filter((i) => forest.cause[i] === NONE || !isOwn(forest.cause[i]!));
  const rank = (i: number) => (graph.parent[i] === MISSING ? 1 : 0);
  return tops.reduce((best, i) => {
    const byRank = rank(i) - rank(best);
    return (byRank || compareSpans(graph.spans[i]!, graph.spans[best]!)) < 0 ? i : best;
  });
};

const extent = (spans: readonly Span[]): [UnixNanos, UnixNanos] => {
  let first = spans[0]!.start;
  let last = spans[0]!.start;
  for (const { start, end } of spans) {
    if (start < first) first = start;
    if (end > last) last = end;
  }
  return [first, last];
};

/** Segments and the waits before them in order of time. */
const shapeOf = ({ reading, isOwn }: Counting): ShapePart[] => {
  const { layout, deliveries } = reading;
  const { graph, forest, segmentRoot, start, end } = layout;
  const segments = new Map<number, { until: number; error: boolean }>();
  for (const i of forest.order) {
    if (!isOwn(i)) continue;
    const root = segmentRoot[i]!;
    const known = segments.get(root) ?? { until: end[root]!, error: false };
    known.until = Math.max(known.until, end[i]!);
    known.error ||= graph.facts[i]!.failed;
    segments.set(root, known);
  }
  const waits = new Map<number, number>();
  for (const { consumer, delivery } of deliveries) {
    if (delivery.timeInQueue !== undefined && !waits.has(consumer)) waits.set(consumer, delivery.timeInQueue);
  }
  const parts: ShapePart[] = [];
  for (const [root, { until, error }] of [...segments].sort((a, b) => start[a[0]]! - start[b[0]]!)) {
    const { service } = graph.facts[root]!;
    const wait = waits.get(root);
    if (wait !== undefined && wait > 0) parts.push({ kind: 'wait', service, duration: wait, error: false });
    parts.push({ kind: 'segment', service, duration: Math.max(0, until - start[root]!), error });
    if (parts.length >= MAX_SHAPE) break;
  }
  return parts;
};
