import { formatDuration } from '../../model/index.ts';
import { chainsOf, signatureOf } from '../chains.ts';
import type { ChainKeyHop } from '../count-chains.ts';
import { LIMITS } from '../limits.ts';
import { gather, partsOf } from '../rollup.ts';
import type { RollupEntry } from '../stat.ts';
import type { Chain, Finding, TimeRange } from '../types.ts';
import { finding, percent } from './finding.ts';

export const chainFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const gathered = new Map(
    gather(entries, range, 'chain').map((one) => [signatureOf(partsOf<ChainKeyHop[]>(one.key)), one]),
  );
  const found = new Map<string, Finding>();
  for (const chain of chainsOf(entries, range)) {
    if (chain.depth < LIMITS.deepChain) continue;
    // Of chains over the same services the most dangerous speaks for all: two queries are not two risks.
    const path = JSON.stringify([chain.entry.operation, ...chain.hops.map((hop) => hop.service)]);
    if (!found.has(path)) found.set(path, deepChain(chain, gathered.get(chain.signature)!));
  }
  return [...found.values()];
};

/** Share of failed entry requests from which a deep chain is more than a risk. */
const FAILING = 0.01;

const deepChain = (chain: Chain, seen: ReturnType<typeof gather>[number]): Finding => {
  const weakest = chain.hops[chain.weakestHop]!;
  const failed = 1 - chain.availability;
  const names = chain.hops.map((hop) => hop.service).join(' > ');
  const last = chain.hops.at(-1)!;
  const end = last.protocol === 'database' ? `${chain.hops.at(-2)!.service}'s ${last.service}` : last.service;
  return finding(
    {
      type: 'deep-sync-chain',
      // Depth alone is a risk, not yet an incident.
      severity: failed >= FAILING && chain.count >= 20 ? 'warning' : 'info',
      title: `${chain.entry.service} waits through ${chain.depth} hops for ${end}`,
      sentence:
        `${names}: ${chain.depth} blocking hops, p99 ${formatDuration(chain.p99)}, ` +
        `${percent(chain.blockedShare)} of the time spent waiting below ${chain.entry.service}; ` +
        `if ${weakest.service} stops, about ${percent(chain.blastRadius)} of these requests fail or stall.`,
      where: {
        service: chain.entry.service,
        operation: chain.entry.operation,
        chain: chain.signature,
        to: weakest.service,
      },
      figures: {
        depth: chain.depth,
        p99: chain.p99,
        blockedShare: chain.blockedShare,
        availability: chain.availability,
        availabilityProduct: chain.availabilityProduct,
        blastRadius: chain.blastRadius,
        requestsPerSecond: chain.requestsPerSecond,
      },
      recommendation: `Shorten the chain: answer before ${weakest.service} has, cache what it says, or make it an event.`,
      count: chain.count,
    },
    seen,
  );
};
