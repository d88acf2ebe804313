import type { PathStep } from '../../../../collector/src/contract/index.ts';
import { nanosSince } from '../../lib/clock.ts';
import type { Stretch } from './fold.ts';
import type { FlowModel } from './model.ts';

/** Where the critical path runs: by row key, the stretches of time it spends there. */
export type PathMarks = ReadonlyMap<string, readonly Stretch[]>;

/** The clocks of publish and processing may differ by this much and still mean the same wait, ns. */
const SAME_MOMENT = 1e6;

const add = (marks: Map<string, Stretch[]>, key: string, stretch: Stretch) => {
  const list = marks.get(key);
  const last = list?.at(-1);
  if (!list) marks.set(key, [stretch]);
  else if (last && stretch.from - last.to < 1) list[list.length - 1] = { from: last.from, to: stretch.to };
  else list.push(stretch);
};

/** Puts each step of the path on its row: queue steps on the wait that they are, the others on their span. */
export const pathMarks = (model: FlowModel, path: readonly PathStep[]): PathMarks => {
  const marks = new Map<string, Stretch[]>();
  for (const step of path) {
    const from = nanosSince(model.origin, step.start);
    const stretch = { from, to: from + step.duration };
    if (!Number.isFinite(from)) continue;
    if (step.kind === 'queue') {
      const ends = (to: number) => Math.abs(to - stretch.to) <= SAME_MOMENT;
      const wait =
        model.waits.find(({ delivery }) => delivery.consumerSpan === step.spanId) ??
        model.waits.find((candidate) => ends(candidate.to)) ??
        model.waits.find(({ delivery }) => delivery.producerSpan === step.spanId);
      if (wait) add(marks, wait.key, stretch);
      continue;
    }
    const item = step.spanId === undefined ? undefined : model.spans.get(step.spanId);
    if (item) add(marks, item.key, stretch);
  }
  return marks;
};

/** Rows with the path on them or below them: the others step back. */
export const rowsOnPath = (model: FlowModel, marks: PathMarks): ReadonlySet<string> => {
  const on = new Set<string>();
  for (const group of model.groups) {
    for (let index = group.items.length - 1, nearest = Number.POSITIVE_INFINITY; index >= 0; index--) {
      const item = group.items[index]!;
      if (marks.has(item.key)) nearest = index;
      if (nearest <= index + item.below) on.add(item.key);
    }
  }
  return on;
};
