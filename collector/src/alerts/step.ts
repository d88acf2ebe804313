import type { UnixNanos } from '../model/index.ts';
import type { Sample } from './measure/index.ts';

/** One alert that is not inactive. */
export interface AlertRecord extends Omit<Sample, 'place'> {
  /** `<rule>/<hash of the place>` */
  readonly id: string;
  readonly rule: string;
  readonly state: 'pending' | 'firing' | 'resolved';
  /** When the condition began to hold. */
  readonly since: UnixNanos;
  readonly resolvedAt?: UnixNanos;
  /** How long the condition has held, ns; grows while pending. */
  readonly held: number;
  /** How long the condition has not held, ns; undefined while it holds. */
  readonly quiet?: number;
}

/** Long enough to read about it after it is over. */
export const KEEP_RESOLVED = 3_600_000_000_000;

export interface Step {
  readonly id: string;
  readonly rule: string;
  /** How long the condition must hold, and how long it must not, ns. */
  readonly timing: { readonly for: number; readonly keep: number };
  readonly sample: Sample | undefined;
  /** Since the last evaluation, ns. */
  readonly elapsed: number;
  readonly now: UnixNanos;
}

const content = ({ place: _, ...sample }: Sample): Omit<Sample, 'place'> => sample;

const begun = ({ id, rule, timing, now }: Step, sample: Sample): AlertRecord => ({
  ...content(sample),
  id,
  rule,
  state: timing.for === 0 ? 'firing' : 'pending',
  since: now,
  held: 0,
});

const holding = (record: AlertRecord, step: Step, sample: Sample): AlertRecord => {
  const { quiet: _, ...rest } = record;
  const held = record.state === 'pending' ? record.held + step.elapsed : record.held;
  const state = record.state === 'pending' && held < step.timing.for ? 'pending' : 'firing';
  return { ...rest, ...content(sample), state, held };
};

/** One sample that is missing or good counts for nothing yet: `quiet` starts at 0 and must reach `keep`. */
const quieting = (record: AlertRecord, { timing, elapsed, now }: Step): AlertRecord | undefined => {
  const quiet = record.quiet === undefined ? 0 : record.quiet + elapsed;
  if (quiet < timing.keep) return { ...record, quiet };
  if (record.state === 'pending') return undefined;
  return { ...record, state: 'resolved', resolvedAt: now, quiet: 0 };
};

/**
 * What becomes of one alert, undefined being inactive. Pure.
 * Time counts as the sum of what passed between evaluations, so that a clock that jumps, or a
 * collector that was down, neither fires nor resolves anything.
 */
export const stepAlert = (record: AlertRecord | undefined, step: Step): AlertRecord | undefined => {
  if (step.sample !== undefined) {
    return record === undefined || record.state === 'resolved'
      ? begun(step, step.sample)
      : holding(record, step, step.sample);
  }
  if (record === undefined) return undefined;
  if (record.state !== 'resolved') return quieting(record, step);
  const quiet = (record.quiet ?? 0) + step.elapsed;
  return quiet < KEEP_RESOLVED ? { ...record, quiet } : undefined;
};
