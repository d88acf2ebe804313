import type uPlot from 'uplot';

type Draw = (path: Path2D, x: number, y: number, radius: number) => void;

const circle: Draw = (path, x, y, radius) => {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
};

const cross: Draw = (path, x, y, radius) => {
  path.moveTo(x - radius, y - radius);
  path.lineTo(x + radius, y + radius);
  path.moveTo(x + radius, y - radius);
  path.lineTo(x - radius, y + radius);
};

const points =
  (draw: Draw, radius: number, filled: boolean): uPlot.Series.Points.PathBuilder =>
  (plot, seriesIndex, from, to) => {
    const path = new Path2D();
    const times = plot.data[0];
    const values = plot.data[seriesIndex] ?? [];
    for (let index = from; index <= to; index++) {
      const value = values[index];
      const time = times[index];
      if (value === null || value === undefined || time === undefined) continue;
      draw(path, plot.valToPos(time, 'x', true), plot.valToPos(value, 'y', true), radius * devicePixelRatio);
    }
    return { stroke: path, fill: filled ? path : null };
  };

/** A flow without errors: a dot. */
export const dots = points(circle, 2.2, true);
/** A flow with errors: a cross, so that colour is not the only cue. */
export const crosses = points(cross, 3, false);
