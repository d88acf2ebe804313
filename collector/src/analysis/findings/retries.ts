import { chainsOf, signatureOf } from '../chains.ts';
import type { ChainKeyHop } from '../count-chains.ts';
import { LIMITS } from '../limits.ts';
import type { EdgeKey } from '../map.ts';
import type { Gathered } from '../rollup.ts';
import { gather, partsOf } from '../rollup.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Chain, Finding, TimeRange } from '../types.ts';
import { finding, percent, plural } from './finding.ts';

/** Hops that are tried again too often or too soon, and chains in which retries multiply. */
export const retryFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const found: Finding[] = [];
  for (const edge of gather(entries, range, 'edge')) {
    for (const one of [amplification(edge), withoutBackoff(edge)]) if (one !== undefined) found.push(one);
  }
  const chains = new Map(
    gather(entries, range, 'chain').map((one) => [signatureOf(partsOf<ChainKeyHop[]>(one.key)), one]),
  );
  for (const chain of chainsOf(entries, range)) {
    const layers = chain.hops.filter((hop) => hop.attempts > 1);
    if (layers.length >= 2) found.push(nested(chain, layers.length, chains.get(chain.signature)!));
  }
  return found;
};

const amplification = (edge: Gathered): Finding | undefined => {
  const [, from, , to] = partsOf<EdgeKey>(edge.key);
  const calls = countOf(edge.total, 'calls');
  const attempts = countOf(edge.total, 'attempts');
  const share = attempts === 0 ? 0 : (attempts - calls) / attempts;
  if (attempts < LIMITS.retryCalls || share <= LIMITS.retryInfo) return undefined;
  return finding(
    {
      type: 'retry-amplification',
      severity: share > LIMITS.retryWarning ? 'warning' : 'info',
      title: `${from} tries ${to} again and again`,
      sentence: `${from} made ${attempts} attempts for ${plural(calls, 'call')} to ${to}: ${percent(share)} of them were retries.`,
      where: { from, to, service: from },
      figures: { calls, attempts, share },
      recommendation:
        'Give retries a budget (at most 20 % of the calls) and stop them where the callee says that it is overloaded.',
      count: attempts - calls,
    },
    edge,
    ({ stat }) => countOf(stat, 'attempts') > countOf(stat, 'calls'),
  );
};

const withoutBackoff = (edge: Gathered): Finding | undefined => {
  const [, from, , to] = partsOf<EdgeKey>(edge.key);
  const eager = countOf(edge.total, 'eagerRetries');
  const retried = countOf(edge.total, 'retried');
  if (eager < LIMITS.eagerRetries || eager / retried < 0.5) return undefined;
  return finding(
    {
      type: 'retry-without-backoff',
      severity: 'warning',
      title: `${from} retries ${to} without backing off`,
      sentence: `In ${eager} of ${plural(retried, 'retried call')} from ${from} to ${to} the pauses between attempts did not grow.`,
      where: { from, to, service: from },
      figures: { eager, retried },
      recommendation:
        'Double the pause with every attempt and add jitter, so that a callee in trouble gets time to recover.',
      count: eager,
    },
    edge,
    ({ stat }) => countOf(stat, 'eagerRetries') > 0,
  );
};

const nested = (chain: Chain, layers: number, seen: Gathered): Finding => {
  const measured = Number(chain.retryAmplification.toFixed(1));
  return finding(
    {
      type: 'nested-retries',
      severity: 'warning',
      title: `Retries multiply below ${chain.entry.service}`,
      sentence:
        `${layers} hops of ${chain.hops.map((hop) => hop.service).join(' > ')} retry: one request became ${measured} ` +
        `calls at the end on average, and may become ${chain.worstCaseAttempts}.`,
      where: { service: chain.entry.service, operation: chain.entry.operation, chain: chain.signature },
      figures: { layers, amplification: chain.retryAmplification, worstCase: chain.worstCaseAttempts },
      recommendation:
        'Retry in one layer only, the one next to the failure; let the others pass the error on.',
      count: chain.count,
    },
    seen,
  );
};
