import { formatDuration } from '../../model/index.ts';
import { LIMITS } from '../limits.ts';
import type { Gathered } from '../rollup.ts';
import { gather, partsOf } from '../rollup.ts';
import { quantile } from '../sketch.ts';
import type { RollupEntry } from '../stat.ts';
import { countOf } from '../stat.ts';
import type { Finding, TimeRange } from '../types.ts';
import { finding, plural } from './finding.ts';

/** Clocks that differ and calls in loops. */
export const troubleFindings = (entries: readonly RollupEntry[], range: TimeRange): Finding[] => {
  const found: Finding[] = [];
  for (const seen of gather(entries, range, 'finding')) {
    const [type, from, to, operation] = partsOf<[string, string, string, string]>(seen.key);
    const one =
      type === 'clock-skew'
        ? clockSkew(from, to, seen)
        : type === 'n-plus-one'
          ? repeats(from, to, operation, seen)
          : undefined;
    if (one !== undefined) found.push(one);
  }
  return found;
};

const clockSkew = (from: string, to: string, seen: Gathered): Finding | undefined => {
  const count = countOf(seen.total, 'count');
  const ahead = quantile(seen.total.sketches.get('ahead')!, 0.5) ?? 0;
  if (count < LIMITS.skewCalls) return undefined;
  const offset = formatDuration(Math.abs(ahead));
  const side = ahead > 0 ? 'ahead of' : 'behind';
  return finding(
    {
      type: 'clock-skew',
      severity: 'info',
      title: `${to}'s clock is ${offset} ${side} ${from}'s`,
      sentence:
        `By ${plural(count, 'call')} that both sides saw, the clock of ${to} is ${offset} ${side} that of ${from}; ` +
        'times in queue between them are corrected by it.',
      where: { service: to, from, to },
      figures: { offset: ahead, calls: count },
      recommendation: `Synchronise the clock of ${to} (chrony or NTP); until then trust durations more than times.`,
      count,
    },
    seen,
  );
};

const repeats = (from: string, to: string, operation: string, seen: Gathered): Finding | undefined => {
  const count = countOf(seen.total, 'count');
  if (count <= 0) return undefined;
  const each = Math.round(countOf(seen.total, 'calls') / count);
  const time = quantile(seen.total.sketches.get('time')!, 0.5) ?? 0;
  return finding(
    {
      type: 'n-plus-one',
      severity: 'info',
      title: `${from} calls ${to} in a loop`,
      sentence: `${from} makes ${each} calls of ${operation} to ${to} one after the other, ${formatDuration(time)} together, in ${plural(count, 'request')}.`,
      where: { service: from, from, to, operation },
      figures: { requests: count, calls: each, time },
      recommendation: 'Ask once for all of them, or at least at the same time.',
      count,
    },
    seen,
  );
};
