import { randomUUID } from 'node:crypto';
import type { NewSilence } from '../contract/index.ts';
import { addNanos, type UnixNanos } from '../model/index.ts';
import type { AlertRecord } from './step.ts';

/** Keeps a rule, or one alert of it, from telling anyone until a time. */
export interface SilenceRecord {
  readonly id: string;
  readonly rule: string;
  /** An alert's id; undefined for all of the rule. */
  readonly alert?: string;
  readonly until: UnixNanos;
  readonly comment?: string;
}

const NANOS_PER_MINUTE = 60_000_000_000;

export const newSilence = ({ rule, alert, minutes, comment }: NewSilence, now: UnixNanos): SilenceRecord => ({
  id: randomUUID(),
  rule,
  ...(alert === undefined ? {} : { alert }),
  until: addNanos(now, minutes * NANOS_PER_MINUTE),
  ...(comment === undefined ? {} : { comment }),
});

/** The silences still in force, with the new one in the place of an earlier one on the same thing. */
export const withSilence = (
  silences: readonly SilenceRecord[],
  added: SilenceRecord,
  now: UnixNanos,
): readonly SilenceRecord[] => [
  ...silences.filter(
    ({ rule, alert, until }) => until > now && !(rule === added.rule && alert === added.alert),
  ),
  added,
];

export const isSilenced = (
  silences: readonly SilenceRecord[],
  { id, rule }: Pick<AlertRecord, 'id' | 'rule'>,
  now: UnixNanos,
): boolean =>
  silences.some((silence) => silence.until > now && silence.rule === rule && (silence.alert ?? id) === id);
