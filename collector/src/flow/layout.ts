import type { UnixNanos } from '../model/index.ts';
import { nanosBetween } from '../model/index.ts';
import { clockShifts } from './clocks.ts';
import type { Forest } from './forest.ts';
import type { Graph } from './graph.ts';
import { isConsumer, NONE } from './graph.ts';

/** A forest with times and with its asynchronous edges told apart. */
export interface Layout {
  readonly graph: Graph;
  readonly forest: Forest;
  /** Times below are ns since this. */
  readonly base: UnixNanos;
  /** As sent. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** What must be added so that a callee lies within its caller's wait; 0 where the clocks agree. */
  readonly shift: Float64Array;
  /** 1 where the span's cause waits for it. */
  readonly sync: Uint8Array;
  /** The first span of the span's segment. */
  readonly segmentRoot: Int32Array;
}

export const layOut = (graph: Graph, forest: Forest): Layout => {
  const { spans } = graph;
  const { order, cause } = forest;
  const base = spans[order[0]!]!.start;
  const start = new Float64Array(spans.length);
  const end = new Float64Array(spans.length);
  const sync = new Uint8Array(spans.length);
  const segmentRoot = new Int32Array(spans.length).fill(NONE);
  for (const i of order) {
    start[i] = nanosBetween(base, spans[i]!.start);
    end[i] = nanosBetween(base, spans[i]!.end);
    const by = cause[i]!;
    sync[i] = by !== NONE && isSync(graph, forest, start, end, by, i) ? 1 : 0;
    segmentRoot[i] = sync[i] === 1 ? segmentRoot[by]! : i;
  }
  const calls = order.flatMap((i): (readonly [number, number])[] => {
    const by = cause[i]!;
    const called = sync[i] === 1 && isCaller(graph, by) && isCalleeOf(graph, by, i);
    return called ? [[by, i]] : [];
  });
  const shift = clockShifts(graph, forest, { start, end }, calls);
  return { graph, forest, base, start, end, shift, sync, segmentRoot };
};

/** CLIENT spans, and requests over a broker whatever their kind: the near side of a call. */
export const isCaller = (graph: Graph, i: number): boolean => {
  const { role } = graph.facts[i]!;
  return role === 'request' || (role === undefined && graph.spans[i]!.kind === 'client');
};

/** The far side of a call by this caller: its server, or the first span of another service. */
export const isCalleeOf = (graph: Graph, caller: number, i: number): boolean => {
  if (graph.spans[i]!.kind === 'server' || graph.facts[i]!.role === 'respond') return true;
  return graph.facts[i]!.service !== graph.facts[caller]!.service && !isConsumer(graph.facts[i]!);
};

const isSync = (
  graph: Graph,
  forest: Forest,
  start: Float64Array,
  end: Float64Array,
  by: number,
  i: number,
): boolean => {
  if (forest.adopted[i] === 1 || forest.cyclic[i] === 1) return false;
  if (graph.parent[i] !== by) return false;
  // The caller waits for its callee, whatever two clocks say about it.
  if (isCaller(graph, by) && isCalleeOf(graph, by, i)) return true;
  if (isConsumer(graph.facts[i]!)) return isConsumer(graph.facts[by]!) || isPolling(graph, by, i);
  return start[i]! <= Math.max(end[by]!, start[by]!);
};

/** A consumer span under a span of its own service that published nothing: a loop that fetches and handles. */
const isPolling = (graph: Graph, by: number, i: number): boolean =>
  graph.facts[by]!.role !== 'send' &&
  graph.facts[by]!.service === graph.facts[i]!.service &&
  graph.links[i]!.length === 0;
