import { signatureOf } from './chains.ts';
import type { ChainKeyHop } from './count-chains.ts';
import type { Kind } from './rollup.ts';
import { BUCKET_SECONDS, inRange, partsOf } from './rollup.ts';
import { quantile } from './sketch.ts';
import type { RollupEntry, Stat } from './stat.ts';
import { countOf, emptyStat, mergeStat } from './stat.ts';
import type { Series, TimeRange } from './types.ts';

export interface SeriesRequest {
  readonly metric: string;
  /** Labels to split by; all that the metric has if left out. */
  readonly by?: readonly string[];
  /** Width of a point, a multiple of 10. */
  readonly stepSeconds: number;
  /** Label values that a series must have. */
  readonly filter?: Readonly<Record<string, string>>;
}

interface Metric {
  readonly kind: Kind;
  /** Of one point; null where it holds nothing to tell. */
  readonly value: (stat: Stat, seconds: number) => number | null;
}

const rate =
  (...names: readonly string[]) =>
  (stat: Stat, seconds: number): number =>
    names.reduce((sum, name) => sum + countOf(stat, name), 0) / seconds;

const percentile =
  (name: string, q: number) =>
  (stat: Stat): number | null => {
    const sketch = stat.sketches.get(name);
    return (sketch && quantile(sketch, q)) ?? null;
  };

const newest =
  (name: string, scale: number) =>
  (stat: Stat): number | null => {
    const latest = stat.latest.get(name);
    return latest === undefined ? null : latest.value * scale;
  };

const METRICS: Readonly<Record<string, Metric>> = {
  /** Seconds that the newest delivered message had waited. */
  'queue.lag': { kind: 'group', value: newest('wait', 1e-9) },
  /** Messages that waited behind the newest delivery. */
  'queue.backlog': { kind: 'group', value: newest('pending', 1) },
  'queue.published': { kind: 'queue', value: rate('published') },
  'queue.processed': { kind: 'group', value: rate('processed') },
  'queue.redelivered': { kind: 'group', value: rate('redelivered') },
  'queue.errors': { kind: 'group', value: rate('errors') },
  'queue.time_in_queue.p50': { kind: 'group', value: percentile('wait', 0.5) },
  'queue.time_in_queue.p95': { kind: 'group', value: percentile('wait', 0.95) },
  'queue.time_in_queue.p99': { kind: 'group', value: percentile('wait', 0.99) },
  'service.requests': { kind: 'operation', value: rate('requests') },
  'service.errors': { kind: 'operation', value: rate('errors') },
  'service.p50': { kind: 'operation', value: percentile('duration', 0.5) },
  'service.p99': { kind: 'operation', value: percentile('duration', 0.99) },
  'chain.requests': { kind: 'chain', value: rate('count') },
  'chain.p99': { kind: 'chain', value: percentile('duration.0', 0.99) },
};

/** Every metric that `seriesOf` knows. Rates are per second, times ns, lag seconds. */
export const METRIC_NAMES: readonly string[] = Object.keys(METRICS);

/** Labels of the metrics whose name begins so, in the order in which they split. */
export const labelsOfMetric = (metric: string): readonly string[] => {
  if (metric.startsWith('queue.')) return ['system', 'destination', 'consumerGroup'];
  return metric.startsWith('service.') ? ['service'] : ['chain'];
};

/** Above this many series the busiest are kept: a chart of more says nothing. */
const MAX_SERIES = 100;

/** Points of one metric over the range. An unknown metric throws RangeError. */
export const seriesOf = (
  entries: Iterable<RollupEntry>,
  range: TimeRange,
  request: SeriesRequest,
): Series => {
  const metric = METRICS[request.metric];
  if (metric === undefined) throw new RangeError(`no metric is called ${request.metric}`);
  const step = Math.max(BUCKET_SECONDS, Math.ceil(request.stepSeconds / BUCKET_SECONDS) * BUCKET_SECONDS);
  const first = Math.floor(Number(range.start) / 1e9 / step) * step;
  const points = Math.max(1, Math.ceil((Number(range.end) / 1e9 - first) / step));
  const by = request.by ?? labelsOfMetric(request.metric);
  const all = [...entries];
  const lines = new Map<
    string,
    { labels: Record<string, string>; weight: number; stats: (Stat | undefined)[] }
  >();
  for (const { bucket, key, stat } of inRange(all, range, metric.kind)) {
    for (const labels of labelSets(request.metric, metric.kind, key, all)) {
      if (!matches(labels, request.filter)) continue;
      const shown = Object.fromEntries(by.flatMap((name) => (name in labels ? [[name, labels[name]!]] : [])));
      const id = JSON.stringify(shown);
      const line = lines.get(id) ?? { labels: shown, weight: 0, stats: new Array<Stat | undefined>(points) };
      lines.set(id, line);
      const point = Math.floor((bucket - first) / step);
      line.stats[point] = mergeStat(line.stats[point], stat, 1);
      line.weight += 1;
    }
  }
  const kept = [...lines.values()].sort((a, b) => b.weight - a.weight).slice(0, MAX_SERIES);
  const empty = emptyStat();
  return {
    times: Array.from({ length: points }, (_, n) => first + n * step),
    series: kept.map(({ labels, stats }) => ({
      labels,
      values: Array.from(stats, (stat) => metric.value(stat ?? empty, step)),
    })),
  };
};

const matches = (
  labels: Readonly<Record<string, string>>,
  filter: Readonly<Record<string, string>> = {},
): boolean => Object.entries(filter).every(([name, value]) => labels[name] === value);

/** What is published to a destination is published to every group that consumes it. */
const labelSets = (
  metric: string,
  kind: Kind,
  key: string,
  all: readonly RollupEntry[],
): Record<string, string>[] => {
  if (kind === 'operation') {
    const [service, operation] = partsOf<[string, string]>(key);
    return [{ service, operation }];
  }
  if (kind === 'chain') return [{ chain: signatureOf(partsOf<ChainKeyHop[]>(key)) }];
  const [system, destination, consumerGroup] = partsOf<[string, string, string?]>(key);
  if (metric !== 'queue.published') return [{ system, destination, consumerGroup: consumerGroup ?? '' }];
  const groups = new Set<string>();
  for (const entry of all) {
    if (entry.kind !== 'group') continue;
    const [ofSystem, ofDestination, group] = partsOf<[string, string, string]>(entry.key);
    if (ofSystem === system && ofDestination === destination) groups.add(group);
  }
  return groups.size === 0
    ? [{ system, destination, consumerGroup: '' }]
    : [...groups].map((group) => ({ system, destination, consumerGroup: group }));
};
