import { addNanos, operationOf } from '../model/index.ts';
import { isConsumer, NONE } from './graph.ts';
import type { Hops } from './hops.ts';
import type { Layout } from './layout.ts';
import { isCaller } from './layout.ts';
import type { PathStep } from './types.ts';

/** A step with the index of its span; times in ns since the layout's base. */
export interface LaidStep {
  readonly span: number;
  readonly kind: PathStep['kind'];
  readonly from: number;
  readonly to: number;
}

/** Children that outlast their parent by this share of its duration were still waited for. */
const OVERLAP = 0.01;
/** ... or by this much: spans end a little after the answer has left. ns */
const LATE_END = 1_000_000;

/** Times of a span by its aligned clock. */
const startOf = (layout: Layout, i: number): number => layout.start[i]! + layout.shift[i]!;
const endOf = (layout: Layout, i: number): number =>
  Math.max(startOf(layout, i), layout.end[i]! + layout.shift[i]!);

/** What the answer of this span waited for: steps in order of time that partition the span exactly. */
export const waitedFor = (layout: Layout, root: number): LaidStep[] => {
  const steps: LaidStep[] = [];
  descend(layout, steps, root, startOf(layout, root), endOf(layout, root));
  return steps.reverse();
};

/** The last span of the forest to end, and when by its aligned clock. */
export const lastToEnd = (layout: Layout): { span: number; end: number } => {
  let span = layout.forest.order[0]!;
  for (const i of layout.forest.order) if (endOf(layout, i) > endOf(layout, span)) span = i;
  return { span, end: endOf(layout, span) };
};

/** From the entry to the last end, waits in queues included: partitions that time exactly. */
export const completion = (layout: Layout, entry: number): LaidStep[] => {
  const { forest, graph, sync } = layout;
  const steps: LaidStep[] = [];
  const origin = startOf(layout, entry);
  const { span: last, end } = lastToEnd(layout);
  let cursor = end;
  let at = last;
  for (;;) {
    const from = Math.max(origin, Math.min(cursor, startOf(layout, at)));
    descend(layout, steps, at, from, cursor);
    cursor = from;
    const by = forest.cause[at]!;
    if (at === entry || by === NONE) break;
    if (sync[at] === 0) {
      const published = endOf(layout, by) <= cursor ? endOf(layout, by) : startOf(layout, by);
      const leave = Math.max(origin, Math.min(cursor, published));
      const kind = isConsumer(graph.facts[at]!) ? 'queue' : 'self';
      if (cursor > leave) steps.push({ span: at, kind, from: leave, to: cursor });
      cursor = leave;
    }
    at = by;
  }
  if (cursor > origin) steps.push({ span: entry, kind: 'self', from: origin, to: cursor });
  return steps.reverse();
};

interface Frame {
  readonly span: number;
  readonly from: number;
  readonly tolerance: number;
  readonly children: readonly number[];
  next: number;
  cursor: number;
}

/**
 * Partitions [from, to] of a span's time, latest first: the last child to finish before the cursor, the
 * span's own time after it, and on from that child's start. Iterative, since chains may be 100 k spans deep.
 */
const descend = (layout: Layout, steps: LaidStep[], span: number, from: number, to: number): void => {
  if (to <= from) return;
  const frames: Frame[] = [frame(layout, span, from, to)];
  for (let top = frames.at(-1); top !== undefined; top = frames.at(-1)) {
    const child = top.children[top.next++];
    if (child === undefined) {
      own(layout, steps, top.span, top.from, top.cursor);
      frames.pop();
      continue;
    }
    const end = endOf(layout, child);
    const childFrom = Math.max(top.from, startOf(layout, child));
    const childTo = Math.min(end, top.cursor);
    if (end > top.cursor + top.tolerance || childFrom >= childTo) continue;
    own(layout, steps, top.span, childTo, top.cursor);
    top.cursor = childFrom;
    frames.push(frame(layout, child, childFrom, childTo));
  }
};

const frame = (layout: Layout, span: number, from: number, to: number): Frame => {
  const children = layout.forest.children[span]!.filter((child) => layout.sync[child] === 1);
  if (children.length > 1) {
    children.sort(
      (a, b) => endOf(layout, b) - endOf(layout, a) || startOf(layout, b) - startOf(layout, a) || a - b,
    );
  }
  const tolerance = Math.max(LATE_END, OVERLAP * (endOf(layout, span) - startOf(layout, span)));
  return { span, from, tolerance, children, next: 0, cursor: to };
};

const own = (layout: Layout, steps: LaidStep[], span: number, from: number, to: number): void => {
  if (to <= from) return;
  steps.push({ span, kind: ownKind(layout, span), from, to });
};

/** A caller's own time is the wire's where its callee sent spans, else the callee's as a whole. */
const ownKind = (layout: Layout, span: number): PathStep['kind'] => {
  if (!isCaller(layout.graph, span)) return 'self';
  return layout.forest.children[span]!.some((child) => layout.sync[child] === 1) ? 'network' : 'call';
};

/** The steps as others read them. */
export const toPathSteps = (layout: Layout, hops: Hops, steps: readonly LaidStep[]): PathStep[] =>
  steps.map(({ span, kind, from, to }) => {
    const { spans, facts } = layout.graph;
    const laid = hops.all[hops.ofSpan[span]!];
    const called = kind === 'call' || kind === 'network' ? laid?.hop : undefined;
    const operation =
      kind === 'queue' ? (laid?.hop.operation ?? operationOf(spans[span]!)) : operationOf(spans[span]!);
    return {
      spanId: spans[span]!.spanId,
      service: facts[span]!.service,
      label: called === undefined ? operation : `${called.to.name} ${called.operation}`,
      kind,
      start: addNanos(layout.base, from),
      duration: to - from,
    };
  });
