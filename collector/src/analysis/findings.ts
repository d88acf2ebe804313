import type { UnixNanos } from '../model/index.ts';
import { balanceFindings } from './findings/balance.ts';
import { cascadeFindings } from './findings/cascade.ts';
import { chainFindings } from './findings/chains.ts';
import { contextFindings } from './findings/context.ts';
import { hopFindings } from './findings/hops.ts';
import { queueRpcFindings } from './findings/queue-rpc.ts';
import { queueFindings } from './findings/queues.ts';
import { retryFindings } from './findings/retries.ts';
import { troubleFindings } from './findings/trouble.ts';
import type { RollupEntry } from './stat.ts';
import type { Finding, Severity, TimeRange } from './types.ts';

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** Everything wrong or risky in the range: the most severe first, then the most frequent. */
export const findingsOf = (entries: Iterable<RollupEntry>, range: TimeRange, now: UnixNanos): Finding[] => {
  const all = [...entries];
  const found = [
    ...chainFindings(all, range),
    ...queueFindings(all, range, now),
    ...queueRpcFindings(all, range),
    ...cascadeFindings(all, range, now),
    ...retryFindings(all, range),
    ...hopFindings(all, range),
    ...troubleFindings(all, range),
    ...contextFindings(all, range),
    ...balanceFindings(all, range),
  ];
  return found.sort(
    (a, b) => RANK[a.severity] - RANK[b.severity] || b.count - a.count || (a.id < b.id ? -1 : 1),
  );
};
