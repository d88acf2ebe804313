import type { ChainKeyHop } from './count-chains.ts';
import { depthOf } from './count-chains.ts';
import type { Gathered } from './rollup.ts';
import { gather, partsOf, secondsOf } from './rollup.ts';
import { quantiles } from './sketch.ts';
import type { RollupEntry, Stat } from './stat.ts';
import { countOf } from './stat.ts';
import type { Chain, ChainHop, TimeRange } from './types.ts';

/** Chains of the range, most dangerous first: by `score`, then by name. */
export const chainsOf = (entries: Iterable<RollupEntry>, range: TimeRange): Chain[] => {
  const seconds = secondsOf(range);
  return gather(entries, range, 'chain')
    .filter(({ total }) => countOf(total, 'count') > 0)
    .map((gathered) => chainOf(gathered, seconds))
    .sort((a, b) => b.score - a.score || (a.signature < b.signature ? -1 : 1));
};

export const signatureOf = (hops: readonly ChainKeyHop[]): string =>
  hops.map(([service, operation]) => `${service} ${operation}`).join(' > ');

const chainOf = ({ key, total }: Gathered, seconds: number): Chain => {
  const keyHops = partsOf<ChainKeyHop[]>(key);
  const count = countOf(total, 'count');
  const time = Math.max(1, countOf(total, 'time'));
  const hops = keyHops.map((hop, n) => chainHop(hop, n, total, time));
  const depth = depthOf(keyHops);
  const [p50, p99] = percentiles(total, 'duration.0');
  const requestsPerSecond = count / seconds;
  const weakestHop = weakestOf(hops, total);
  const blastRadius = blastOf(hops, weakestHop, count);
  const blockedShare = Math.min(1, sum(hops.slice(1).map((hop) => hop.blockedShare)));
  return {
    signature: signatureOf(keyHops),
    entry: { service: keyHops[0]![0], operation: keyHops[0]![1] },
    hops,
    depth,
    count,
    requestsPerSecond,
    p50,
    p99,
    availability: 1 - countOf(total, 'errors') / count,
    availabilityProduct: hops.reduce(
      (product, hop, n) => product * (1 - ownErrorRate(total, n, hop.calls)),
      1,
    ),
    p99Sum: sum(hops.map((hop) => hop.ownP99)),
    blockedShare,
    retryAmplification: hops.reduce((product, hop) => product * hop.attempts, 1),
    worstCaseAttempts: hops.reduce((product, _, n) => product * mostAttempts(total, n), 1),
    blastRadius,
    // Requests per second at stake, by how far a failure spreads and how much of the time they wait below.
    score: (requestsPerSecond * depth * (blastRadius + blockedShare)) / 2,
    weakestHop,
    exemplars: total.exemplars.map(({ traceId }) => traceId),
  };
};

const chainHop = (
  [service, operation, protocol]: ChainKeyHop,
  n: number,
  total: Stat,
  time: number,
): ChainHop => {
  const calls = countOf(total, `calls.${n}`);
  const errors = countOf(total, `errors.${n}`);
  const [p50, p99] = percentiles(total, `duration.${n}`);
  return {
    service,
    operation,
    ...(protocol === undefined ? {} : { protocol }),
    calls,
    errors,
    p50,
    p99,
    ownP99: percentiles(total, `own.${n}`)[1],
    blockedShare: Math.min(1, countOf(total, `blocked.${n}`) / time),
    // Laplace: one failure that spread and one that did not are assumed, so that few failures claim little.
    ...(n === 0 ? {} : { coupling: (countOf(total, `coupled.${n}`) + 1) / (errors + 2) }),
    attempts: calls === 0 ? 1 : countOf(total, `attempts.${n}`) / calls,
  };
};

const percentiles = (total: Stat, name: string): [p50: number, p99: number] => {
  const sketch = total.sketches.get(name);
  const [p50 = 0, p99 = 0] = (sketch && quantiles(sketch, [0.5, 0.99])) ?? [];
  return [p50, p99];
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Failures that began at this hop: nothing that it called had failed. */
const ownErrorRate = (total: Stat, n: number, calls: number): number =>
  calls === 0 ? 0 : countOf(total, `ownErrors.${n}`) / calls;

const mostAttempts = (total: Stat, n: number): number => {
  let most = 1;
  for (const [name, value] of total.counts) {
    if (value > 0 && name.startsWith(`tries.${n}.`)) most = Math.max(most, Number(name.split('.')[2]));
  }
  return most;
};

/** The hop below the entry with most failures of its own and most of the entry's time; of equals the deeper. */
const weakestOf = (hops: readonly ChainHop[], total: Stat): number => {
  let weakest = 0;
  let worst = -1;
  for (let n = 1; n < hops.length; n++) {
    const hop = hops[n]!;
    const weakness = ownErrorRate(total, n, hop.calls) + hop.blockedShare;
    if (weakness >= worst) {
      worst = weakness;
      weakest = n;
    }
  }
  return weakest;
};

/** Share of the entry's requests that reach the hop, times what couples each hop above it to its caller. */
const blastOf = (hops: readonly ChainHop[], weakest: number, count: number): number => {
  const reached = Math.min(1, hops[weakest]!.calls / count);
  let spreads = 1;
  for (let n = 1; n <= weakest; n++) spreads *= hops[n]!.coupling ?? 1;
  return reached * spreads;
};
