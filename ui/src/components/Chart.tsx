import { useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { resolvedColor, themeChanges } from '../state/theme.ts';
import './Chart.css';

export type ChartOptions = Omit<uPlot.Options, 'width' | 'height'>;

/** The look of every axis: quiet lines, small figures. */
export const axisLook = (): Pick<uPlot.Axis, 'stroke' | 'font' | 'grid' | 'ticks'> => ({
  stroke: resolvedColor('--ink-3'),
  font: `11px ${getComputedStyle(document.body).fontFamily}`,
  grid: { stroke: resolvedColor('--line-soft'), width: 1 },
  ticks: { stroke: resolvedColor('--line'), width: 1, size: 4 },
});

/** 24-hour times, in the order that lists and titles use too. */
const TIME_FORMATS: uPlot.Axis.Values = [
  [3600 * 24 * 365, '{YYYY}', null, null, null, null, null, null, 1],
  [3600 * 24, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', null, null, null, null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
  [0.001, ':{ss}.{fff}', null, null, null, null, null, null, 1],
];

export const timeAxis = (): uPlot.Axis => ({ ...axisLook(), values: TIME_FORMATS, size: 28, space: 90 });

/**
 * A uPlot chart as wide as its place. It is built anew when `build` or the theme changes; new data alone only
 * redraws it.
 */
export const Chart = (props: {
  readonly build: () => ChartOptions;
  readonly data: uPlot.AlignedData;
  readonly height: number;
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
}) => {
  const { build, data, height } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const newest = useRef(data);
  newest.current = data;
  const drawn = themeChanges.value;

  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const plot = new uPlot(
      { ...build(), width: Math.max(80, element.clientWidth), height },
      newest.current,
      element,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => {
      const width = Math.max(80, element.clientWidth);
      if (width !== plot.width) plot.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
  }, [build, height, drawn]);

  useLayoutEffect(() => {
    const plot = chart.current;
    if (plot && plot.data !== data) plot.setData(data);
  }, [data]);

  return (
    <div class="chart" ref={place} role="img" aria-label={props.label} style={{ height: `${height}px` }} />
  );
};
