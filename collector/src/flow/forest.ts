import type { Graph } from './graph.ts';
import { compareSpans, isBatch, isConsumer, isEarlier, MISSING, NONE } from './graph.ts';

/** Spans in their tree of causes; everything is known by the span's index in the graph. */
export interface Forest {
  /** Depth-first: causes before effects, siblings by start. */
  readonly order: readonly number[];
  readonly cause: Int32Array;
  /** Effects by start. */
  readonly children: readonly (readonly number[])[];
  /** 1 where nothing known caused the span and it hangs under the entry to be shown. */
  readonly adopted: Uint8Array;
  /** 1 where an edge was cut because the causes formed a circle. */
  readonly cyclic: Uint8Array;
}

const LEAF: readonly number[] = [];

/** The forest of all spans of the graph: one tree for each span that nothing known caused. */
export const wholeForest = (graph: Graph): Forest => {
  const members = new Uint8Array(graph.spans.length).fill(1);
  const cause = primaryCauses(graph, members, NONE);
  const cyclic = cutCycles(graph, members, cause, NONE);
  return grow(graph, members, cause, new Uint8Array(graph.spans.length), cyclic, NONE);
};

/** The forward closure from the entry, as one tree. */
export const treeFrom = (graph: Graph, entry: number): Forest => {
  const members = new Uint8Array(graph.spans.length);
  const effects = effectsOf(graph);
  reach(graph, effects, members, entry);
  const adopted = new Uint8Array(graph.spans.length);
  adoptOrphans(graph, effects, members, adopted, entry);
  const cause = primaryCauses(graph, members, entry);
  for (let i = 0; i < cause.length; i++) if (adopted[i] === 1 && cause[i] === NONE) cause[i] = entry;
  const cyclic = cutCycles(graph, members, cause, entry);
  return grow(graph, members, cause, adopted, cyclic, entry);
};

const effectsOf = (graph: Graph): number[][] => {
  const effects: number[][] = graph.spans.map(() => []);
  graph.spans.forEach((_, i) => {
    const parent = graph.parent[i]!;
    if (parent >= 0) effects[parent]!.push(i);
    for (const target of graph.links[i]!) effects[target]!.push(i);
  });
  return effects;
};

const SHARED = 1;
const WHOLE = 2;

/**
 * Marks what the start caused. A batch receive that a link reaches belongs to the flow only with its share:
 * consumers below it that name producers of their own come in through those producers, or not at all.
 */
const reach = (graph: Graph, effects: readonly number[][], members: Uint8Array, from: number): void => {
  const pending: number[] = [from];
  members[from] = WHOLE;
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    const share = members[i] === SHARED;
    for (const effect of effects[i]!) {
      const byParent = graph.parent[effect] === i;
      if (share && byParent && graph.links[effect]!.length > 0 && isConsumer(graph.facts[effect]!)) continue;
      const rank = !byParent && isBatch(graph, effect) ? SHARED : WHOLE;
      if (members[effect]! >= rank) continue;
      members[effect] = rank;
      pending.push(effect);
    }
  }
};

/**
 * Orphans of a trace are shown under the entry if the flow holds that trace's beginning. A circle of
 * parents has no orphan at its top, so one of its spans is taken for it.
 */
const adoptOrphans = (
  graph: Graph,
  effects: readonly number[][],
  members: Uint8Array,
  adopted: Uint8Array,
  entry: number,
): void => {
  const { spans, parent } = graph;
  const owned = new Set<string>();
  const grasp = () => {
    for (let i = 0; i < spans.length; i++) {
      const top = parent[i] === NONE || (i === entry && parent[i] === MISSING);
      if (members[i]! > 0 && top) owned.add(spans[i]!.traceId);
    }
  };
  grasp();
  const candidates = tops(graph);
  for (let before = -1; before !== owned.size; ) {
    before = owned.size;
    for (const top of candidates) {
      if (members[top]! > 0 || !owned.has(spans[top]!.traceId)) continue;
      adopted[top] = 1;
      reach(graph, effects, members, top);
    }
    grasp();
  }
};

/** Spans that nothing known caused, and the earliest span of every circle of parents. */
const tops = (graph: Graph): number[] => {
  const everything = new Uint8Array(graph.spans.length).fill(1);
  const cause = primaryCauses(graph, everything, NONE);
  cutCycles(graph, everything, cause, NONE);
  const found: number[] = [];
  for (let i = 0; i < cause.length; i++) if (cause[i] === NONE) found.push(i);
  return found;
};

/** One cause for each member: the parent, but for messages the producer unless a receive span lies between. */
const primaryCauses = (graph: Graph, members: Uint8Array, entry: number): Int32Array => {
  const { spans, facts } = graph;
  const cause = new Int32Array(spans.length).fill(NONE);
  for (let i = 0; i < spans.length; i++) {
    if (members[i] === 0 || i === entry) continue;
    const parent = graph.parent[i]!;
    const known = parent >= 0 && members[parent]! > 0 ? parent : NONE;
    const links = graph.links[i]!.filter((target) => members[target]! > 0);
    if (links.length === 0) {
      cause[i] = known;
      continue;
    }
    const messageParent = known !== NONE && (facts[known]!.role === 'send' || isConsumer(facts[known]!));
    if (known !== NONE && (messageParent || !isConsumer(facts[i]!))) cause[i] = known;
    else cause[i] = links.reduce((best, next) => (isEarlier(spans[next]!, spans[best]!) ? next : best));
  }
  return cause;
};

/** Cuts each circle of causes at its earliest span; marks where. */
const cutCycles = (graph: Graph, members: Uint8Array, cause: Int32Array, entry: number): Uint8Array => {
  const cut = new Uint8Array(cause.length);
  const seen = new Int32Array(cause.length).fill(NONE);
  for (let from = 0; from < cause.length; from++) {
    if (members[from] === 0 || seen[from] !== NONE) continue;
    let at = from;
    while (at !== NONE && seen[at] === NONE) {
      seen[at] = from;
      at = cause[at]!;
    }
    if (at === NONE || seen[at] !== from) continue;
    let first = at;
    for (let i = cause[at]!; i !== at; i = cause[i]!) {
      if (isEarlier(graph.spans[i]!, graph.spans[first]!)) first = i;
    }
    cause[first] = entry;
    cut[first] = 1;
  }
  return cut;
};

const grow = (
  graph: Graph,
  members: Uint8Array,
  cause: Int32Array,
  adopted: Uint8Array,
  cyclic: Uint8Array,
  entry: number,
): Forest => {
  const { spans } = graph;
  const bySpan = (a: number, b: number) => compareSpans(spans[a]!, spans[b]!);
  const children: (readonly number[])[] = spans.map(() => LEAF);
  const roots: number[] = [];
  for (let i = 0; i < spans.length; i++) {
    if (members[i] === 0) continue;
    const by = cause[i]!;
    if (by === NONE) roots.push(i);
    else if (children[by] === LEAF) children[by] = [i];
    else (children[by] as number[]).push(i);
  }
  for (const list of children) if (list.length > 1) (list as number[]).sort(bySpan);
  const pending = entry === NONE ? roots.sort(bySpan).reverse() : [entry];
  const order: number[] = [];
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    order.push(i);
    const list = children[i]!;
    for (let c = list.length - 1; c >= 0; c--) pending.push(list[c]!);
  }
  return { order, cause, children, adopted, cyclic };
};

/**
 * The span that a flow of these spans starts from: the topmost cause of the first span's trace. True roots
 * come before spans whose parent is missing, and earlier before later.
 */
export const defaultEntry = (graph: Graph): number | undefined => {
  const { spans, parent } = graph;
  if (spans.length === 0) return undefined;
  const { cause } = wholeForest(graph);
  const top = new Int32Array(spans.length).fill(NONE);
  const first = spans[0]!.traceId;
  let best: number | undefined;
  for (let i = 0; i < spans.length; i++) {
    if (spans[i]!.traceId !== first) continue;
    const path: number[] = [];
    let at = i;
    while (top[at] === NONE && cause[at] !== NONE) {
      path.push(at);
      at = cause[at]!;
    }
    const found = top[at] === NONE ? at : top[at]!;
    for (const step of path) top[step] = found;
    top[found] = found;
    if (best === undefined || isBetterEntry(found, best)) best = found;
  }
  return best;

  function isBetterEntry(a: number, b: number): boolean {
    const [rootA, rootB] = [parent[a] === NONE, parent[b] === NONE];
    return rootA === rootB ? isEarlier(spans[a]!, spans[b]!) : rootA;
  }
};
