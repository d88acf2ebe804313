import type { Chain, ChainHop, Severity } from '../../../../collector/src/contract/index.ts';

/** Coupling from which a hop counts as taking its caller down, and attempts from which it counts as retried. */
const STRONG = 0.5;
const RETRIED = 1.2;

/** How dangerous a chain is: by the requests that its weakest hop takes along, and by its length. */
export const dangerOf = (chain: Chain): Severity =>
  chain.depth >= 4 || (chain.blastRadius >= 0.5 && chain.depth >= 2)
    ? 'critical'
    : chain.depth >= 3 || chain.blastRadius >= 0.2 || chain.retryAmplification >= RETRIED
      ? 'warning'
      : 'info';

/** Whether the way to this hop deserves the eye: it fails or is retried, and drags its caller along. */
export const isHot = (hop: ChainHop): boolean =>
  hop.attempts >= RETRIED || ((hop.coupling ?? 0) >= STRONG && hop.errors / Math.max(1, hop.calls) >= 0.01);

/** Parts of the response by hop, 0 to 1, never more than the whole. */
export const sharesOf = (chain: Chain): number[] => {
  const shares = chain.hops.map((hop) => Math.max(0, hop.blockedShare));
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 1 ? shares.map((share) => share / sum) : shares;
};
