import { unixNanos } from '../../model/index.ts';
import type { Gathered } from '../rollup.ts';
import { BUCKET_SECONDS } from '../rollup.ts';
import type { RollupEntry } from '../stat.ts';
import type { Finding, Where } from '../types.ts';

/** Type and place make the id, so that the same trouble keeps it over time. */
export const findingId = (type: string, where: Where): string => {
  const text = JSON.stringify([type, ...Object.entries(where).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return `${type}-${hash(text, 0x811c9dc5)}${hash(text, 0x9e3779b9)}`;
};

/** FNV-1a: short and stable; two places in one store will not meet in 64 bits. */
const hash = (text: string, seed: number): string => {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(16).padStart(8, '0');
};

type Draft = Omit<Finding, 'id' | 'firstSeen' | 'lastSeen' | 'evidence'> & {
  readonly figures: Readonly<Record<string, number>>;
};

/** A finding with its times from the buckets that show it, to within a bucket. */
export const finding = (
  draft: Draft,
  seen: Gathered,
  shows: (entry: RollupEntry) => boolean = () => true,
): Finding => {
  const { figures, ...rest } = draft;
  const buckets = seen.buckets.filter(shows);
  const first = (buckets[0] ?? seen.buckets[0]!).bucket;
  const last = (buckets.at(-1) ?? seen.buckets.at(-1)!).bucket + BUCKET_SECONDS;
  return {
    ...rest,
    id: findingId(draft.type, draft.where),
    evidence: { flows: seen.total.exemplars.map(({ traceId }) => traceId), figures },
    firstSeen: unixNanos(BigInt(first) * 1_000_000_000n),
    lastSeen: unixNanos(BigInt(last) * 1_000_000_000n),
  };
};

export const percent = (share: number): string => {
  const value = share * 100;
  return `${value > 0 && value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
};

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
