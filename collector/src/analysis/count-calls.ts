import type { LaidHop, Layout } from '../flow/index.ts';
import { NONE } from '../flow/index.ts';
import type { Span } from '../model/index.ts';
import { databaseOf, messagingOf, nanosBetween, operationOf, stringAttribute } from '../model/index.ts';
import { keyOf } from './rollup.ts';
import { count, record, remember } from './stat.ts';
import type { Counting } from './trace.ts';

/** Operations that services answered or began, and the hops between parties. */
export const countCalls = (counting: Counting): void => {
  countOperations(counting);
  countEdges(counting);
};

const countOperations = ({ reading, isOwn, rollup }: Counting): void => {
  const { graph, forest } = reading.layout;
  for (const i of forest.order) {
    const span = graph.spans[i]!;
    const answers = span.kind === 'server' || span.kind === 'consumer';
    // Without its caller's span a callee of any kind is where the service's work begins.
    const begins =
      forest.cause[i] === NONE || graph.facts[forest.cause[i]!]!.service !== graph.facts[i]!.service;
    if (!isOwn(i) || !(answers || begins) || span.kind === 'producer') continue;
    const stat = rollup.at('operation', keyOf([graph.facts[i]!.service, operationOf(span)]), span.end);
    count(stat, 'requests');
    if (graph.facts[i]!.failed) count(stat, 'errors');
    const duration = Math.max(0, nanosBetween(span.start, span.end));
    record(stat, 'duration', duration);
    remember(stat, span.traceId, duration);
  }
};

const countEdges = ({ reading, isOwn, rollup, signs }: Counting): void => {
  const { layout } = reading;
  const { graph } = layout;
  for (const laid of reading.hops.all) {
    const { hop, callers, callees } = laid;
    const owner = callers[0] ?? callees[0]!;
    if (!isOwn(owner)) continue;
    const span = graph.spans[owner]!;
    const system = messagingOf(span)?.system ?? databaseOf(span)?.system ?? '';
    const key = keyOf([
      hop.from.kind,
      hop.from.name,
      hop.to.kind,
      hop.to.name,
      hop.protocol,
      hop.mode,
      system,
    ]);
    const stat = rollup.at('edge', key, graph.spans[callers.at(-1) ?? callees.at(-1)!]!.end);
    count(stat, 'calls');
    count(stat, 'attempts', hop.attempts);
    if (hop.error) count(stat, 'errors');
    record(stat, 'duration', hop.duration);
    remember(stat, span.traceId, hop.duration);
    if (hop.mode === 'async') continue;
    const instance = callees.length === 0 ? undefined : instanceOf(graph.spans[callees.at(-1)!]!);
    if (instance !== undefined) count(stat, `instance.${instance}`);
    if (hop.attempts > 1) {
      count(stat, 'retried');
      if (isEager(layout, callers)) count(stat, 'eagerRetries');
    }
    const needed = workGivenUp(layout, laid);
    if (needed === undefined) continue;
    count(stat, 'givenUp');
    record(stat, 'givenUp.wait', layout.end[callers.at(-1)!]! - layout.start[callers.at(-1)!]!);
    record(stat, 'givenUp.needed', needed);
    signs.add('timeout-inversion');
  }
};

/** Which of several copies of a service; undefined where its resource does not say. */
const instanceOf = (span: Span): string | undefined =>
  stringAttribute(span.resource.attributes, 'service.instance.id', 'k8s.pod.name', 'host.name');

/** Pauses that grow by less than this factor do not back off. */
const GROWTH = 1.3;
/** A single retry this soon after the failure has not waited at all, ns. */
const AT_ONCE = 10_000_000;

const isEager = ({ start, end }: Layout, callers: readonly number[]): boolean => {
  if (callers.length < 2) return false;
  const pauses = callers.slice(1).map((caller, n) => start[caller]! - end[callers[n]!]!);
  if (pauses.length === 1) return pauses[0]! < AT_ONCE;
  return pauses.some((pause, n) => n > 0 && pause < Math.max(AT_ONCE, pauses[n - 1]! * GROWTH));
};

/** How long the callee worked on a call that its caller had given up, or undefined. By durations: clocks may differ. */
const workGivenUp = ({ start, end }: Layout, { hop, callers, callees }: LaidHop): number | undefined => {
  const [caller, callee] = [callers.at(-1), callees.at(-1)];
  if (!hop.error || caller === undefined || callee === undefined) return undefined;
  const needed = end[callee]! - start[callee]!;
  return needed > end[caller]! - start[caller]! + 1_000_000 ? needed : undefined;
};
