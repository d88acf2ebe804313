import { formatDuration } from '../../model/index.ts';
import { chainsOf, signatureOf } from '../chains.ts';
import type { ChainKeyHop } from '../count-chains.ts';
import { LIMITS } from '../limits.ts';
import type { EdgeKey } from '../map.ts';
import type { Gathered } from '../rollup.ts';
import { gather, partsOf } from '../rollup.ts';
import { quantile } from '../sketch.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Finding, TimeRange } from '../types.ts';
import { finding, percent } from './finding.ts';

/** What is wrong between a caller and its callee. */
export const hopFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const found: Finding[] = [];
  for (const edge of gather(entries, range, 'edge')) {
    const inversion = timeoutInversion(edge);
    if (inversion !== undefined) found.push(inversion);
  }
  for (const seen of gather(entries, range, 'finding')) {
    const parts = partsOf<AckKey>(seen.key);
    if (parts[0] !== 'could-be-event') continue;
    const event = couldBeEvent(parts, seen, entries, range);
    if (event !== undefined) found.push(event);
  }
  return [...found, ...strongCoupling(entries, range)];
};

const timeoutInversion = (edge: Gathered): Finding | undefined => {
  const [, from, , to] = partsOf<EdgeKey>(edge.key);
  const count = countOf(edge.total, 'givenUp');
  const cutoff = edge.total.sketches.get('givenUp.wait');
  const needed = edge.total.sketches.get('givenUp.needed');
  if (count < LIMITS.givenUp || cutoff === undefined || needed === undefined) return undefined;
  const [wait, need] = [quantile(cutoff, 0.5) ?? 0, quantile(needed, 0.5) ?? 0];
  return finding(
    {
      type: 'timeout-inversion',
      severity: 'warning',
      title: `${from} gives up before ${to} answers`,
      sentence:
        `${from} stopped waiting for ${to} after ${formatDuration(wait)} in ${count} calls, ` +
        `while ${to} worked on for ${formatDuration(need)} in all: for nothing.`,
      where: { from, to, service: from },
      figures: { count, wait, needed: need },
      recommendation: `Pass the deadline on to ${to} so that it stops too, and give callers longer timeouts than their callees have.`,
      count,
    },
    edge,
    ({ stat }) => countOf(stat, 'givenUp') > 0,
  );
};

type AckKey = readonly [type: string, service: string, operation: string, to: string, called: string];

const couldBeEvent = (
  [, service, operation, to, called]: AckKey,
  seen: Gathered,
  entries: readonly RollupEntry[],
  range: TimeRange,
): Finding | undefined => {
  const count = countOf(seen.total, 'count');
  const requests = gather(entries, range, 'operation').find(
    ({ key }) => key === JSON.stringify([service, operation]),
  );
  const all = Math.max(count, countOf(requests?.total, 'requests'));
  if (count < LIMITS.acks || count / all < 0.5) return undefined;
  const wait = quantile(seen.total.sketches.get('wait')!, 0.5) ?? 0;
  const share = countOf(seen.total, 'waited') / Math.max(1, countOf(seen.total, 'time'));
  return finding(
    {
      type: 'could-be-event',
      severity: 'info',
      title: `${service} waits for ${to} only to say that it is done`,
      sentence:
        `${service} waits ${formatDuration(wait)} for ${to} (${called}), ${percent(share)} of ${operation}, ` +
        'as the last thing before it answers: publish an event instead.',
      where: { service, operation, from: service, to },
      figures: { count, requests: all, wait, share },
      recommendation: `Publish an event that ${to} consumes at its own pace, and answer at once.`,
      count,
    },
    seen,
  );
};

const strongCoupling = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const gathered = new Map(
    gather(entries, range, 'chain').map((one) => [signatureOf(partsOf<ChainKeyHop[]>(one.key)), one]),
  );
  const found = new Map<string, Finding>();
  for (const chain of chainsOf(entries, range)) {
    chain.hops.forEach((hop, n) => {
      const above = chain.hops[n - 1];
      const key = `${above?.service} ${hop.service} ${hop.operation}`;
      if (above === undefined || hop.coupling === undefined || found.has(key)) return;
      if (hop.errors < LIMITS.couplingFailures || hop.coupling < LIMITS.coupling) return;
      found.set(
        key,
        finding(
          {
            type: 'strong-coupling',
            severity: 'warning',
            title: `${above.service} fails with ${hop.service}`,
            sentence: `When ${hop.service} (${hop.operation}) fails, ${above.service} fails in ${percent(hop.coupling)} of the cases (${hop.errors} failures).`,
            where: {
              from: above.service,
              to: hop.service,
              service: above.service,
              operation: above.operation,
            },
            figures: { coupling: hop.coupling, failures: hop.errors, calls: hop.calls },
            recommendation: `Let ${above.service} answer without ${hop.service}: a default, a cached answer, or an event that is handled later.`,
            count: hop.errors,
          },
          gathered.get(chain.signature)!,
        ),
      );
    });
  }
  return [...found.values()];
};
