import { createHash } from 'node:crypto';
import { nanosBetween, type UnixNanos } from '../model/index.ts';
import { type Baseline, EMPTY_BASELINE, learn, MAX_BASELINE_EDGES } from './baseline.ts';
import { measure, type Observations, type Sample } from './measure/index.ts';
import type { Rule, RuleSet } from './rules/index.ts';
import { type AlertRecord, stepAlert } from './step.ts';

/** All that evaluation remembers from one time to the next. */
export interface AlertStates {
  /** By id. An alert without a record is inactive. */
  readonly records: ReadonlyMap<string, AlertRecord>;
  readonly baseline: Baseline;
  /** Undefined before the first evaluation of this process: no time has passed then. */
  readonly evaluatedAt: UnixNanos | undefined;
}

export const NO_STATES: AlertStates = {
  records: new Map(),
  baseline: EMPTY_BASELINE,
  evaluatedAt: undefined,
};

export interface Transition {
  readonly from: AlertRecord['state'] | 'inactive';
  readonly to: AlertRecord['state'] | 'inactive';
  /** As it is now, or as it was before it became inactive. */
  readonly record: AlertRecord;
}

export interface Evaluation {
  readonly states: AlertStates;
  readonly transitions: readonly Transition[];
  /** By rule: what keeps it from showing all that it finds. */
  readonly limits: ReadonlyMap<string, string>;
}

/** A page of alerts; a rule that matches more is too wide, and must not flood the receiver of webhooks. */
export const MAX_ALERTS_PER_RULE = 100;

/** `<rule>/<16 hex digits>`: short, safe in a URL and stable, whatever text the place is made of. */
export const alertId = (rule: Pick<Rule, 'name' | 'kind'>, place: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify([rule.kind, ...place]));
  return `${rule.name}/${hash.digest('hex').slice(0, 16)}`;
};

/** By id; where there are too many, the ones that already live and then the worst. */
const chosen = (
  rule: Rule,
  samples: readonly Sample[],
  records: AlertStates['records'],
): ReadonlyMap<string, Sample> => {
  const all = samples.map((sample) => ({ id: alertId(rule, sample.place), sample }));
  if (all.length > MAX_ALERTS_PER_RULE) {
    const lives = (id: string): number => (records.has(id) ? 1 : 0);
    all.sort((a, b) => lives(b.id) - lives(a.id) || b.sample.value - a.sample.value);
    all.length = MAX_ALERTS_PER_RULE;
  }
  return new Map(all.map(({ id, sample }) => [id, sample]));
};

/**
 * Time that passed since the last evaluation; at most two intervals, so that sleep, a stepped clock or
 * a source that failed for a while does not count as time in which a condition held.
 */
const elapsedSince = (last: UnixNanos | undefined, now: UnixNanos, every: number): number =>
  last === undefined ? 0 : Math.min(Math.max(nanosBetween(last, now), 0), 2 * every);

const transitionsBetween = (
  before: AlertStates['records'],
  after: AlertStates['records'],
): readonly Transition[] => {
  const transitions: Transition[] = [];
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(id);
    const to = after.get(id);
    if (from?.state === to?.state) continue;
    transitions.push({ from: from?.state ?? 'inactive', to: to?.state ?? 'inactive', record: (to ?? from)! });
  }
  return transitions;
};

/**
 * One evaluation of all rules. Pure.
 * A rule whose observations are missing keeps its alerts as they are; the alerts of a rule that is
 * gone resolve.
 */
export const evaluate = (
  { rules, every }: Pick<RuleSet, 'rules' | 'every'>,
  observations: Observations,
  previous: AlertStates,
  now: UnixNanos,
): Evaluation => {
  const elapsed = elapsedSince(previous.evaluatedAt, now, every);
  const learns = rules.some(({ kind }) => kind === 'new-sync-edge') && observations.edges !== undefined;
  const baseline = learns ? learn(previous.baseline, observations.edges ?? [], now) : previous.baseline;
  const records = new Map<string, AlertRecord>();
  const limits = new Map<string, string>();

  const advance = (
    id: string,
    rule: string,
    timing: { for: number; keep: number },
    sample?: Sample,
  ): void => {
    const next = stepAlert(previous.records.get(id), { id, rule, timing, sample, elapsed, now });
    if (next !== undefined) records.set(id, next);
  };

  const living = Map.groupBy(previous.records.values(), ({ rule }) => rule);
  for (const rule of rules) {
    const alive = living.get(rule.name) ?? [];
    const samples = measure(rule, { now, observations }, baseline);
    if (samples === undefined) {
      for (const record of alive) records.set(record.id, record);
      continue;
    }
    const wanted = chosen(rule, samples, previous.records);
    if (wanted.size < samples.length) {
      limits.set(
        rule.name,
        `matches ${samples.length} places and shows ${wanted.size}: narrow it with where`,
      );
    }
    for (const [id, sample] of wanted) advance(id, rule.name, rule, sample);
    for (const { id } of alive) if (!wanted.has(id)) advance(id, rule.name, rule);
    if (rule.kind === 'new-sync-edge' && baseline.edges.size >= MAX_BASELINE_EDGES) {
      limits.set(
        rule.name,
        `the baseline is full (${MAX_BASELINE_EDGES} edges): edges beyond it are not seen`,
      );
    }
  }

  const names = new Set(rules.map(({ name }) => name));
  for (const { id, rule } of previous.records.values()) {
    if (!names.has(rule)) advance(id, rule, { for: 0, keep: 0 });
  }

  return {
    states: { records, baseline, evaluatedAt: now },
    transitions: transitionsBetween(previous.records, records),
    limits,
  };
};
