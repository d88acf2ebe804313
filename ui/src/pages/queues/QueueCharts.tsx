import { useMemo } from 'preact/hooks';
import type { Series } from '../../../../collector/src/contract/index.ts';
import { formatDuration, formatSeconds } from '../../lib/duration.ts';
import { formatRate, formatShortCount } from '../../lib/figures.ts';
import { type Line, QueueChart } from './QueueChart.tsx';
import { isSameQueue, type QueueKey } from './queue-id.ts';

export const QUEUE_METRICS = [
  'queue.lag',
  'queue.backlog',
  'queue.published',
  'queue.processed',
  'queue.time_in_queue.p50',
  'queue.time_in_queue.p95',
  'queue.time_in_queue.p99',
] as const;

export type QueueMetric = (typeof QUEUE_METRICS)[number];

interface Drawn {
  readonly title: string;
  readonly format: (value: number) => string;
  readonly lines: readonly (readonly [QueueMetric, Omit<Line, 'values'>])[];
}

const CHARTS: readonly Drawn[] = [
  { title: 'Lag', format: formatSeconds, lines: [['queue.lag', { name: 'behind', color: 'var(--bad)' }]] },
  {
    title: 'Backlog',
    format: formatShortCount,
    lines: [['queue.backlog', { name: 'messages', color: 'var(--accent)' }]],
  },
  {
    title: 'In and out per second',
    format: formatRate,
    lines: [
      ['queue.published', { name: 'published', color: 'var(--svc-2)' }],
      ['queue.processed', { name: 'processed', color: 'var(--svc-4)', dash: [6, 3] }],
    ],
  },
  {
    title: 'Time in queue',
    format: formatDuration,
    lines: [
      ['queue.time_in_queue.p50', { name: 'p50', color: 'var(--svc-0)' }],
      ['queue.time_in_queue.p95', { name: 'p95', color: 'var(--svc-3)', dash: [6, 3] }],
      ['queue.time_in_queue.p99', { name: 'p99', color: 'var(--svc-1)', dash: [2, 3] }],
    ],
  },
];

/** Values of one queue on the times of the first metric; all metrics share range and step. */
const valuesOf = (
  series: Series | undefined,
  queue: QueueKey,
  times: readonly number[],
): (number | null)[] => {
  const own = series?.series.find((each) => isSameQueue(each.labels, queue))?.values ?? [];
  const at = new Map(series?.times.map((time, index) => [time, own[index] ?? null]));
  return times.map((time) => at.get(time) ?? null);
};

export const QueueCharts = (props: {
  readonly queue: QueueKey;
  readonly series: Readonly<Record<QueueMetric, Series>>;
}) => {
  const { queue, series } = props;
  const times = series['queue.published'].times;
  const drawn = useMemo(
    () =>
      CHARTS.map((chart) => ({
        ...chart,
        lines: chart.lines.map(([metric, line]) => ({
          ...line,
          values: valuesOf(series[metric], queue, times),
        })),
      })),
    [series, queue, times],
  );
  return (
    <div class="charts">
      {drawn.map((chart) => (
        <QueueChart
          key={chart.title}
          title={chart.title}
          format={chart.format}
          times={times}
          lines={chart.lines}
        />
      ))}
    </div>
  );
};
