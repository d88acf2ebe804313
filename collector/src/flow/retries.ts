import { databaseOf, httpOf, invitesRetry, peerOf, rpcOf } from '../model/index.ts';
import type { Layout } from './layout.ts';

/**
 * Groups calls that one span made, in order of start, into logical calls: a call to the same target that
 * starts after the former one failed is another attempt of it.
 */
export const attemptGroups = (layout: Layout, callers: readonly number[]): number[][] => {
  const { graph, start, end } = layout;
  const groups: number[][] = [];
  const open = new Map<string, number[]>();
  for (const i of callers) {
    const target = targetOf(layout, i);
    const group = open.get(target);
    const last = group?.[group.length - 1];
    // Ends and starts within a microsecond of each other are one instant to most clocks.
    if (
      group !== undefined &&
      last !== undefined &&
      invitesRetry(graph.spans[last]!) &&
      start[i]! >= end[last]! - 1_000
    ) {
      group.push(i);
    } else {
      const fresh = [i];
      groups.push(fresh);
      open.set(target, fresh);
    }
  }
  return groups;
};

/** What the caller meant to reach, as exactly as it says: the raw path tells two orders' calls apart. */
const targetOf = (layout: Layout, i: number): string => {
  const span = layout.graph.spans[i]!;
  const messaging = layout.graph.facts[i]!.messaging;
  if (messaging !== undefined)
    return `m ${messaging.system} ${messaging.destination} ${messaging.messageId ?? ''}`;
  const peer = peerOf(span) ?? '';
  const rpc = rpcOf(span);
  if (rpc !== undefined) return `r ${peer} ${rpc.service ?? ''}/${rpc.method ?? span.name}`;
  const database = databaseOf(span);
  if (database !== undefined) return `d ${peer} ${database.namespace ?? ''} ${span.name}`;
  const http = httpOf(span);
  return `h ${peer} ${http?.method ?? ''} ${http?.path ?? span.name}`;
};

/** Attempts of a hop: its outer caller spans, its callee spans where the client retried below one span, or as stated. */
export const ownAttempts = (
  layout: Layout,
  callers: readonly number[],
  callees: readonly number[],
): number => {
  const { spans, facts } = layout.graph;
  let attempts = Math.max(1, callers.length, failedBefore(layout, callees));
  for (const i of [...callers, ...callees]) {
    if (facts[i]!.messaging !== undefined) continue;
    const stated = httpOf(spans[i]!)?.resendCount ?? rpcOf(spans[i]!)?.previousAttempts ?? 0;
    attempts = Math.max(attempts, stated + 1);
  }
  return attempts;
};

/** Callers that are not nested in other callers of the same hop: one for each attempt. */
export const outerCallers = (layout: Layout, callers: readonly number[]): readonly number[] => {
  if (callers.length < 2) return callers;
  const inHop = new Set(callers);
  return callers.filter((i) => !inHop.has(layout.forest.cause[i]!));
};

/** Callees in sequence, each after a failed one. */
const failedBefore = (layout: Layout, callees: readonly number[]): number => {
  const { graph, start, end } = layout;
  let attempts = 1;
  for (let n = 1; n < callees.length; n++) {
    const [former, next] = [callees[n - 1]!, callees[n]!];
    if (invitesRetry(graph.spans[former]!) && start[next]! >= end[former]! - 1_000) attempts++;
  }
  return attempts;
};
