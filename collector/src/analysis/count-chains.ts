import type { LaidHop } from '../flow/index.ts';
import { NONE, waitedFor } from '../flow/index.ts';
import type { Protocol } from '../flow/types.ts';
import { operationOf } from '../model/index.ts';
import { LIMITS } from './limits.ts';
import { OwnTimes } from './own-times.ts';
import { keyOf } from './rollup.ts';
import type { Stat } from './stat.ts';
import { count, record, remember } from './stat.ts';
import type { Counting } from './trace.ts';

/** A hop of a chain in its key: where, what, and how it is reached (the entry is not). */
export type ChainKeyHop = readonly [service: string, operation: string, protocol?: Protocol];

/** One place in the tree of (service, operation) below a segment's entry, with all calls that reached it. */
interface Place {
  readonly hop: ChainKeyHop;
  readonly above: Place | undefined;
  readonly depth: number;
  readonly below: Map<string, Place>;
  readonly calls: Call[];
  /** Its own part of the entry's response path, ns. */
  blocked: number;
}

interface Call {
  readonly duration: number;
  readonly own: number;
  readonly failed: boolean;
  readonly callerFailed: boolean;
  /** It failed and nothing that it called did. */
  readonly ownFailure: boolean;
  readonly attempts: number;
}

/** Deeper or wider trees are counted with the place above: keys stay short whatever a trace does. */
const MAX_DEPTH = 24;
const MAX_BELOW = 48;
/** Chains that one segment adds at most, those with the most of the response path first. */
const MAX_CHAINS = 24;

/**
 * Every distinct path of (service, operation) from a segment's entry to a leaf is a chain of that segment.
 * Calls that took the same path in one segment (a loop) are one chain with several calls.
 */
export const countChains = (counting: Counting): void => {
  const roots = placeSpans(counting);
  for (const [root, place] of roots) {
    const leaves = leavesOf(place).filter((leaf) => leaf.depth > 0);
    leaves.sort((a, b) => blockedAlong(b) - blockedAlong(a));
    for (const leaf of leaves.slice(0, MAX_CHAINS)) countChain(counting, root, leaf);
  }
};

/** The entries of the trace's own segments, with the tree of places below each. */
const placeSpans = (counting: Counting): Map<number, Place> => {
  const { layout, hops } = counting.reading;
  const { graph, forest, segmentRoot } = layout;
  const placeOf = new Map<number, Place>();
  const placeOfHop = new Map<LaidHop, Place>();
  const times = new OwnTimes(counting);
  const roots = new Map<number, Place>();
  for (const i of forest.order) {
    if (segmentRoot[i] === i) {
      const { service, failed } = graph.facts[i]!;
      const place = newPlace([service, operationOf(graph.spans[i]!)], undefined);
      const duration = Math.max(0, layout.end[i]! - layout.start[i]!);
      const ownFailure = failed && !times.hasFailedCall(i);
      place.calls.push({
        duration,
        own: times.ownOf(i, duration),
        failed,
        callerFailed: false,
        ownFailure,
        attempts: 1,
      });
      placeOf.set(i, place);
      if (counting.isOwn(i)) roots.set(i, place);
      continue;
    }
    const above = placeOf.get(forest.cause[i]!)!;
    const laid = hops.ofSpan[i] === NONE ? undefined : hops.all[hops.ofSpan[i]!]!;
    if (laid === undefined || laid.hop.mode === 'async') {
      placeOf.set(i, above);
      continue;
    }
    let place = placeOfHop.get(laid);
    if (place === undefined) {
      place = placeBelow(above, laid);
      placeOfHop.set(laid, place);
      if (place !== above) place.calls.push(callOf(counting, times, laid));
    }
    placeOf.set(i, place);
  }
  for (const root of roots.keys()) {
    for (const { span, from, to } of waitedFor(layout, root)) {
      const place = placeOf.get(span);
      if (place !== undefined) place.blocked += to - from;
    }
  }
  return roots;
};

const newPlace = (hop: ChainKeyHop, above: Place | undefined): Place => ({
  hop,
  above,
  depth: above === undefined ? 0 : above.depth + 1,
  below: new Map(),
  calls: [],
  blocked: 0,
});

const placeBelow = (above: Place, { hop }: LaidHop): Place => {
  const key = `${hop.to.name}\n${hop.operation}\n${hop.protocol}`;
  const known = above.below.get(key);
  if (known !== undefined) return known;
  if (above.depth >= MAX_DEPTH || above.below.size >= MAX_BELOW) return above;
  const place = newPlace([hop.to.name, hop.operation, hop.protocol], above);
  above.below.set(key, place);
  return place;
};

const callOf = (counting: Counting, times: OwnTimes, laid: LaidHop): Call => {
  const { hop, callees } = laid;
  const served = callees.at(-1);
  const { facts } = counting.reading.layout.graph;
  return {
    duration: hop.duration,
    own: served === undefined ? hop.duration : times.ownOf(served, times.durationOf(served)),
    failed: hop.error,
    // A caller that nothing surrounds is the entry itself: a script's, or one whose own caller is not here yet.
    callerFailed: laid.under === NONE ? hop.error : facts[times.workOf(laid.under)]!.failed,
    ownFailure: hop.error && !callees.some((callee) => times.hasFailedCall(callee)),
    attempts: hop.attempts,
  };
};

const leavesOf = (root: Place): Place[] => {
  const leaves: Place[] = [];
  const pending = [root];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (place.below.size === 0) leaves.push(place);
    else pending.push(...place.below.values());
  }
  return leaves;
};

const pathTo = (leaf: Place): Place[] => {
  const path: Place[] = [];
  for (let place: Place | undefined = leaf; place !== undefined; place = place.above) path.push(place);
  return path.reverse();
};

const blockedAlong = (leaf: Place): number => pathTo(leaf).reduce((sum, place) => sum + place.blocked, 0);

const countChain = (counting: Counting, root: number, leaf: Place): void => {
  const { rollup, signs, reading } = counting;
  const span = reading.layout.graph.spans[root]!;
  const path = pathTo(leaf);
  const stat = rollup.at('chain', keyOf(path.map((place) => place.hop)), span.end);
  const entry = path[0]!.calls[0]!;
  count(stat, 'count');
  count(stat, 'time', entry.duration);
  if (entry.failed) count(stat, 'errors');
  for (const [n, place] of path.entries()) countPlace(stat, place, n);
  remember(stat, span.traceId, entry.duration);
  if (depthOf(path.map((place) => place.hop)) >= LIMITS.deepChain) signs.add('deep-sync-chain');
};

/** Names of a hop's figures carry its place in the chain: `calls.2`. */
const countPlace = (stat: Stat, place: Place, n: number): void => {
  if (place.blocked > 0) count(stat, `blocked.${n}`, Math.round(place.blocked));
  for (const call of place.calls) {
    count(stat, `calls.${n}`);
    count(stat, `attempts.${n}`, call.attempts);
    count(stat, `tries.${n}.${Math.min(call.attempts, 100)}`);
    if (call.failed) count(stat, `errors.${n}`);
    if (call.ownFailure) count(stat, `ownErrors.${n}`);
    if (call.failed && call.callerFailed) count(stat, `coupled.${n}`);
    record(stat, `duration.${n}`, call.duration);
    record(stat, `own.${n}`, call.own);
  }
};

/** Blocking hops of a chain: a service's call to itself does not change the party. */
export const depthOf = (hops: readonly ChainKeyHop[]): number =>
  hops.reduce((depth, [service], n) => (n > 0 && service !== hops[n - 1]![0] ? depth + 1 : depth), 0);
