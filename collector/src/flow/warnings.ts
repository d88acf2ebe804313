import { formatDuration } from '../model/index.ts';
import type { LaidDelivery } from './deliveries.ts';
import { isConsumer, MISSING, NONE } from './graph.ts';
import type { Layout } from './layout.ts';
import type { FlowGrade } from './types.ts';

const NO_WARNINGS: readonly string[] = [];

/** What is odd about a span in its place. */
export const spanWarnings = (layout: Layout, i: number): readonly string[] => {
  const { graph, forest, start, end, shift } = layout;
  const found: string[] = [];
  if (forest.cyclic[i] === 1) found.push('Its causes form a circle; the edge to this span was cut.');
  else if (graph.parent[i] === MISSING) found.push(`Its parent ${graph.spans[i]!.parentSpanId} is missing.`);
  else if (forest.adopted[i] === 1)
    found.push('Nothing known caused it; it shares its trace with this flow.');
  if (graph.danglingLinks[i]! > 0 && !isExplained(layout, i))
    found.push('It links to a span that is missing.');
  if (end[i]! < start[i]!) found.push(`It ends ${formatDuration(start[i]! - end[i]!)} before it starts.`);
  const by = forest.cause[i]!;
  const moved = by === NONE ? 0 : shift[i]! - shift[by]!;
  if (Math.abs(moved) >= CLOCKS_DIFFER && layout.sync[i] === 1) {
    found.push(
      `Its clock is ${formatDuration(Math.abs(moved))} ${moved < 0 ? 'ahead of' : 'behind'} its caller's.`,
    );
  }
  return found.length === 0 ? NO_WARNINGS : found;
};

/** Below a millisecond, clocks agree as well as they ever do. */
const CLOCKS_DIFFER = 1_000_000;

/** A batch is in many flows; its links to the others' producers are no loss. */
const isExplained = ({ graph, forest }: Layout, i: number): boolean =>
  graph.links[i]!.length > 0 || forest.cause[i] !== NONE;

export const flowWarnings = (layout: Layout): string[] => {
  const { graph, forest } = layout;
  const found: string[] = [];
  const count = (many: number, one: string, more: string) => {
    if (many > 0) found.push(many === 1 ? `1 span ${one}.` : `${many} spans ${more}.`);
  };
  const among = (test: (i: number) => boolean) => forest.order.filter(test).length;
  count(graph.duplicates, 'came twice', 'came more than once');
  count(
    among((i) => graph.parent[i] === MISSING && forest.cyclic[i] === 0),
    'has a parent that is missing',
    'have parents that are missing',
  );
  count(
    among((i) => forest.cyclic[i] === 1),
    'was part of a circle of causes',
    'were part of circles of causes',
  );
  count(
    among((i) => graph.danglingLinks[i]! > 0 && !isExplained(layout, i)),
    'links to a span that is missing',
    'link to spans that are missing',
  );
  count(
    among((i) => layout.end[i]! < layout.start[i]!),
    'ends before it starts',
    'end before they start',
  );
  return found;
};

/** The worst thing that is known to be missing. */
export const gradeOf = (layout: Layout, deliveries: readonly LaidDelivery[]): FlowGrade => {
  const { graph, forest } = layout;
  const { order } = forest;
  const orphaned = (i: number) =>
    graph.parent[i] === MISSING && (forest.cause[i] === NONE || forest.adopted[i] === 1);
  if (order.some((i) => orphaned(i) || forest.cyclic[i] === 1)) return 'orphaned';
  if (order.some((i) => graph.danglingLinks[i]! > 0 && !isExplained(layout, i))) return 'dangling';
  const consumed = new Set(deliveries.map(({ producer }) => producer));
  const lost = order.some(
    (i) => graph.facts[i]!.role === 'send' && !consumed.has(i) && !isAnswered(layout, i),
  );
  return lost ? 'unprocessed' : 'complete';
};

/** Replies into a temporary inbox and publishes that only wrap another publish are nobody's to process. */
const isAnswered = ({ graph, forest }: Layout, i: number): boolean =>
  graph.facts[i]!.messaging?.temporary === true ||
  forest.children[i]!.some((child) => isConsumer(graph.facts[child]!) || graph.facts[child]!.role === 'send');
