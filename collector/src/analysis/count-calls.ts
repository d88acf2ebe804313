import { NONE } from '../flow/index.ts';
import { databaseOf, messagingOf, nanosBetween, operationOf } from '../model/index.ts';
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

const countEdges = ({ reading, isOwn, rollup }: Counting): void => {
  const { graph } = reading.layout;
  for (const { hop, callers, callees } of reading.hops.all) {
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
  }
};
