import type * as contract from '../contract/index.ts';
import { formatDuration } from './duration.ts';
import type { Notice } from './outbox.ts';
import type { Rule } from './rules/index.ts';
import type { SilenceRecord } from './silences.ts';
import type { AlertRecord } from './step.ts';

/** An alert as the API and webhooks show it. */
export const alertOnWire = (
  record: AlertRecord,
  silenced: boolean,
  notice: Notice | undefined,
): contract.Alert => ({
  id: record.id,
  rule: record.rule,
  severity: record.severity,
  state: record.state,
  silenced,
  sentence: record.sentence,
  where: record.where,
  value: record.value,
  bound: record.bound,
  unit: record.unit,
  since: String(record.since),
  ...(record.resolvedAt === undefined ? {} : { resolvedAt: String(record.resolvedAt) }),
  exemplars: [...record.exemplars],
  ...(notice === undefined
    ? {}
    : { notified: { ok: notice.ok, at: String(notice.at), message: notice.message } }),
});

export const silenceOnWire = ({ id, rule, alert, until, comment }: SilenceRecord): contract.Silence => ({
  id,
  rule,
  ...(alert === undefined ? {} : { alert }),
  until: String(until),
  ...(comment === undefined ? {} : { comment }),
});

const condition = (rule: Rule): string => {
  switch (rule.kind) {
    case 'chain-depth':
      return `more than ${rule.above} synchronous hops in a row`;
    case 'chain-p99':
      return `p99 of a chain above ${formatDuration(rule.above)}`;
    case 'queue-lag': {
      const time = rule.above === undefined ? [] : [`more than ${formatDuration(rule.above)}`];
      const messages = rule.messages === undefined ? [] : [`more than ${rule.messages} messages`];
      return `a consumer ${[...time, ...messages].join(' or ')} behind`;
    }
    case 'new-sync-edge':
      return `a synchronous call that was not there in the first ${formatDuration(rule.learn)}`;
    case 'finding':
      return `finding ${rule.type}`;
  }
};

const matchers = (
  word: string,
  globs: Readonly<Record<string, readonly string[] | undefined>> | undefined,
): string => {
  const parts = Object.entries(globs ?? {}).map(([field, any]) => `${field} ${(any ?? []).join(' | ')}`);
  return parts.length === 0 ? '' : `, ${word} ${parts.join(', ')}`;
};

/** What a rule watches, in words. */
export const describeRule = (rule: Rule): string => {
  const held = rule.for === 0 ? '' : `, for ${formatDuration(rule.for)}`;
  return `${condition(rule)}${held}${matchers('where', rule.where)}${matchers('except', rule.except)}`;
};

const STATES: readonly contract.AlertState[] = ['firing', 'pending', 'resolved'];
const SEVERITIES: readonly contract.Severity[] = ['critical', 'warning', 'info'];

/** The state of a rule is the most urgent among its alerts. */
export const stateOfRule = (records: readonly AlertRecord[]): contract.AlertState =>
  STATES.find((state) => records.some((record) => record.state === state)) ?? 'inactive';

/** Firing first, then the most severe, then the newest. */
export const byUrgency = (a: AlertRecord, b: AlertRecord): number =>
  STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  Number(b.since - a.since) ||
  (a.id < b.id ? -1 : 1);
