import { expect, test } from 'vitest';
import {
  type AlertStates,
  alertId,
  evaluate,
  MAX_ALERTS_PER_RULE,
  NO_STATES,
  type Transition,
} from './evaluate.ts';
import {
  after,
  chain,
  edge,
  finding,
  HOUR,
  MINUTE,
  observed,
  queue,
  rules,
  SECOND,
  trace,
} from './fixtures.ts';
import type { Observations } from './measure/index.ts';
import type { RuleSet } from './rules/index.ts';

/** Evaluates as a manager would, remembering the states; `at` in seconds. */
const evaluator = (ruleSet: RuleSet) => {
  let states: AlertStates = NO_STATES;
  let current = ruleSet;
  const at = (seconds: number, observations: Observations): readonly string[] => {
    const evaluation = evaluate(current, observations, states, after(seconds * SECOND));
    states = evaluation.states;
    return evaluation.transitions.map(({ from, to }: Transition) => `${from} > ${to}`);
  };
  return {
    at,
    restart: () => {
      states = { ...states, evaluatedAt: undefined };
    },
    use: (next: RuleSet) => {
      current = next;
    },
    get alerts() {
      return [...states.records.values()];
    },
  };
};

const LAG = `rules: [{ name: lag, kind: queue-lag, above: 30s, for: 30s }]`;
const behind = observed({ queues: [queue({ lagSeconds: 40 })] });
const fine = observed({ queues: [queue({ lagSeconds: 2 })] });
const missing = observed();

//   lag     ____####################____________________________
//   state   ....ppfffffffffffffffffff-keep-rrrrrrrrrrrrrrrrrrrrr.
test('an alert is pending, fires after `for`, resolves after `keep` and is dropped an hour later', () => {
  const run = evaluator(rules(LAG));
  expect(run.at(0, fine)).toEqual([]);
  expect(run.at(15, behind)).toEqual(['inactive > pending']);
  expect(run.at(30, behind)).toEqual([]);
  expect(run.at(45, behind)).toEqual(['pending > firing']);
  expect(run.at(60, behind)).toEqual([]);
  for (const seconds of [75, 90, 105, 120]) expect(run.at(seconds, fine)).toEqual([]);
  expect(run.at(135, fine)).toEqual(['firing > resolved']);
  expect(run.alerts).toMatchObject([
    { state: 'resolved', since: after(15 * SECOND), resolvedAt: after(135 * SECOND) },
  ]);
  for (let seconds = 150; seconds < 135 + 3_600; seconds += 15) expect(run.at(seconds, fine)).toEqual([]);
  expect(run.at(135 + 3_600, fine)).toEqual(['resolved > inactive']);
  expect(run.alerts).toEqual([]);
});

test('without `for` an alert fires at once', () => {
  const run = evaluator(rules('rules: [{ name: lag, kind: queue-lag, above: 30s }]'));
  expect(run.at(0, behind)).toEqual(['inactive > firing']);
});

test('one missing sample neither resolves a firing alert nor restarts a pending one', () => {
  const run = evaluator(rules(LAG));
  run.at(0, behind);
  expect(run.at(15, missing)).toEqual([]);
  expect(run.at(30, behind)).toEqual([]);
  expect(run.at(45, behind)).toEqual(['pending > firing']);
  expect(run.at(60, missing)).toEqual([]);
  expect(run.at(75, behind)).toEqual([]);
  for (const seconds of [90, 105, 120, 135]) expect(run.at(seconds, missing)).toEqual([]);
  expect(run.at(150, missing)).toEqual(['firing > resolved']);
});

test('a pending alert whose condition goes away becomes inactive without firing', () => {
  const run = evaluator(rules(`keep: 15s\n${LAG}`));
  run.at(0, behind);
  expect(run.at(15, fine)).toEqual([]);
  expect(run.at(30, fine)).toEqual(['pending > inactive']);
});

test('with `keep: 0s` the first good sample resolves', () => {
  const run = evaluator(rules('keep: 0s\nrules: [{ name: lag, kind: queue-lag, above: 30s }]'));
  run.at(0, behind);
  expect(run.at(15, fine)).toEqual(['firing > resolved']);
});

test('a resolved alert that comes again is a new one with the same id', () => {
  const run = evaluator(rules('keep: 0s\nrules: [{ name: lag, kind: queue-lag, above: 30s, for: 10s }]'));
  run.at(0, behind);
  run.at(15, behind);
  const [first] = run.alerts;
  expect(run.at(30, fine)).toEqual(['firing > resolved']);
  expect(run.at(45, behind)).toEqual(['resolved > pending']);
  const [again] = run.alerts;
  expect(again).toMatchObject({ id: first?.id, since: after(45 * SECOND) });
  expect(again).not.toHaveProperty('resolvedAt');
});

test('a clock that jumps a year neither fires a pending alert nor resolves a firing one', () => {
  const year = 365 * 86_400;
  const run = evaluator(rules('rules: [{ name: lag, kind: queue-lag, above: 30s, for: 5m }]'));
  run.at(0, behind);
  expect(run.at(year, behind)).toEqual([]);
  expect(run.at(15, behind)).toEqual([]);
  for (let seconds = 30; seconds <= 285; seconds += 15) run.at(seconds, behind);
  expect(run.alerts).toMatchObject([{ state: 'firing' }]);
  run.at(300, fine);
  expect(run.at(year, fine)).toEqual([]);
});

test('time in which the collector was down counts neither way', () => {
  const run = evaluator(rules(LAG));
  run.at(0, behind);
  run.restart();
  expect(run.at(3_600, behind)).toEqual([]);
  expect(run.at(3_615, behind)).toEqual([]);
  expect(run.at(3_630, behind)).toEqual(['pending > firing']);
});

test('a source that does not answer leaves the alerts of its rules as they are, and only those', () => {
  const run = evaluator(
    rules(
      'keep: 0s\nrules: [{ name: lag, kind: queue-lag, above: 30s }, { name: f, kind: finding, type: stalled-consumer }]',
    ),
  );
  run.at(0, observed({ queues: [queue({ lagSeconds: 40 })], findings: [finding()] }));
  for (const seconds of [15, 30, 45]) run.at(seconds, observed({ queues: undefined }));
  expect(run.alerts.map(({ rule, state }) => [rule, state])).toEqual([
    ['lag', 'firing'],
    ['f', 'resolved'],
  ]);
});

test('the alerts of a rule that is gone resolve', () => {
  const run = evaluator(rules('rules: [{ name: lag, kind: queue-lag, above: 30s }]'));
  run.at(0, behind);
  run.use(rules('rules: []'));
  expect(run.at(15, behind)).toEqual(['firing > resolved']);
  expect(run.at(30, behind)).toEqual([]);
});

test('a firing alert follows its value, and keeps its id and its beginning', () => {
  const run = evaluator(rules('rules: [{ name: lag, kind: queue-lag, above: 30s }]'));
  run.at(0, behind);
  const [before] = run.alerts;
  run.at(15, observed({ queues: [queue({ lagSeconds: 90 })] }));
  expect(run.alerts).toMatchObject([{ id: before?.id, since: before?.since, value: 90 * SECOND }]);
});

test('an id is the same whatever the text of the place, and differs where the place differs', () => {
  const rule = { name: 'lag', kind: 'queue-lag' } as const;
  expect(alertId(rule, ['a', 'b/c'])).toMatch(/^lag\/[0-9a-f]{16}$/);
  expect(alertId(rule, ['a', 'b/c'])).toBe(alertId(rule, ['a', 'b/c']));
  expect(alertId(rule, ['a', 'b/c'])).not.toBe(alertId(rule, ['a/b', 'c']));
  expect(alertId(rule, ['\ud800'])).toMatch(/^lag\//);
});

test('a rule that matches too much keeps the alerts it has, adds the worst, and says so', () => {
  const ruleSet = rules('rules: [{ name: lag, kind: queue-lag, messages: 10 }]');
  const first = observed({ queues: [queue({ destination: 'first', backlog: 11 })] });
  const before = evaluate(ruleSet, first, NO_STATES, after(0)).states;
  const queues = Array.from({ length: 150 }, (_, n) => queue({ destination: `q${n}`, backlog: 100 + n }));
  const { states, limits } = evaluate(
    ruleSet,
    observed({ queues: [...queues, ...(first.queues ?? [])] }),
    before,
    after(15 * SECOND),
  );
  const shown = [...states.records.values()].map(({ where }) => where.destination);
  expect(shown).toHaveLength(MAX_ALERTS_PER_RULE);
  expect(shown).toContain('first');
  expect(shown).toContain('q149');
  expect(shown).not.toContain('q0');
  expect(limits.get('lag')).toBe('matches 151 places and shows 100: narrow it with where');
});

test('a chain deeper than the bound is named with its path', () => {
  const run = evaluator(
    rules('rules: [{ name: deep, kind: chain-depth, above: 3, where: { through: loy* } }]'),
  );
  const deep = chain(['gateway', 'checkout', 'discount', 'loyalty', 'ledger']);
  run.at(0, observed({ chains: [deep, chain(['a', 'b', 'c', 'd', 'e']), chain(['gateway', 'loyalty'])] }));
  expect(run.alerts).toMatchObject([
    {
      state: 'firing',
      severity: 'warning',
      value: 4,
      bound: 3,
      unit: 'hops',
      where: { service: 'gateway', operation: 'POST /checkout', chain: deep.signature },
      exemplars: [trace('a')],
      sentence:
        'gateway POST /checkout waits on 4 synchronous hops in a row ' +
        '(gateway > checkout > discount > loyalty > ledger); the rule allows 3.',
    },
  ]);
});

test('a slow chain is named with its p99 and the hop that takes longest itself', () => {
  const run = evaluator(rules('rules: [{ name: slow, kind: chain-p99, above: 800ms, minRequests: 20 }]'));
  const slow = chain(['gateway', 'loyalty'], { p99: 1_240_000_000 });
  const hops = slow.hops.map((hop) => (hop.service === 'loyalty' ? { ...hop, ownP99: 900_000_000 } : hop));
  run.at(
    0,
    observed({
      chains: [
        { ...slow, hops },
        { ...slow, signature: 'rare', count: 19 },
      ],
    }),
  );
  expect(run.alerts).toMatchObject([
    {
      value: 1_240_000_000,
      bound: 800_000_000,
      unit: 'ns',
      sentence:
        'gateway POST /checkout has a p99 of 1.24 s, above 800 ms, over 100 requests; ' +
        'loyalty call takes 900 ms of its own at p99.',
    },
  ]);
});

test('a consumer is behind in time, in messages, or in both', () => {
  const run = evaluator(rules('rules: [{ name: lag, kind: queue-lag, above: 30s, messages: 1000 }]'));
  run.at(
    0,
    observed({
      queues: [
        queue({ destination: 'time', lagSeconds: 41.5, backlog: 5, drainSeconds: 90 }),
        queue({ destination: 'count', lagSeconds: 3, backlog: 1_500 }),
        queue({ destination: 'both', lagSeconds: 60, backlog: 2_000, status: 'stalled' }),
        queue({ destination: 'exact', lagSeconds: 30, backlog: 1_000 }),
        queue({ destination: 'unknown' }),
      ],
    }),
  );
  expect(run.alerts.map(({ where, value, bound, unit }) => [where.destination, value, bound, unit])).toEqual([
    ['time', 41.5 * SECOND, 30 * SECOND, 'ns'],
    ['count', 1_500, 1_000, 'messages'],
    ['both', 60 * SECOND, 30 * SECOND, 'ns'],
  ]);
  expect(run.alerts.map(({ sentence }) => sentence)).toEqual([
    'shipping is 41.5 s behind, above 30 s on time (nats; ok): 20/s arrive, 12/s are processed, caught up in about 1 min 30 s at this pace.',
    'shipping has 1500 messages waiting, above 1000 on count (nats; ok): 20/s arrive, 12/s are processed.',
    'shipping is 1 min behind, above 30 s and has 2000 messages waiting, above 1000 on both (nats; stalled): 20/s arrive, 12/s are processed.',
  ]);
});

test('where the lag is unknown, what the messages waited counts', () => {
  const run = evaluator(rules('rules: [{ name: lag, kind: queue-lag, above: 30s }]'));
  run.at(
    0,
    observed({ queues: [queue({ timeInQueue: { p50: 0, p95: 0, p99: 45 * SECOND, max: 50 * SECOND } })] }),
  );
  expect(run.alerts).toMatchObject([{ value: 45 * SECOND }]);
  expect(run.alerts[0]?.sentence).toContain('gets messages that waited 45 s (p99; its lag is unknown)');
});

test('a finding of the type fires with its own words and severity', () => {
  const run = evaluator(
    rules('rules: [{ name: s, kind: finding, type: stalled-consumer, where: { consumerGroup: ship* } }]'),
  );
  run.at(
    0,
    observed({
      findings: [finding(), finding({ id: 'x', type: 'slow-queue' }), finding({ id: 'y', where: {} })],
    }),
  );
  expect(run.alerts).toMatchObject([
    {
      severity: 'critical',
      value: 3,
      bound: null,
      unit: 'times',
      sentence: finding().sentence,
      exemplars: [trace('c')],
    },
  ]);
});

const EDGES = 'rules: [{ name: edges, kind: new-sync-edge, learn: 1h, forget: 24h }]';

test('what is seen while learning never fires, however the learning began', () => {
  const run = evaluator(rules(EDGES));
  for (let hours = 0; hours < 5; hours += 1) expect(run.at(hours * 3_600, observed())).toEqual([]);
  // Learning starts with the first traffic, not with the process.
  expect(run.at(5 * 3_600, observed({ edges: [edge('a', 'b')] }))).toEqual([]);
  expect(run.at(5.9 * 3_600, observed({ edges: [edge('a', 'b'), edge('b', 'c')] }))).toEqual([]);
  expect(run.at(7 * 3_600, observed({ edges: [edge('a', 'b'), edge('b', 'c')] }))).toEqual([]);
});

test('an edge outside the baseline fires once and stays, seen or not, until it is forgotten', () => {
  const run = evaluator(rules(EDGES));
  const known = edge('checkout', 'orders');
  const added = edge('checkout', 'loyalty', { protocol: 'grpc' });
  const crossing = chain(['checkout', 'loyalty']);
  const chains = [{ ...crossing, hops: crossing.hops.map((hop) => ({ ...hop, protocol: 'grpc' as const })) }];
  run.at(0, observed({ edges: [known] }));
  expect(run.at(7_200, observed({ edges: [known, added], chains }))).toEqual(['inactive > firing']);
  expect(run.alerts).toMatchObject([
    {
      where: { from: 'checkout', to: 'loyalty' },
      value: 14,
      bound: null,
      unit: 'calls',
      exemplars: [trace('a')],
      sentence:
        'checkout now waits on loyalty over grpc, which it did not do before: ' +
        'first seen 0 s ago, 14 calls in the last 5 min, p99 210 ms.',
    },
  ]);
  for (let hours = 3; hours < 26; hours += 1)
    expect(run.at(hours * 3_600, observed({ edges: [known] }))).toEqual([]);
  expect(run.alerts[0]?.sentence).toContain('not seen in the last 5 min');
  run.at(26 * 3_600, observed({ edges: [known, added] }));
  for (let n = 1; n <= 4; n += 1) run.at(26 * 3_600 + 15 * n, observed({ edges: [known, added] }));
  expect(run.alerts).toMatchObject([{ state: 'resolved' }]);
  run.at(30 * 3_600, observed({ edges: [known, added] }));
  expect(run.alerts).toMatchObject([{ state: 'resolved' }]);
});

test('only synchronous edges between two named parties count', () => {
  const run = evaluator(rules('rules: [{ name: edges, kind: new-sync-edge, learn: 0s }]'));
  run.at(0, observed({ edges: [edge('a', 'b')] }));
  run.at(
    60,
    observed({
      edges: [
        edge('a', 'b'),
        edge('a', 'q', { to: 'queue:nats/orders', mode: 'async', protocol: 'messaging' }),
        edge('a', 'a'),
        edge('a', 'pod', { to: 'remote:10.2.3.4:8080' }),
        edge('a', 'pod', { to: 'remote:[fd00::1]:8080' }),
        edge('a', 'outside', { to: 'remote:api.example.com' }),
        edge('a', 'b', { protocol: 'grpc' }),
      ],
    }),
  );
  expect(run.alerts.map(({ where, sentence }) => [where.to, / over (\w+)/.exec(sentence)?.[1]])).toEqual([
    ['api.example.com', 'http'],
    ['b', 'grpc'],
  ]);
});

test('a map that cannot be had teaches nothing and forgets nothing', () => {
  const run = evaluator(rules('keep: 0s\nrules: [{ name: edges, kind: new-sync-edge, learn: 0s }]'));
  run.at(0, observed({ edges: [edge('a', 'b')] }));
  run.at(60, observed({ edges: [edge('a', 'c')] }));
  expect(run.at(120, observed({ edges: undefined }))).toEqual([]);
  expect(run.alerts).toMatchObject([{ state: 'firing' }]);
});

test('the baseline is bounded, and says so when it is full', () => {
  const ruleSet = rules('rules: [{ name: edges, kind: new-sync-edge }]');
  const edges = Array.from({ length: 10_500 }, (_, n) => edge('a', `b${n}`));
  const { states, limits } = evaluate(ruleSet, observed({ edges, window: HOUR }), NO_STATES, after(MINUTE));
  expect(states.baseline.edges.size).toBe(10_000);
  expect(limits.get('edges')).toContain('the baseline is full');
});
