import { useMemo, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { axisLook, Chart, type ChartOptions, timeAxis } from '../../components/Chart.tsx';
import { bridged } from '../../lib/gaps.ts';
import { resolvedColor } from '../../state/theme.ts';

export interface Line {
  readonly name: string;
  /** A CSS colour. */
  readonly color: string;
  /** Apart without colour too. */
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
}

const HEIGHT = 168;
/** All charts of the page share one cursor. */
const CURSOR = 'queue';

const lastOf = (values: readonly (number | null)[]): number | null =>
  values.findLast((value) => value !== null) ?? null;

/** Lines over time with a key that reads the values under the cursor, or the newest ones. */
export const QueueChart = (props: {
  readonly title: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Steps of the axis that read well; uPlot takes decimal ones otherwise. */
  readonly steps?: readonly number[] | undefined;
}) => {
  const { title, times, lines, format, steps } = props;
  const [at, setAt] = useState<number | undefined>();
  const look = JSON.stringify(lines.map(({ name, color, dash }) => [name, color, dash]));
  const build = useMemo(
    () => (): ChartOptions => ({
      legend: { show: false },
      padding: [8, 8, 0, 0],
      cursor: {
        sync: { key: CURSOR, setSeries: false },
        y: false,
        points: { size: 6 },
        drag: { x: false, y: false },
      },
      scales: { x: { time: true }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
      axes: [
        timeAxis(),
        {
          ...axisLook(),
          size: 76,
          ...(steps ? { incrs: [...steps] } : {}),
          values: (_, splits) => splits.map((value) => (value === 0 ? '0' : format(value))),
        },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.name,
          stroke: resolvedColor(line.color),
          width: 1.6,
          ...(line.dash ? { dash: [...line.dash] } : {}),
          points: { show: false },
        })),
      ],
      hooks: { setCursor: [(plot) => setAt(plot.cursor.idx ?? undefined)] },
    }),
    [look, format, steps],
  );
  const data = useMemo<uPlot.AlignedData>(
    () => [[...times], ...lines.map((line) => bridged(line.values))],
    [times, lines],
  );
  const empty = lines.every((line) => line.values.every((value) => value === null));
  return (
    <div class="card">
      <div class="charts__head">
        <h2>{title}</h2>
        {lines.map((line) => {
          const value = at === undefined ? lastOf(line.values) : line.values[at];
          return (
            <span class="charts__key" key={line.name} style={{ '--key': line.color }}>
              <svg viewBox="0 0 18 6" aria-hidden="true">
                <path d="M0,3H18" stroke-dasharray={line.dash?.join(' ')} />
              </svg>
              {line.name} <b>{value === null || value === undefined ? '–' : format(value)}</b>
            </span>
          );
        })}
      </div>
      {empty ? <div class="charts__empty">not known in this range</div> : null}
      <Chart
        build={build}
        data={data}
        height={HEIGHT}
        label={`${title} over time: ${lines.map((line) => line.name).join(', ')}`}
      />
    </div>
  );
};
