import type { Chain } from '../../../../collector/src/contract/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { Figure } from '../../components/Figure.tsx';
import { FlowLinks } from '../../components/FindingCard.tsx';
import { Pill, SeverityPill } from '../../components/Pill.tsx';
import { ServiceMark } from '../../components/places.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { formatDuration } from '../../lib/duration.ts';
import { formatCount, formatRate, formatShare, plural } from '../../lib/figures.ts';
import { PROTOCOLS } from '../../lib/protocols.ts';
import { rangeLabel } from '../../lib/time-range.ts';
import { api } from '../../state/api.ts';
import { adjust, place } from '../../state/location.ts';
import { boundsNow, range, rangeKey, refreshEvery } from '../../state/range.ts';
import { useResource } from '../../state/resource.ts';
import { useShortcuts } from '../../state/shortcuts.ts';
import { ChainStrip } from './ChainStrip.tsx';
import { stakeOf, verdictOf } from './danger.ts';
import './ChainsPage.css';

/** So many chains are drawn whole without being asked for. */
const DRAWN = 3;

const pathOf = (chain: Chain): string => chain.hops.map((hop) => hop.service).join(' → ');

const Figures = ({ chain }: { readonly chain: Chain }) => {
  const weakest = chain.hops[chain.weakestHop]?.service ?? 'the weakest hop';
  const stake = stakeOf(chain);
  const perSecond = formatRate(stake.share * chain.requestsPerSecond);
  return (
    <div class="chain__figures">
      {stake.assumed ? (
        <Figure
          value={
            <>
              <span class="dim">up to</span> {formatShare(stake.share)}
            </>
          }
        >
          of requests would fail or stall if {weakest} stops, {perSecond} per second (assumed: no failure seen
          yet)
        </Figure>
      ) : (
        <Figure value={formatShare(stake.share)}>
          of requests fail or stall if {weakest} stops ({perSecond} per second)
        </Figure>
      )}
      <Figure value={chain.depth}>
        {chain.depth === 1 ? 'blocking hop' : 'blocking hops'} deep; {formatShare(chain.blockedShare)} of the
        time is waiting for them
      </Figure>
      <Figure value={formatShare(chain.availability)}>
        availability measured; {formatShare(chain.availabilityProduct)} by the product of its hops
      </Figure>
      <Figure
        value={
          <>
            {formatDuration(chain.p50)} <span class="dim">→</span> {formatDuration(chain.p99)}
          </>
        }
      >
        p50 → p99; the hops’ own p99s add up to {formatDuration(chain.p99Sum)}
      </Figure>
      <Figure
        value={
          <>
            {chain.retryAmplification.toFixed(1)}×{' '}
            <span class="dim">of {formatCount(chain.worstCaseAttempts)}×</span>
          </>
        }
      >
        retries: measured, and the worst case
      </Figure>
    </div>
  );
};

const VerdictPill = ({ chain }: { readonly chain: Chain }) => {
  const { level, why } = verdictOf(chain);
  return level === 'critical' || level === 'warning' ? (
    <SeverityPill severity={level} title={why} />
  ) : (
    <Pill tone={level === 'deep' ? 'info' : 'plain'} title={why}>
      depth {chain.depth}
    </Pill>
  );
};

const ChainCard = ({ chain }: { readonly chain: Chain }) => (
  <article class="card chain">
    <div class="chain__head">
      <VerdictPill chain={chain} />
      <h2>{chain.entry.operation}</h2>
      <span class="mid">{pathOf(chain)}</span>
      <span class="end mid">
        {formatRate(chain.requestsPerSecond)} requests/s · {plural(chain.count, 'flow')}
      </span>
    </div>
    <ChainStrip chain={chain} />
    <Figures chain={chain} />
    <FlowLinks flows={chain.exemplars} label="Flows that took it" />
  </article>
);

const Rest = ({ chains }: { readonly chains: readonly Chain[] }) => (
  <div class="chains__table">
    <table>
      <thead>
        <tr>
          <th scope="col">chain</th>
          <th scope="col" class="num">
            req/s
          </th>
          <th scope="col" class="num">
            depth
          </th>
          <th scope="col" class="num">
            p99
          </th>
          <th scope="col" class="num">
            availability
          </th>
          <th scope="col" class="num">
            attempts
          </th>
          <th scope="col" class="num">
            blast radius
          </th>
          <th scope="col">weakest hop</th>
        </tr>
      </thead>
      <tbody>
        {chains.map((chain) => {
          const weakest = chain.hops[chain.weakestHop];
          const caller = chain.hops[chain.weakestHop - 1];
          const stake = stakeOf(chain);
          return (
            <tr key={chain.signature}>
              <td>
                <button
                  type="button"
                  class="btn btn--quiet chains__entry"
                  onClick={() => adjust({ chain: chain.signature }, 'push')}
                >
                  <ServiceMark service={chain.entry.service} />
                  <b>{chain.entry.operation}</b>
                </button>{' '}
                <span class="mid">{pathOf(chain)}</span>
              </td>
              <td class="num">{formatRate(chain.requestsPerSecond)}</td>
              <td class="num">{chain.depth}</td>
              <td class="num">
                <Duration nanos={chain.p99} />
              </td>
              <td class="num">{formatShare(chain.availability)}</td>
              <td class="num">{chain.retryAmplification.toFixed(1)}</td>
              <td class="num">
                {stake.assumed ? (
                  <span class="dim" title="At most; assumed, since no failure has been seen yet">
                    ≤ {formatShare(stake.share)}
                  </span>
                ) : (
                  formatShare(stake.share)
                )}
              </td>
              <td>
                {weakest && caller ? (
                  <>
                    {caller.service} → {weakest.service}{' '}
                    {weakest.protocol ? <Pill>{PROTOCOLS[weakest.protocol]}</Pill> : null}
                  </>
                ) : (
                  <span class="dim">–</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);

const Ranking = ({ chains }: { readonly chains: readonly Chain[] }) => {
  const wanted = place.value.params.get('chain');
  const drawn = chains.filter((chain, index) => chain.signature === wanted || index < DRAWN);
  const rest = chains.filter((chain) => !drawn.includes(chain));
  return (
    <>
      {drawn.map((chain) => (
        <ChainCard key={chain.signature} chain={chain} />
      ))}
      {rest.length > 0 ? <Rest chains={rest} /> : null}
    </>
  );
};

/** Synchronous chains, the most dangerous first. */
export const ChainsPage = () => {
  const chains = useResource(rangeKey.value, (signal) => api.chains(boundsNow(), signal), {
    everyMs: refreshEvery.value,
  });
  useShortcuts({ reload: chains.reload });
  return (
    <div class="page">
      <div class="page__head">
        <h1>Synchronous chains</h1>
        <span class="mid">ranked by the requests at stake if their weakest hop stops</span>
        <span class="dim end">
          {chains.data ? `${plural(chains.data.chains.length, 'chain')} · ${rangeLabel(range.value)}` : ''}
        </span>
      </div>
      <Loaded resource={chains} what="chains">
        {({ chains: all }) =>
          all.length === 0 ? (
            <Nothing title="No chains in this time range">
              A chain appears when one service waits for another over REST or gRPC.
            </Nothing>
          ) : (
            <Ranking chains={all} />
          )
        }
      </Loaded>
    </div>
  );
};
