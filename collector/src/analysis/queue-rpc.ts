import { isConsumer, NONE } from '../flow/index.ts';
import { destinationOf, operationOf } from '../model/index.ts';
import { LIMITS } from './limits.ts';
import { keyOf } from './rollup.ts';
import { count, record, remember } from './stat.ts';
import type { Counting } from './trace.ts';

/** Spans between a reply and the request that it answers; more than this is another story. */
const MAX_STEPS = 64;

/**
 * Requests that wait for an answer through a queue: a service publishes while it answers a request, what
 * that caused comes back as a message to the same service before the request ends, and the request did
 * nothing else meanwhile.
 *
 *   |server span ---------------------------|
 *       |publish|  (idle)      |consume reply|
 *   other:  |consume .. publish reply|
 */
export const countQueueRpc = (counting: Counting): void => {
  const { graph, forest, segmentRoot } = counting.reading.layout;
  const seen = new Set<number>();
  for (const reply of forest.order) {
    if (!isConsumer(graph.facts[reply]!) || segmentRoot[reply] !== reply) continue;
    const sent = publishBehind(counting, reply);
    if (sent === undefined) continue;
    const server = serverAround(counting, sent);
    if (server === undefined || seen.has(server) || !waits(counting, server, sent, reply)) continue;
    if (!counting.isOwn(server)) continue;
    seen.add(server);
    note(counting, server, sent, reply);
  }
};

/** The publish of the reply's own service from which the reply came, over another service. */
const publishBehind = ({ reading }: Counting, reply: number): number | undefined => {
  const { graph, forest } = reading.layout;
  const { service } = graph.facts[reply]!;
  let elsewhere = false;
  let at = forest.cause[reply]!;
  for (let steps = 0; at !== NONE && steps < MAX_STEPS; steps++, at = forest.cause[at]!) {
    const own = graph.facts[at]!.service === service;
    if (!own) elsewhere = true;
    else if (elsewhere && graph.facts[at]!.role === 'send') return at;
  }
  return undefined;
};

const serverAround = ({ reading }: Counting, sent: number): number | undefined => {
  const { graph, forest, sync } = reading.layout;
  let at = sent;
  for (let steps = 0; steps < MAX_STEPS && sync[at] === 1; steps++) {
    at = forest.cause[at]!;
    if (graph.spans[at]!.kind === 'server') return at;
  }
  return undefined;
};

const waits = ({ reading }: Counting, server: number, sent: number, reply: number): boolean => {
  const { start, end, forest, sync } = reading.layout;
  const from = end[sent]!;
  const until = start[reply]!;
  if (until <= from || until > end[server]!) return false;
  let busy = 0;
  let cursor = from;
  for (const child of forest.children[server]!) {
    if (sync[child] === 0) continue;
    const begin = Math.max(cursor, start[child]!);
    const finish = Math.min(until, end[child]!);
    if (finish > begin) {
      busy += finish - begin;
      cursor = finish;
    }
  }
  return busy <= (1 - LIMITS.rpcIdle) * (until - from);
};

const note = ({ reading, rollup, signs }: Counting, server: number, sent: number, reply: number): void => {
  const { graph, start, end } = reading.layout;
  const span = graph.spans[server]!;
  const messaging = graph.facts[sent]!.messaging!;
  const key = keyOf([
    'sync-over-queue',
    graph.facts[server]!.service,
    operationOf(span),
    messaging.system,
    destinationOf(messaging),
  ]);
  const stat = rollup.at('finding', key, span.end);
  const waited = start[reply]! - end[sent]!;
  count(stat, 'count');
  count(stat, 'waited', waited);
  count(stat, 'time', Math.max(0, end[server]! - start[server]!));
  record(stat, 'wait', waited);
  remember(stat, span.traceId, waited);
  signs.add('sync-over-queue');
};
