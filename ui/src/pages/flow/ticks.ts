import { formatDuration } from '../../lib/duration.ts';
import type { TimeScale } from './fold.ts';

export interface Tick {
  readonly x: number;
  readonly label: string;
}

const SECOND = 1e9;

/** 1, 2 or 5 times a power of ten, at least `least`; from a minute on, parts of minutes and hours. */
export const niceStep = (least: number): number => {
  if (least > 20 * SECOND) {
    const steps = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map((s) => s * SECOND);
    return steps.find((step) => step >= least) ?? Math.ceil(least / (86_400 * SECOND)) * 86_400 * SECOND;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
};

/** Digits after the point that tell neighbouring ticks apart: 10.2 s, 10.4 s. */
const tickLabel = (nanos: number, step: number): string => {
  if (nanos < SECOND || nanos >= 60 * SECOND) return formatDuration(nanos);
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(step / SECOND) + 1e-9)));
  return `${(nanos / SECOND).toFixed(digits)} s`;
};

/** Round times about `spacing` pixels apart along the pieces that are drawn to scale; none inside a break. */
export const ticksOf = (scale: TimeScale, spacing = 110): Tick[] => {
  const ticks: Tick[] = [];
  for (const piece of scale.pieces) {
    const wide = piece.x1 - piece.x0;
    if (piece.folded || wide < 24) continue;
    const step = niceStep(((piece.to - piece.from) / wide) * spacing);
    for (let index = Math.ceil(piece.from / step - 1e-9); index * step <= piece.to; index++) {
      const nanos = index * step;
      const x = scale.x(nanos);
      const label = nanos === 0 ? '0' : tickLabel(nanos, step);
      const room = label.length * 6.5 + 6;
      if (x + room <= piece.x1 && x >= (ticks.at(-1)?.x ?? -spacing) + spacing / 2) ticks.push({ x, label });
    }
  }
  return ticks;
};
