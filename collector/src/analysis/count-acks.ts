import type { LaidHop } from '../flow/index.ts';
import { NONE } from '../flow/index.ts';
import type { Span } from '../model/index.ts';
import { httpOf, operationOf, rpcOf } from '../model/index.ts';
import { LIMITS } from './limits.ts';
import { keyOf } from './rollup.ts';
import { count, record, remember } from './stat.ts';
import type { Counting } from './trace.ts';

/** Calls that read cannot be events, whatever the caller does with the answer. */
const READS =
  /^(get|list|find|search|query|read|fetch|check|lookup|describe|head|options|select|watch|stream)/i;

/**
 * Calls that change something, succeed, are the last thing a successful request does before it answers, and
 * cost it much: the caller can hardly have used the answer but to acknowledge.
 */
export const countAcks = ({ reading, isOwn, rollup, signs }: Counting): void => {
  const { layout, hops } = reading;
  const { graph, forest, start, end } = layout;
  const last = new Map<number, LaidHop>();
  const calls = new Map<number, number>();
  const callsServices = new Set<number>();
  for (const laid of hops.all) {
    const { under } = laid;
    if (under === NONE || graph.spans[under]!.kind !== 'server') continue;
    if (laid.hop.mode === 'sync' && laid.hop.protocol !== 'database') callsServices.add(under);
    if (laid.hop.mode === 'sync') calls.set(under, (calls.get(under) ?? 0) + 1);
    const known = last.get(under);
    if (known === undefined || endOf(laid) > endOf(known)) last.set(under, laid);
  }
  for (const [server, laid] of last) {
    const { hop, callers, callees } = laid;
    const called = graph.spans[callees.at(-1) ?? callers.at(-1)!]!;
    if (!isOwn(server) || hop.mode === 'async' || hop.error || graph.facts[server]!.failed) continue;
    if (hop.protocol === 'database' || hop.attempts > 1 || !isWrite(graph.spans[server]!, laid, called))
      continue;
    // A service that only passes the call on, a gateway, answers with what it got; and a callee that calls
    // further services decides something that its caller wants to know.
    if (calls.get(server)! < 2 || callees.some((callee) => callsServices.has(callee))) continue;
    const request = Math.max(0, end[server]! - start[server]!);
    const left = end[server]! - (start[server]! + Number(endOf(laid) - graph.spans[server]!.start));
    // Work after the call may use its answer.
    const idle = forest.children[server]!.every((child) => !(start[child]! > end[server]! - left));
    if (left > Math.max(LIMITS.ackRest, request * 0.05) || !idle) continue;
    if (hop.duration < Math.min(LIMITS.ackWait, Math.max(LIMITS.ackLeast, LIMITS.ackShare * request)))
      continue;
    const span = graph.spans[server]!;
    const key = keyOf([
      'could-be-event',
      graph.facts[server]!.service,
      operationOf(span),
      hop.to.name,
      hop.operation,
    ]);
    const stat = rollup.at('finding', key, span.end);
    count(stat, 'count');
    count(stat, 'waited', hop.duration);
    count(stat, 'time', request);
    record(stat, 'wait', hop.duration);
    remember(stat, span.traceId, hop.duration);
    signs.add('could-be-event');
  }
};

const isWrite = (answering: Span, { hop }: LaidHop, called: Span): boolean => {
  const method = httpOf(answering)?.method;
  if (method === 'GET' || method === 'HEAD') return false;
  return !READS.test(rpcOf(called)?.method ?? httpOf(called)?.method ?? hop.operation);
};

const endOf = ({ hop }: LaidHop): bigint => hop.start + BigInt(Math.round(hop.duration));
