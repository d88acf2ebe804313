import type { UnixNanos } from '../model/index.ts';
import { hostOf, nanosBetween } from '../model/index.ts';
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
  return {
    graph,
    forest,
    base,
    start,
    end,
    shift: alignClocks(graph, forest, start, end, sync),
    sync,
    segmentRoot,
  };
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

/**
 * A callee outside of its caller's wait proves that two clocks differ. Its subtree is moved to the middle of
 * the wait, for paths only; a callee that outlasts the wait is only moved where even its start lies outside.
 * A queue hop proves nothing about clocks, so nothing is moved across one: there only what calls between the
 * same processes have shown is used.
 */
const alignClocks = (
  graph: Graph,
  forest: Forest,
  start: Float64Array,
  end: Float64Array,
  sync: Uint8Array,
): Float64Array => {
  const shift = new Float64Array(start.length);
  const known = new Map<string, number>();
  for (const i of forest.order) {
    const by = forest.cause[i]!;
    const process = `${graph.facts[i]!.service}\n${hostOf(graph.spans[i]!) ?? ''}`;
    if (by === NONE || sync[i] === 0) {
      shift[i] = by !== NONE && sameService(graph, by, i) ? shift[by]! : (known.get(process) ?? 0);
      continue;
    }
    shift[i] = shift[by]!;
    if (!isCaller(graph, by) || sameService(graph, by, i)) continue;
    const callerStart = start[by]! + shift[by]!;
    const callerEnd = end[by]! + shift[by]!;
    const own = known.get(process) ?? shift[by]!;
    shift[i] = own + correction(callerStart, callerEnd, start[i]! + own, end[i]! + own);
    known.set(process, shift[i]!);
  }
  return shift;
};

const sameService = (graph: Graph, a: number, b: number): boolean =>
  graph.facts[a]!.service === graph.facts[b]!.service;

const correction = (callerStart: number, callerEnd: number, start: number, end: number): number => {
  if (start >= callerStart && end <= callerEnd) return 0;
  const slack = callerEnd - callerStart - (end - start);
  if (slack >= 0) return callerStart + Math.floor(slack / 2) - start;
  return start < callerStart || start > callerEnd ? callerStart - start : 0;
};
