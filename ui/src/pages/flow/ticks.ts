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

const UNITS = [
  [SECOND, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;

/** Digits after the point that tell times `step` apart from each other, in this unit. */
const digitsFor = (step: number, unit: number): number =>
  Math.min(9, Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9)));

/** `2 h 1 min 11.2 s`; parts that are nothing are left out. */
const clockLabel = (nanos: number, step: number): string => {
  const digits = digitsFor(step, SECOND);
  // Rounded first, so that 59.96 s become a minute and not `60.0 s`.
  const seconds = Number((nanos / SECOND).toFixed(digits));
  const rest = (seconds % 60).toFixed(digits);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return [
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    Number(rest) > 0 ? `${rest} s` : '',
  ]
    .filter(Boolean)
    .join(' ');
};

/** A time with the precision of the spacing: 480.1 ms, 10.20 s, 1 min 11.2 s. Neighbours never read alike. */
export const tickLabel = (nanos: number, step: number): string => {
  if (nanos >= 60 * SECOND) return clockLabel(nanos, step);
  const [unit, name] = UNITS.find(([least]) => nanos >= least) ?? [1, 'ns'];
  return `${(nanos / unit).toFixed(digitsFor(step, unit))} ${name}`;
};

/** Pixels that a label takes, about. */
const widthOf = (label: string): number => label.length * 6.5 + 6;

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
      const last = ticks.at(-1);
      const free = last === undefined ? 0 : last.x + Math.max(widthOf(last.label), spacing / 2);
      if (x >= free && x + widthOf(label) <= piece.x1) ticks.push({ x, label });
    }
  }
  return ticks;
};
