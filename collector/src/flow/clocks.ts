import type { Span } from '../model/index.ts';
import { hostOf, serviceOf, stringAttribute } from '../model/index.ts';
import type { Forest } from './forest.ts';
import type { Graph } from './graph.ts';

/** Where the clock of a callee's process may stand against its caller's, from one call: ns to add. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

interface Times {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/**
 * What must be added to each span's times so that callees lie within their callers' waits, one value for
 * each process: 0 where the clocks agree with the entry's.
 *
 * Only a call that both sides saw proves that two clocks differ, and only if the callee lies outside of the
 * wait. Most of a pair's calls must say so, then the median of their midpoints counts; on a single edge that
 * errs by about half the call's network time. A queue hop proves nothing. A process that no call connects
 * with the entry is taken to keep the time that most processes of the flow keep.
 */
export const clockShifts = (
  graph: Graph,
  forest: Forest,
  times: Times,
  calls: readonly (readonly [caller: number, callee: number])[],
): Float64Array => {
  const shift = new Float64Array(graph.spans.length);
  const processes = new Processes(graph);
  const evidence = new Map<string, Map<string, Bounds[]>>();
  let differs = false;
  for (const [caller, callee] of calls) {
    const [a, b] = [processes.of(caller), processes.of(callee)];
    if (a === b) continue;
    const bounds = boundsOf(times, caller, callee);
    differs ||= bounds.low > 0 || bounds.high < 0;
    note(evidence, a, b, bounds);
    note(evidence, b, a, { low: -bounds.high, high: -bounds.low });
  }
  if (!differs) return shift;
  const offsets = spread(evidence, processes.of(forest.order[0]!));
  const usual = median([...offsets.values()]);
  for (const i of forest.order) {
    const process = processes.of(i);
    let offset = offsets.get(process);
    if (offset === undefined) {
      for (const [name, value] of spread(evidence, process)) offsets.set(name, value + usual);
      offset = offsets.get(process)!;
    }
    shift[i] = offset;
  }
  return shift;
};

/** Names of the processes that made the spans: the finest that their resources tell apart. */
class Processes {
  readonly #graph: Graph;
  readonly #names = new Map<Span['resource'], string>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  of(i: number): string {
    const span = this.#graph.spans[i]!;
    let name = this.#names.get(span.resource);
    if (name === undefined) {
      const instance = stringAttribute(span.resource.attributes, 'service.instance.id') ?? '';
      name = `${serviceOf(span)}\n${hostOf(span) ?? ''}\n${instance}`;
      this.#names.set(span.resource, name);
    }
    return name;
  }
}

const boundsOf = ({ start, end }: Times, caller: number, callee: number): Bounds => {
  const low = start[caller]! - start[callee]!;
  const high = end[caller]! - end[callee]!;
  // A callee that outlasts the wait, as after a time-out, must at least have begun in it.
  return high >= low ? { low, high } : { low, high: Math.max(low, end[caller]! - start[callee]!) };
};

const note = (
  evidence: Map<string, Map<string, Bounds[]>>,
  from: string,
  to: string,
  bounds: Bounds,
): void => {
  const targets = evidence.get(from) ?? new Map<string, Bounds[]>();
  evidence.set(from, targets);
  const known = targets.get(to);
  if (known === undefined) targets.set(to, [bounds]);
  else known.push(bounds);
};

/** Offsets of all processes that calls connect with the first one, against its clock. */
const spread = (
  evidence: ReadonlyMap<string, ReadonlyMap<string, readonly Bounds[]>>,
  first: string,
): Map<string, number> => {
  const offsets = new Map([[first, 0]]);
  // A Map hands out what is added while it is walked: this is the breadth-first search.
  for (const [process, offset] of offsets) {
    for (const [other, bounds] of evidence.get(process) ?? []) {
      if (!offsets.has(other)) offsets.set(other, offset + offsetOf(bounds));
    }
  }
  return offsets;
};

const offsetOf = (bounds: readonly Bounds[]): number => {
  const apart = bounds.filter(({ low, high }) => low > 0 || high < 0);
  if (apart.length * 2 <= bounds.length) return 0;
  return median(apart.map(({ low, high }) => Math.floor((low + high) / 2)));
};

const median = (values: readonly number[]): number =>
  values.length === 0 ? 0 : [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
