import type { Chain, ChainHop } from '../../../../collector/src/contract/index.ts';
import { formatShare, plural } from '../../lib/figures.ts';

/** Coupling from which a hop counts as taking its caller down. */
const STRONG = 0.5;
/** Attempts a call from which a hop, and by which a chain, counts as retried. */
const RETRIED = 1.2;
/** Requests or failures below which nothing is claimed. */
const ENOUGH = 20;
/** Availability below which a chain is in trouble, and below which it deserves a look. */
const BAD = 0.99;
const POOR = 0.999;
/** Blocking hops from which the length alone is worth a colour. */
const DEEP = 4;

export interface Verdict {
  readonly level: 'critical' | 'warning' | 'deep' | 'calm';
  /** The evidence, for the title. */
  readonly why: string;
}

/** What was measured speaks: a chain that never failed is long at most. */
export const verdictOf = (chain: Chain): Verdict => {
  const enough = chain.count >= ENOUGH;
  const available = `${formatShare(chain.availability)} of ${plural(chain.count, 'request')} succeeded`;
  if (enough && chain.availability < BAD) return { level: 'critical', why: available };
  const tied = chain.hops.find((hop) => (hop.coupling ?? 0) >= STRONG && hop.errors >= ENOUGH);
  if (tied)
    return {
      level: 'critical',
      why: `${formatShare(tied.coupling ?? 0)} of ${plural(tied.errors, 'failure')} of ${tied.service} failed its caller too`,
    };
  if (enough && chain.availability < POOR) return { level: 'warning', why: available };
  if (chain.retryAmplification > RETRIED)
    return {
      level: 'warning',
      why: `one request becomes ${chain.retryAmplification.toFixed(1)} calls by retries`,
    };
  return {
    level: chain.depth >= DEEP ? 'deep' : 'calm',
    why: `${plural(chain.depth, 'blocking call')} one below the other; neither failures nor retries to speak of`,
  };
};

/** The coupling of a hop as far as failures have shown it; before the first one it is only assumed. */
export const seenCoupling = (hop: ChainHop): number | undefined =>
  hop.errors > 0 ? hop.coupling : undefined;

/**
 * Share of the requests that fail or stall if the weakest hop stops. Where a hop on the way has never failed,
 * nobody knows whether its caller can do without it: then it is the most that can be, and `assumed`.
 */
export const stakeOf = (chain: Chain): { readonly share: number; readonly assumed: boolean } => {
  const way = chain.hops.slice(1, chain.weakestHop + 1);
  if (way.every((hop) => seenCoupling(hop) !== undefined))
    return { share: chain.blastRadius, assumed: way.length === 0 };
  const reached = Math.min(1, (chain.hops[chain.weakestHop]?.calls ?? 0) / Math.max(1, chain.count));
  const share = way.reduce((most, hop) => most * (seenCoupling(hop) ?? 1), reached);
  return { share, assumed: true };
};

/** Whether the way to this hop deserves the eye: it fails or is retried, and drags its caller along. */
export const isHot = (hop: ChainHop): boolean =>
  hop.attempts >= RETRIED ||
  ((seenCoupling(hop) ?? 0) >= STRONG && hop.errors / Math.max(1, hop.calls) >= 0.01);

/** Parts of the response by hop, 0 to 1, never more than the whole. */
export const sharesOf = (chain: Chain): number[] => {
  const shares = chain.hops.map((hop) => Math.max(0, hop.blockedShare));
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 1 ? shares.map((share) => share / sum) : shares;
};
