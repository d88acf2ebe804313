import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../model/index.ts';
import { count, duration, matchers, needs, needsUnseen } from './fields.ts';
import { FINDING_TYPES } from './finding-types.ts';
import { nearest } from './nearest.ts';

const MINUTE = 60 * NANOS_PER_SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const NAME = 'a name of up to 100 letters, digits, spaces, dots, dashes and underscores';
const severity = z.enum(['info', 'warning', 'critical'], needs('info, warning or critical'));

/** Keys of every rule. A name has no slash, as `<rule>/<place>` is the id of an alert. */
const common = {
  name: z.string(needs(NAME)).regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u, needs(NAME)),
  for: duration({ atMost: 7 * DAY }).default(0),
  keep: duration({ atMost: DAY }).optional(),
};

const places = <const K extends string>(fields: readonly K[]) => ({
  where: matchers(fields).optional(),
  except: matchers(fields).optional(),
});

const chainPlaces = places(['service', 'operation', 'chain', 'through']);

const ChainDepthRule = z.strictObject({
  ...common,
  ...chainPlaces,
  kind: z.literal('chain-depth'),
  severity: severity.default('warning'),
  above: count('a number of synchronous hops, such as 3'),
});

const ChainP99Rule = z.strictObject({
  ...common,
  ...chainPlaces,
  kind: z.literal('chain-p99'),
  severity: severity.default('warning'),
  above: duration(),
  /** Fewer requests than this in the window say nothing about a p99. */
  minRequests: count('a number of requests, such as 20').default(1),
});

const QueueLagRule = z.strictObject({
  ...common,
  ...places(['system', 'destination', 'consumerGroup']),
  kind: z.literal('queue-lag'),
  severity: severity.default('warning'),
  above: duration().optional(),
  messages: count('a number of messages, such as 1000').optional(),
});

const NewSyncEdgeRule = z.strictObject({
  ...common,
  ...places(['from', 'to', 'protocol']),
  kind: z.literal('new-sync-edge'),
  severity: severity.default('warning'),
  /** A day shows nightly jobs; a week would show weekly ones, at the price of a blind week. */
  learn: duration({ atMost: YEAR }).default(DAY),
  /** Long enough to be seen after a weekend, short enough not to stay for good. */
  forget: duration({ atLeast: MINUTE, atMost: YEAR }).default(7 * DAY),
});

const FindingRule = z.strictObject({
  ...common,
  ...places(['service', 'operation', 'chain', 'from', 'to', 'system', 'destination', 'consumerGroup']),
  kind: z.literal('finding'),
  /** Default: the finding's own. */
  severity: severity.optional(),
  type: z.enum(FINDING_TYPES, {
    error: ({ input }) => {
      const guess = typeof input === 'string' ? nearest(input, FINDING_TYPES) : undefined;
      const hint = guess === undefined ? FINDING_TYPES.join(', ') : `${guess}?`;
      return `${input === undefined ? 'is missing' : `is ${JSON.stringify(input)}`}: give a finding type: ${hint}`;
    },
  }),
});

export const RULE_SCHEMAS = {
  'chain-depth': ChainDepthRule,
  'chain-p99': ChainP99Rule,
  'queue-lag': QueueLagRule,
  'new-sync-edge': NewSyncEdgeRule,
  finding: FindingRule,
} as const;

/** Set by the sender itself, or changing how the body is framed. */
const OWN_HEADERS =
  /^(host|connection|content-length|content-type|transfer-encoding|expect|upgrade|te|trailer|tailrace-.*)$/i;

const headerProblem = (name: string, value: unknown): string | undefined => {
  if (OWN_HEADERS.test(name)) return 'is set by tailrace itself: drop it';
  if (typeof value !== 'string') return 'cannot be used: give text; write numbers in quotes';
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return undefined;
  } catch {
    return 'is no valid HTTP header: mend or drop it';
  }
};

const headers = z
  .record(z.string(), z.unknown(), needsUnseen('a mapping of names to texts'))
  .transform((given, context) => {
    const checked: Record<string, string> = {};
    for (const [name, value] of Object.entries(given)) {
      const message = headerProblem(name, value);
      if (message === undefined) checked[name] = String(value);
      else context.addIssue({ code: 'custom', path: [name], message });
    }
    return checked;
  });

const URL_NEED = 'an http or https address, such as https://hooks.example.com/tailrace';

const url = z.string(needsUnseen(URL_NEED)).transform((text, context) => {
  const parsed = URL.parse(text);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    context.addIssue(`cannot be used: give ${URL_NEED}`);
    return z.NEVER;
  }
  if (parsed.username !== '' || parsed.password !== '') {
    context.addIssue('holds a user name or password: put them into headers, as authorization');
    return z.NEVER;
  }
  return parsed.href;
});

export const Webhook = z.strictObject(
  {
    url,
    headers: headers.default({}),
    secret: z
      .string(needsUnseen('text of at least 16 characters'))
      .min(16, needsUnseen('text of at least 16 characters'))
      .optional(),
    /** Of one attempt. Receivers queue and answer at once; five seconds allow for a cold start. */
    timeout: duration({ atLeast: 100 * NANOS_PER_MS, atMost: 30 * NANOS_PER_SECOND }).default(
      5 * NANOS_PER_SECOND,
    ),
    allowPrivate: z.boolean(needs('true or false')).default(false),
  },
  needs('a mapping with url'),
);
export type WebhookSettings = z.output<typeof Webhook>;

const rule = z.discriminatedUnion('kind', [
  ChainDepthRule,
  ChainP99Rule,
  QueueLagRule,
  NewSyncEdgeRule,
  FindingRule,
]);

export const RulesFile = z.strictObject(
  {
    rules: z.array(rule, needs('a list of rules')),
    notify: z.strictObject({ webhook: Webhook.optional() }, needs('a mapping with webhook')).optional(),
    /** Analyses refresh every few seconds, and rules that page people can wait this long. */
    every: duration({ atLeast: NANOS_PER_SECOND, atMost: HOUR }).default(15 * NANOS_PER_SECOND),
    /** Short enough to follow an incident, long enough to hold a p99. */
    window: duration({ atLeast: 10 * NANOS_PER_SECOND, atMost: DAY }).default(5 * MINUTE),
    /** Four evaluations: one missing or good sample does not resolve an alert. */
    keep: duration({ atMost: DAY }).default(MINUTE),
  },
  needs('a mapping with rules'),
);
