import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { TraceSummary } from '../../../../collector/src/contract/index.ts';
import { axisLook, Chart, type ChartOptions, timeAxis } from '../../components/Chart.tsx';
import { ServiceMark } from '../../components/places.tsx';
import { nanosToMillis } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/duration.ts';
import { plural } from '../../lib/figures.ts';
import type { Bounds } from '../../state/api.ts';
import { navigate } from '../../state/location.ts';
import { setRange } from '../../state/range.ts';
import { resolvedColor } from '../../state/theme.ts';
import { flowHref } from './FlowTable.tsx';
import { crosses, dots } from './scatter-paths.ts';
import './Scatter.css';

const HEIGHT = 150;
/** How near in CSS pixels the pointer must come to mean a flow. */
const NEAR = 10;
/** A flow without duration still needs a place on the logarithmic axis, ns. */
const LEAST = 1_000;

interface Hovered {
  readonly row: TraceSummary;
  readonly x: number;
  readonly y: number;
}

const duration = (row: TraceSummary): number => Math.max(LEAST, row.duration);

const columns = (rows: readonly TraceSummary[]): uPlot.AlignedData => [
  rows.map((row) => nanosToMillis(row.start) / 1_000),
  rows.map((row) => (row.errorCount > 0 ? null : duration(row))),
  rows.map((row) => (row.errorCount > 0 ? duration(row) : null)),
];

/** Whole decades around the data. */
const decades = (_: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax => {
  const low = 10 ** Math.floor(Math.log10(least && least > 0 ? least : 1e6));
  const high = 10 ** Math.ceil(Math.log10(most && most > 0 ? most * 1.05 : 1e9));
  return [low, Math.max(high, low * 10)];
};

/** Lines at the powers of ten only, every other one where there are many. */
const powers = (_plot: uPlot, _axis: number, low: number, high: number): number[] => {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const count = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  const all = Array.from({ length: count }, (_, index) => 10 ** (first + index));
  return count > 5 ? all.filter((_, index) => index % 2 === 0) : all;
};

const powerLabel = (nanos: number): string =>
  nanos < 6e10 ? formatDuration(nanos) : `${Math.round(nanos / 1e9)} s`;

const nearest = (plot: uPlot, rows: readonly TraceSummary[]): Hovered | undefined => {
  const { left = -1, top = -1, idx } = plot.cursor;
  if (idx === null || idx === undefined || left < 0) return undefined;
  let best: Hovered | undefined;
  let distance = NEAR;
  const look = (index: number): boolean => {
    const row = rows[index];
    if (!row) return false;
    const x = plot.valToPos(nanosToMillis(row.start) / 1_000, 'x');
    const y = plot.valToPos(duration(row), 'y');
    const far = Math.hypot(x - left, y - top);
    if (far < distance) {
      distance = far;
      best = { row, x, y };
    }
    return Math.abs(x - left) < NEAR;
  };
  for (let index = idx; look(index); index++);
  for (let index = idx - 1; look(index); index--);
  return best;
};

/** Latency over time: a dot a flow, a cross where it failed; drag narrows the time range, a click opens the flow. */
export const Scatter = ({
  rows,
  bounds,
}: {
  readonly rows: readonly TraceSummary[];
  readonly bounds: Bounds;
}) => {
  const sorted = useMemo(
    () => [...rows].sort((a, b) => (BigInt(a.start) < BigInt(b.start) ? -1 : 1)),
    [rows],
  );
  const data = useMemo(() => columns(sorted), [sorted]);
  const [hovered, hover] = useState<Hovered | undefined>();
  const live = useRef({ sorted, hovered, bounds });
  live.current = { sorted, hovered, bounds };

  const build = useMemo(
    () => (): ChartOptions => ({
      legend: { show: false },
      padding: [10, 12, 0, 0],
      scales: {
        x: {
          time: true,
          range: () => [
            nanosToMillis(live.current.bounds.start) / 1e3,
            nanosToMillis(live.current.bounds.end) / 1e3,
          ],
        },
        y: { distr: 3, log: 10, range: decades },
      },
      axes: [
        timeAxis(),
        {
          ...axisLook(),
          size: 62,
          splits: powers,
          // uPlot would name only some decades of a logarithmic axis.
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map(powerLabel),
        },
      ],
      series: [
        {},
        {
          paths: () => null,
          points: {
            show: true,
            paths: dots,
            fill: resolvedColor('color-mix(in srgb, var(--accent) 55%, transparent)'),
            width: 0,
          },
        },
        {
          paths: () => null,
          points: { show: true, paths: crosses, stroke: resolvedColor('--bad'), width: 1.6 },
        },
      ],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 4 } },
      hooks: {
        setCursor: [(plot) => hover(nearest(plot, live.current.sorted))],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 4) return;
            const at = (pixels: number) => plot.posToVal(pixels, 'x') * 1_000;
            setRange({ kind: 'absolute', from: at(left), to: at(left + width) });
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        ready: [
          (plot) => {
            plot.over.addEventListener('click', () => {
              const under = live.current.hovered;
              if (under) navigate(flowHref(under.row.traceId));
            });
            plot.over.addEventListener('mouseleave', () => hover(undefined));
          },
        ],
      },
    }),
    [],
  );

  useEffect(() => hover(undefined), [bounds]);
  const errors = rows.filter((row) => row.errorCount > 0).length;
  return (
    <section class={`scatter ${hovered ? 'scatter--point' : ''}`} aria-label="Duration over time">
      <Chart
        build={build}
        data={data}
        height={HEIGHT}
        label={`Duration of ${plural(rows.length, 'flow')} over time, ${errors} with errors`}
      />
      {hovered ? (
        <div
          class={`scatter__tip ${hovered.x > 600 ? 'scatter__tip--left' : ''}`}
          style={{ left: `${hovered.x + 62}px`, top: `${Math.max(24, hovered.y + 10)}px` }}
        >
          <ServiceMark service={hovered.row.rootService} />
          <span class="clip">
            {hovered.row.rootService} {hovered.row.rootName}
          </span>
          <b>{formatDuration(hovered.row.duration)}</b>
        </div>
      ) : null}
    </section>
  );
};
