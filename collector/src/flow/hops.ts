import type { SpanId } from '../model/index.ts';
import { addNanos, destinationOf, operationOf } from '../model/index.ts';
import { isConsumer, NONE } from './graph.ts';
import type { Layout } from './layout.ts';
import { isCalleeOf, isCaller } from './layout.ts';
import { protocolOf, queue, remote, service } from './parties.ts';
import { attemptGroups, outerCallers, ownAttempts } from './retries.ts';
import type { Hop, Party, Protocol } from './types.ts';

/** A hop with the indices of its spans; the last caller and callee are those that gave the result. */
export interface LaidHop {
  readonly hop: Hop;
  readonly callers: readonly number[];
  readonly callees: readonly number[];
  /** The span in whose time the hop happened; NONE where the hop starts the tree. */
  readonly under: number;
}

export interface Hops {
  readonly all: readonly LaidHop[];
  /** Index into `all` of the hop that each span takes part in, or NONE. */
  readonly ofSpan: Int32Array;
}

/** One hop for each logical call, publish and consumption; in the order of the forest. */
export const findHops = (layout: Layout): Hops => {
  const { graph, forest } = layout;
  const ofSpan = new Int32Array(graph.spans.length).fill(NONE);
  const all: LaidHop[] = [];
  const ids = new Set<string>();
  const add = (hop: LaidHop) => {
    const id = ids.has(hop.hop.id) ? `${hop.hop.id}-${all.length}` : hop.hop.id;
    ids.add(id);
    for (const i of [...hop.callers, ...hop.callees]) ofSpan[i] = all.length;
    all.push(id === hop.hop.id ? hop : { ...hop, hop: { ...hop.hop, id } });
  };
  for (const i of forest.order) {
    const by = forest.cause[i]!;
    if (by === NONE) {
      const first = ofSpan[i] === NONE ? firstHop(layout, i) : undefined;
      if (first !== undefined) add(first);
      else if (isCaller(graph, i)) for (const call of callsOf(layout, [i])) add(call);
    } else if (ofSpan[i] === NONE) {
      const single = lonelyHop(layout, by, i);
      if (single !== undefined) add(single);
    }
    const callers = forest.children[i]!.filter((child) => ofSpan[child] === NONE && isCaller(graph, child));
    if (callers.length === 0 || isInsideHop(layout, ofSpan, i)) continue;
    for (const group of attemptGroups(layout, callers)) for (const call of callsOf(layout, group)) add(call);
  }
  return { all, ofSpan };
};

/** Calls below a publish, or below a caller, are how that one hop is done: HTTP under an SQS send. */
const isInsideHop = (layout: Layout, ofSpan: Int32Array, i: number): boolean => {
  const { graph } = layout;
  return ofSpan[i] !== NONE && (graph.facts[i]!.role === 'send' || isCaller(graph, i));
};

/** A flow may begin with a publish or with the consumption of a message whose producer is unknown. */
const firstHop = (layout: Layout, i: number): LaidHop | undefined => {
  const { facts } = layout.graph;
  if (facts[i]!.role === 'send') return publishHop(layout, i);
  return isConsumer(facts[i]!) ? consumeHop(layout, i) : undefined;
};

const lonelyHop = (layout: Layout, by: number, i: number): LaidHop | undefined => {
  const { graph, forest, sync } = layout;
  const facts = graph.facts[i]!;
  if (facts.role === 'send') return publishHop(layout, i);
  if (isConsumer(facts))
    return isConsumer(graph.facts[by]!) && sync[i] === 1 ? undefined : consumeHop(layout, i);
  if (forest.adopted[i] === 1 || isCaller(graph, i)) return undefined;
  if (graph.facts[by]!.service === facts.service) return undefined;
  return {
    ...shape(layout, [], [i], {
      protocol: protocolOf(layout, i),
      from: service(layout, by),
      to: service(layout, i),
    }),
    under: by,
  };
};

const publishHop = (layout: Layout, i: number): LaidHop => ({
  ...shape(layout, [i], [], {
    protocol: 'messaging',
    mode: 'async',
    from: service(layout, i),
    to: queue(layout, i),
  }),
  under: layout.forest.cause[i]!,
});

const consumeHop = (layout: Layout, i: number): LaidHop => ({
  ...shape(layout, [], [i], {
    protocol: 'messaging',
    mode: 'async',
    from: queue(layout, i),
    to: service(layout, i),
  }),
  under: layout.forest.cause[i]!,
});

/** The hops of one logical call with all its attempts: one, unless callers of a single span answer in parallel. */
const callsOf = (layout: Layout, attempts: readonly number[]): LaidHop[] => {
  const { graph, forest } = layout;
  const callers: number[] = [];
  const callees: number[] = [];
  for (const attempt of attempts) {
    const nested = nestedCallers(layout, attempt);
    if (nested === undefined) return [];
    for (const caller of nested) {
      callers.push(caller);
      for (const child of forest.children[caller]!) {
        if (layout.sync[child] === 1 && isCalleeOf(graph, caller, child)) callees.push(child);
      }
    }
  }
  const outer = attempts[attempts.length - 1]!;
  const under = forest.cause[outer]!;
  const from = service(layout, outer);
  const protocol = protocolOf(layout, outer);
  const services = new Set(callees.map((i) => graph.facts[i]!.service));
  if (services.size < 2) {
    const last = callees[callees.length - 1];
    const to = last === undefined ? remote(layout, callers) : service(layout, last);
    return [{ ...shape(layout, callers, callees, { protocol, from, to }), under }];
  }
  // A request that several services answer, each in its own right.
  return [...services].map((name, n) => {
    const answered = callees.filter((i) => graph.facts[i]!.service === name);
    const to: Party = { kind: 'service', name };
    return { ...shape(layout, n === 0 ? callers : [], answered, { protocol, from, to }), under };
  });
};

/** The caller and the single callers nested in it; undefined where it fans out and is no call of its own. */
const nestedCallers = (layout: Layout, outer: number): number[] | undefined => {
  const { graph, forest } = layout;
  const found = [outer];
  for (let at = outer; ; ) {
    const inner = forest.children[at]!.filter(
      (child) => isCaller(graph, child) && graph.facts[child]!.service === graph.facts[outer]!.service,
    );
    if (inner.length === 0) return found;
    if (inner.length > 1) return inner.some((caller) => hasCallee(layout, caller)) ? undefined : found;
    at = inner[0]!;
    found.push(at);
  }
};

const hasCallee = (layout: Layout, caller: number): boolean =>
  layout.forest.children[caller]!.some((child) => isCalleeOf(layout.graph, caller, child));

interface Ends {
  readonly protocol: Protocol;
  readonly mode?: 'async';
  readonly from: Party;
  readonly to: Party;
}

const shape = (
  layout: Layout,
  callers: readonly number[],
  callees: readonly number[],
  ends: Ends,
): { hop: Hop; callers: readonly number[]; callees: readonly number[] } => {
  const { graph, start, end, base } = layout;
  const { spans, facts } = graph;
  const outer = outerCallers(layout, callers);
  const near = outer.length > 0 ? outer : callees;
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  for (const i of near) {
    from = Math.min(from, start[i]!);
    until = Math.max(until, end[i]!);
  }
  const caller = outer.at(-1);
  const callee = callees[callees.length - 1];
  const spanIdOf = (i: number): SpanId => spans[i]!.spanId;
  return {
    hop: {
      id: `hop-${spanIdOf(near[0]!)}`,
      protocol: ends.protocol,
      mode: ends.mode ?? 'sync',
      from: ends.from,
      to: ends.to,
      operation: hopOperation(layout, caller, callee),
      ...(caller === undefined ? {} : { callerSpan: spanIdOf(caller) }),
      ...(callee === undefined ? {} : { calleeSpan: spanIdOf(callee) }),
      start: addNanos(base, from),
      duration: Math.max(0, until - from),
      attempts: ownAttempts(layout, outer, callees),
      error: facts[near[near.length - 1]!]!.failed,
    },
    callers,
    callees,
  };
};

/** The callee knows its route; a caller alone names method and host. */
const hopOperation = (layout: Layout, caller: number | undefined, callee: number | undefined): string => {
  const { spans, facts } = layout.graph;
  if (callee !== undefined) {
    const named = facts[callee]!.messaging ?? (caller === undefined ? undefined : facts[caller]!.messaging);
    return named === undefined ? operationOf(spans[callee]!) : destinationOf(named);
  }
  return operationOf(spans[caller!]!);
};
