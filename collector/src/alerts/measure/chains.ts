import type { Chain } from '../../analysis/index.ts';
import { formatDuration } from '../duration.ts';
import { applies, type RuleOf } from '../rules/index.ts';
import { MAX_EXEMPLARS, type Observations, type Sample } from './sample.ts';

const concerns = (rule: RuleOf<'chain-depth' | 'chain-p99'>, { entry, hops, signature }: Chain): boolean =>
  applies(rule, {
    service: entry.service,
    operation: entry.operation,
    chain: signature,
    through: hops.map(({ service }) => service),
  });

const entryName = ({ entry }: Chain): string => `${entry.service} ${entry.operation}`;

/** `checkout > discount > loyalty`: each change of service once. */
const servicePath = ({ hops }: Chain): string =>
  hops
    .map(({ service }) => service)
    .filter((service, index, all) => service !== all[index - 1])
    .join(' > ');

/** Chains are told apart by their signature: one entry may start several. */
const place = (chain: Chain): Pick<Sample, 'place' | 'where' | 'exemplars'> => ({
  place: [chain.signature],
  where: { service: chain.entry.service, operation: chain.entry.operation, chain: chain.signature },
  exemplars: chain.exemplars.slice(0, MAX_EXEMPLARS),
});

/** Chains with more synchronous hops than the rule allows. */
export const deepChains = (
  rule: RuleOf<'chain-depth'>,
  { chains }: Observations,
): readonly Sample[] | undefined =>
  chains
    ?.filter((chain) => chain.depth > rule.above && concerns(rule, chain))
    .map((chain) => ({
      ...place(chain),
      severity: rule.severity,
      value: chain.depth,
      bound: rule.above,
      unit: 'hops',
      sentence:
        `${entryName(chain)} waits on ${chain.depth} synchronous hops in a row (${servicePath(chain)}); ` +
        `the rule allows ${rule.above}.`,
    }));

const slowest = ({ hops }: Chain): string => {
  const worst = hops.reduce((a, b) => (b.ownP99 > a.ownP99 ? b : a), hops[0]!);
  return `${worst.service} ${worst.operation} takes ${formatDuration(worst.ownP99)} of its own`;
};

/** Chains whose p99 is above the rule's bound. */
export const slowChains = (
  rule: RuleOf<'chain-p99'>,
  { chains }: Observations,
): readonly Sample[] | undefined =>
  chains
    ?.filter((chain) => chain.count >= rule.minRequests && chain.p99 > rule.above && concerns(rule, chain))
    .map((chain) => ({
      ...place(chain),
      severity: rule.severity,
      value: chain.p99,
      bound: rule.above,
      unit: 'ns',
      sentence:
        `${entryName(chain)} has a p99 of ${formatDuration(chain.p99)}, above ${formatDuration(rule.above)}, ` +
        `over ${chain.count} requests${chain.hops.length === 0 ? '' : `; ${slowest(chain)} at p99`}.`,
    }));
