import { formatDuration } from '../../model/index.ts';
import { LIMITS } from '../limits.ts';
import { gather, keyOf, partsOf } from '../rollup.ts';
import { quantile } from '../sketch.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Finding, TimeRange } from '../types.ts';
import { finding, percent } from './finding.ts';

type Key = readonly [type: string, service: string, operation: string, system: string, destination: string];

/** Operations most of whose requests wait for an answer through a queue. */
export const queueRpcFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const requests = new Map(
    gather(entries, range, 'operation').map(({ key, total }) => [key, countOf(total, 'requests')]),
  );
  const found: Finding[] = [];
  for (const seen of gather(entries, range, 'finding')) {
    const [type, service, operation, system, destination] = partsOf<Key>(seen.key);
    if (type !== 'sync-over-queue') continue;
    const count = countOf(seen.total, 'count');
    const all = Math.max(count, requests.get(keyOf([service, operation])) ?? 0);
    if (all < LIMITS.rpcRequests || count / all < LIMITS.rpcShare) continue;
    const wait = quantile(seen.total.sketches.get('wait')!, 0.5) ?? 0;
    const share = Math.min(1, countOf(seen.total, 'waited') / Math.max(1, countOf(seen.total, 'time')));
    found.push(
      finding(
        {
          type: 'sync-over-queue',
          severity: 'warning',
          title: `${service} calls synchronously through ${destination}`,
          sentence:
            `${service} publishes to ${destination} while it answers ${operation} and waits for the reply message: ` +
            `${formatDuration(wait)} in half of the cases, ${percent(share)} of the request, in ${percent(count / all)} of ${all} requests.`,
          where: { service, operation, system, destination },
          figures: { requests: all, share: count / all, wait, waitShare: share },
          recommendation:
            'Answer without the reply (202 and an event), or call directly over gRPC or HTTP: ' +
            'the queue adds waiting and hides the dependency, but decouples nothing.',
          count,
        },
        seen,
      ),
    );
  }
  return found;
};
