import type { Chain, ChainHop } from '../../../../collector/src/contract/index.ts';
import { Pill } from '../../components/Pill.tsx';
import { exactDuration, formatDuration } from '../../lib/duration.ts';
import { formatShare } from '../../lib/figures.ts';
import { PROTOCOLS } from '../../lib/protocols.ts';
import { serviceColor } from '../../lib/service-hue.ts';
import { isHot, seenCoupling, sharesOf } from './danger.ts';

/** The share of this hop's failures that also failed its caller, as far as there were any. */
const Coupling = ({ hop }: { readonly hop: ChainHop }) => {
  if (hop.coupling === undefined) return null;
  const seen = seenCoupling(hop);
  return seen === undefined ? (
    <span title="No failure of this hop has been seen yet: nobody knows whether its caller can do without it">
      q –
    </span>
  ) : (
    <span title="Coupling: the share of this hop's failures that also fail its caller">
      q {seen.toFixed(2)} · ✕ {formatShare(hop.errors / Math.max(1, hop.calls))}
    </span>
  );
};

/** How the caller reaches the next hop. */
const Link = ({ hop }: { readonly hop: ChainHop }) => {
  const hot = isHot(hop);
  const protocol = hop.protocol ? PROTOCOLS[hop.protocol] : '';
  return (
    <div class={hot ? 'link link--hot' : 'link'}>
      <span>
        {protocol}
        {hop.attempts >= 1.05 ? ` · ${hop.attempts.toFixed(1)} attempts` : ''}
      </span>
      <i class="link__line" />
      <Coupling hop={hop} />
    </div>
  );
};

/** The chain as a strip of hops, and under it the share of the response that each one keeps its caller waiting. */
export const ChainStrip = ({ chain }: { readonly chain: Chain }) => {
  const shares = sharesOf(chain);
  return (
    <>
      <div class="chain__strip">
        {chain.hops.map((hop, index) => {
          const weakest = index === chain.weakestHop && index > 0;
          return (
            <>
              {index > 0 ? <Link hop={hop} /> : null}
              <div
                class={weakest && hop.errors > 0 ? 'hop hop--weakest' : 'hop'}
                style={{ '--service': serviceColor(hop.service) }}
                title={`${hop.service} ${hop.operation}: p99 ${exactDuration(hop.p99)}, own p99 ${exactDuration(hop.ownP99)}`}
              >
                <div class="hop__name">
                  <b class="clip">{hop.service}</b>
                  {weakest ? (
                    <Pill
                      tone={hop.errors > 0 ? 'bad' : 'plain'}
                      title="Most failures of its own and most of the time; what the chain depends on most"
                    >
                      weakest
                    </Pill>
                  ) : null}
                </div>
                <div class="hop__facts clip">{hop.operation}</div>
                <div class="hop__facts">own p99 {formatDuration(hop.ownP99)}</div>
              </div>
            </>
          );
        })}
      </div>
      <div
        class="share"
        role="img"
        aria-label={`Share of the response: ${chain.hops.map((hop, index) => `${hop.service} ${formatShare(shares[index] ?? 0)}`).join(', ')}`}
      >
        {chain.hops.map((hop, index) => (
          <i
            key={index}
            title={`${hop.service}: ${formatShare(shares[index] ?? 0)} of the response`}
            style={{ width: `${(shares[index] ?? 0) * 100}%`, '--service': serviceColor(hop.service) }}
          />
        ))}
      </div>
    </>
  );
};
