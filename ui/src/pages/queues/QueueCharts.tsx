import { useMemo } from 'preact/hooks';
import type { Series } from '../../../../collector/src/contract/index.ts';
import { formatDuration, formatSeconds } from '../../lib/duration.ts';
import { formatRate, formatShortCount } from '../../lib/figures.ts';
import { finished } from '../../lib/finished.ts';
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

/** Steps of time from a nanosecond to ten days: decimal below a second, of the clock above. */
const SECOND_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 864_000,
];
const NANO_STEPS = [
  ...Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat(),
  ...SECOND_STEPS.map((seconds) => seconds * 1e9),
];
const DURATION_STEPS = [
  ...NANO_STEPS.filter((nanos) => nanos < 1e9).map((nanos) => nanos / 1e9),
  ...SECOND_STEPS,
];

const COUNT_STEPS = Array.from({ length: 13 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

interface Drawn {
  readonly steps?: readonly number[];
  /** Whether its values are counts a step, which are not whole while the step lasts. */
  readonly counts?: boolean;
  readonly title: string;
  readonly format: (value: number) => string;
  readonly lines: readonly (readonly [QueueMetric, Omit<Line, 'values'>])[];
}

const CHARTS: readonly Drawn[] = [
  {
    title: 'Lag',
    format: formatSeconds,
    steps: DURATION_STEPS,
    lines: [['queue.lag', { name: 'behind', color: 'var(--bad)' }]],
  },
  {
    title: 'Backlog',
    steps: COUNT_STEPS,
    format: formatShortCount,
    lines: [['queue.backlog', { name: 'messages', color: 'var(--accent)' }]],
  },
  {
    title: 'In and out per second',
    counts: true,
    format: formatRate,
    lines: [
      ['queue.published', { name: 'published', color: 'var(--svc-2)' }],
      ['queue.processed', { name: 'processed', color: 'var(--svc-4)', dash: [6, 3] }],
    ],
  },
  {
    title: 'Time in queue',
    format: formatDuration,
    steps: NANO_STEPS,
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
  /** When the series were asked for, Unix seconds. */
  readonly asOf: number;
}) => {
  const { queue, series, asOf } = props;
  const times = series['queue.published'].times;
  const drawn = useMemo(
    () =>
      CHARTS.map((chart) => ({
        ...chart,
        lines: chart.lines.map(([metric, line]) => {
          const values = valuesOf(series[metric], queue, times);
          return { ...line, values: chart.counts ? finished(times, values, asOf) : values };
        }),
      })),
    [series, queue, times, asOf],
  );
  return (
    <div class="charts">
      {drawn.map((chart) => (
        <QueueChart
          key={chart.title}
          title={chart.title}
          format={chart.format}
          steps={chart.steps}
          times={times}
          lines={chart.lines}
        />
      ))}
    </div>
  );
};
