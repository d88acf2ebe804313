import type { UnixNanos } from '../../model/index.ts';
import { formatDuration } from '../../model/index.ts';
import type { ChainKeyHop } from '../count-chains.ts';
import type { Gathered } from '../rollup.ts';
import { BUCKET_SECONDS, gather, partsOf } from '../rollup.ts';
import type { Sketch } from '../sketch.ts';
import { emptySketch, mergeSketch, quantile, sketchCount } from '../sketch.ts';
import type { RollupEntry, Stat } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Finding, TimeRange } from '../types.ts';
import type { Departure } from './baseline.ts';
import { boundOf, departureOf, leftBaseline } from './baseline.ts';
import { finding, percent } from './finding.ts';

/** A hop on a path below an entry, over all chains that share the path. */
interface Hop {
  readonly path: readonly ChainKeyHop[];
  /** Its own times outside of the departure and during it. */
  readonly before: Sketch;
  readonly during: Sketch;
  calls: number;
  failures: number;
}

interface Cascade {
  readonly cause: Hop;
  /** The service at fault: a database's trouble is that of the service that asks it. */
  readonly service: string;
  readonly entry: Gathered;
  readonly departure: Departure;
  /** Services held up by the cause, the nearest first. */
  readonly victims: readonly string[];
}

/**
 * Entries whose latency or errors left their baseline, each with its cause: the deepest hop whose own time
 * left its baseline in the same window. Entries with the same cause are one finding.
 */
export const cascadeFindings = (
  entries: readonly RollupEntry[],
  range: TimeRange,
  now: UnixNanos,
): Finding[] => {
  const chains = gather(entries, range, 'chain').map((chain) => ({
    chain,
    hops: partsOf<ChainKeyHop[]>(chain.key),
  }));
  const byCause = new Map<string, Cascade[]>();
  for (const entry of gather(entries, range, 'operation')) {
    const departure = departureOf(entry.buckets);
    if (departure === undefined) continue;
    const [service, operation] = partsOf<[string, string]>(entry.key);
    const own = chains.filter(({ hops }) => hops[0]![0] === service && hops[0]![1] === operation);
    const cause = causeOf(hopsOf(own, departure));
    if (cause === undefined) continue;
    const at = serviceOf(cause);
    const victims = victimsOf(cause, at);
    // A service that is slow by itself and holds nobody up is no cascade.
    if (victims.length === 0) continue;
    const key = JSON.stringify([at, ...cause.path.at(-1)!.slice(0, 2)]);
    byCause.set(key, [...(byCause.get(key) ?? []), { cause, service: at, entry, departure, victims }]);
  }
  return foldVictims([...byCause.values()]).map((cascades) => describe(cascades, now));
};

/**
 * A service that fills up because it waits for another one is slow to all that call it, also where the cause
 * is nowhere in sight. In the same stretch of time such a victim is no cause of its own.
 */
const foldVictims = (groups: readonly Cascade[][]): Cascade[][] => {
  const kept: Cascade[][] = [];
  const byDepth = [...groups].sort((a, b) => depthOf(b) - depthOf(a));
  for (const group of byDepth) {
    const within = kept.find((other) =>
      other.some(
        ({ victims, departure }) => victims.includes(group[0]!.service) && overlap(departure, group),
      ),
    );
    if (within === undefined) kept.push([...group]);
    else within.push(...group);
  }
  return kept;
};

const depthOf = (group: readonly Cascade[]): number =>
  Math.max(...group.map(({ cause }) => cause.path.length));

const overlap = ({ buckets }: Departure, group: readonly Cascade[]): boolean =>
  group.some((one) => [...one.departure.buckets].some((bucket) => buckets.has(bucket)));

const hopsOf = (
  chains: readonly { chain: Gathered; hops: readonly ChainKeyHop[] }[],
  { buckets }: Departure,
): Hop[] => {
  const found = new Map<string, Hop>();
  for (const { chain, hops } of chains) {
    for (const { bucket, stat } of chain.buckets) {
      for (let n = 1; n < hops.length; n++) {
        const key = JSON.stringify(hops.slice(0, n + 1));
        let hop = found.get(key);
        if (hop === undefined) {
          hop = {
            path: hops.slice(0, n + 1),
            before: emptySketch(),
            during: emptySketch(),
            calls: 0,
            failures: 0,
          };
          found.set(key, hop);
        }
        const own = stat.sketches.get(`own.${n}`);
        const affected = buckets.has(bucket);
        if (own !== undefined) mergeSketch(affected ? hop.during : hop.before, own, 1);
        if (affected) addFailures(hop, stat, n);
      }
    }
  }
  return [...found.values()];
};

const addFailures = (hop: Hop, stat: Stat, n: number): void => {
  hop.calls += countOf(stat, `calls.${n}`);
  hop.failures += countOf(stat, `ownErrors.${n}`);
};

/** Failures of its own in this share of calls make a hop a cause although it answers in time. */
const FAILING = 0.2;

/** The deepest hop that is slow or fails by itself; of several the one that costs most. */
const causeOf = (hops: readonly Hop[]): Hop | undefined => {
  const ill = hops.filter(
    (hop) => leftBaseline(hop.before, hop.during) || (hop.calls > 0 && hop.failures / hop.calls >= FAILING),
  );
  return ill.sort((a, b) => b.path.length - a.path.length || cost(b) - cost(a))[0];
};

const cost = (hop: Hop): number => (quantile(hop.during, 0.95) ?? 0) * sketchCount(hop.during);

const serviceOf = ({ path }: Hop): string => {
  const [service, , protocol] = path.at(-1)!;
  return protocol === 'database' ? path.at(-2)![0] : service;
};

/** Everybody between the cause and the entry, the nearest to the cause first: that is the order of onset. */
const victimsOf = ({ path }: Hop, service: string): string[] => {
  const services = path.slice(0, -1).map(([name]) => name);
  return [...new Set(services.reverse())].filter((name) => name !== service);
};

/** Without an affected request for this long it is over, s. */
const OVER = 60;

const describe = (cascades: readonly Cascade[], now: UnixNanos): Finding => {
  // The first is the deepest; those of its victims were folded in after it.
  const { service } = cascades[0]!;
  const own = cascades.filter((one) => one.service === service);
  const { cause, entry, departure } = own.reduce((a, b) =>
    b.departure.affected > a.departure.affected ? b : a,
  );
  const [party, operation] = cause.path.at(-1)!;
  const [entryService, entryOperation] = partsOf<[string, string]>(entry.key);
  const last = Math.max(...cascades.flatMap((one) => [...one.departure.buckets]));
  const ongoing = Number(now) / 1e9 - (last + BUCKET_SECONDS) <= OVER;
  const victims = [...new Set(cascades.flatMap((one) => one.victims))].filter((name) => name !== service);
  const before = quantile(cause.before, 0.95);
  const during = quantile(cause.during, 0.95) ?? 0;
  const share = departure.affected / Math.max(1, departure.requests);
  const slow = leftBaseline(cause.before, cause.during);
  const ill = slow
    ? `takes ${formatDuration(during)}${before === undefined ? '' : ` instead of ${formatDuration(before)}`} (p95)`
    : `fails in ${percent(cause.failures / cause.calls)} of its calls`;
  return finding(
    {
      type: 'cascade-in-progress',
      severity: ongoing ? 'critical' : 'warning',
      title: `${service} ${ongoing ? 'holds' : 'held'} up ${victims.join(', ')}`,
      sentence:
        `${service} (${party === service ? '' : `${party} `}${operation}) ${ill}: ${victims.join(', then ')} ${victims.length === 1 ? 'waits' : 'wait'} for it, ` +
        `and ${percent(share)} of ${entryService} ${entryOperation} ${ongoing ? 'are' : 'were'} slow or failed.`,
      where: { service, operation, from: victims[0] ?? entryService, to: party },
      figures: {
        before: before ?? 0,
        during,
        affected: departure.affected,
        requests: departure.requests,
        share,
        victims: victims.length,
        bound: boundOf(departure.baseline),
      },
      recommendation: `Look at ${service} first; the others only wait for it. Give calls to it a short timeout and an answer to fall back on.`,
      count: cascades.reduce((sum, one) => sum + one.departure.affected, 0),
    },
    entry,
    ({ bucket }) => departure.buckets.has(bucket),
  );
};
