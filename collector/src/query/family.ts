import type { Relation } from './ast.ts';
import type { TraceView } from './view.ts';

/** Numbers of spans, ascending, each once. */
export type SpanSet = readonly number[];

/** Who is whose parent in a trace, ordered so that both directions are walked once and without recursion. */
export interface Family {
  /** -1 where the parent is not in the trace. */
  readonly parent: Int32Array;
  /** Every span that is in no cycle, children before their parents. */
  readonly bottomUp: Int32Array;
  readonly cycles: readonly (readonly number[])[];
}

export const familyOf = (view: TraceView): Family => {
  const parent = new Int32Array(view.count);
  const children = new Int32Array(view.count);
  for (let span = 0; span < view.count; span += 1) parent[span] = view.parent(span);
  for (const above of parent) if (above >= 0) children[above] = (children[above] as number) + 1;
  const bottomUp = childrenFirst(parent, children);
  return { parent, bottomUp, cycles: cyclesOf(parent, bottomUp) };
};

const childrenFirst = (parent: Int32Array, children: Int32Array): Int32Array => {
  const order = new Int32Array(parent.length);
  let length = 0;
  for (let span = 0; span < parent.length; span += 1) {
    if (children[span] === 0) order[length++] = span;
  }
  for (let at = 0; at < length; at += 1) {
    const above = parent[order[at] as number] as number;
    if (above < 0) continue;
    children[above] = (children[above] as number) - 1;
    if (children[above] === 0) order[length++] = above;
  }
  return order.subarray(0, length);
};

/** What is left when the trees are taken away: only cycles, since every span has one parent. */
const cyclesOf = (parent: Int32Array, bottomUp: Int32Array): number[][] => {
  const seen = new Uint8Array(parent.length);
  for (const span of bottomUp) seen[span] = 1;
  const cycles: number[][] = [];
  for (let span = 0; span < parent.length; span += 1) {
    const cycle: number[] = [];
    for (let next = span; !seen[next]; next = parent[next] as number) {
      seen[next] = 1;
      cycle.push(next);
    }
    if (cycle.length > 0) cycles.push(cycle);
  }
  return cycles;
};

/** The spans of `right` that stand so to a span of `left`; none is its own relative. */
export const related = (relation: Relation, left: SpanSet, right: SpanSet, family: Family): SpanSet => {
  const isLeft = new Uint8Array(family.parent.length);
  for (const span of left) isLeft[span] = 1;
  const marked = MARKERS[relation](isLeft, family);
  return right.filter((span) => marked[span]);
};

export const INVERSE: Readonly<Record<Relation, Relation>> = {
  '>': '<',
  '>>': '<<',
  '<': '>',
  '<<': '>>',
  '~': '~',
};

/** Marks the spans that stand so to one that is left. */
type Marker = (isLeft: Uint8Array, family: Family) => Uint8Array;

const children: Marker = (isLeft, { parent }) => isLeft.map((_, span) => isLeft[parent[span] as number] ?? 0);

const parents: Marker = (isLeft, { parent }) => {
  const marked = new Uint8Array(isLeft.length);
  parent.forEach((above, span) => {
    if (above >= 0 && isLeft[span]) marked[above] = 1;
  });
  return marked;
};

const siblings: Marker = (isLeft, { parent }) => {
  const brood = new Int32Array(isLeft.length);
  parent.forEach((above, span) => {
    if (above >= 0 && isLeft[span]) brood[above] = (brood[above] as number) + 1;
  });
  return isLeft.map((self, span) => {
    const others = (brood[parent[span] as number] ?? 0) - self;
    return others > 0 ? 1 : 0;
  });
};

const descendants: Marker = (isLeft, family) => {
  const marked = new Uint8Array(isLeft.length);
  for (const cycle of family.cycles) markOthersOf(cycle, isLeft, marked);
  for (let at = family.bottomUp.length - 1; at >= 0; at -= 1) {
    const span = family.bottomUp[at] as number;
    const above = family.parent[span] as number;
    if (above >= 0 && (isLeft[above] || marked[above])) marked[span] = 1;
  }
  return marked;
};

const ancestors: Marker = (isLeft, family) => {
  const marked = new Uint8Array(isLeft.length);
  for (const span of family.bottomUp) {
    const above = family.parent[span] as number;
    if (above >= 0 && (isLeft[span] || marked[span])) marked[above] = 1;
  }
  for (const cycle of family.cycles) {
    if (cycle.some((span) => marked[span])) for (const span of cycle) marked[span] = 1;
    else markOthersOf(cycle, isLeft, marked);
  }
  return marked;
};

/** In a cycle every span is above and below every other. */
const markOthersOf = (cycle: readonly number[], isLeft: Uint8Array, marked: Uint8Array): void => {
  const left = cycle.filter((span) => isLeft[span]).length;
  for (const span of cycle) if (left - (isLeft[span] as number) > 0) marked[span] = 1;
};

const MARKERS: Readonly<Record<Relation, Marker>> = {
  '>': children,
  '>>': descendants,
  '<': parents,
  '<<': ancestors,
  '~': siblings,
};
