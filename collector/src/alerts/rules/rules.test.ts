import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RulesError } from './error.ts';
import { FINDING_TYPES } from './finding-types.ts';
import { knownKeys, RULE_KINDS } from './known-keys.ts';
import { parseRules, readRules } from './rules.ts';

const SECOND = 1_000_000_000;

const problemsOf = (text: string): readonly string[] => {
  try {
    parseRules(text, 'rules.yaml');
  } catch (error) {
    if (error instanceof RulesError)
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
  return [];
};

test('the example file of the documentation is valid and shows every kind of rule', () => {
  const file = new URL('../../../../docs/tailrace-rules.example.yaml', import.meta.url);
  const { rules, webhook } = parseRules(readFileSync(file, 'utf8'), 'example');
  expect(new Set(rules.map(({ kind }) => kind))).toEqual(new Set(RULE_KINDS));
  expect(webhook).toMatchObject({ allowPrivate: false, timeout: 5 * SECOND });
});

test('the documentation names every kind, key and finding type', () => {
  const page = readFileSync(new URL('../../../../docs/alerts.md', import.meta.url), 'utf8');
  const ofKinds = RULE_KINDS.flatMap((kind) => knownKeys({ rules: [{ kind }] }, ['rules', 0]));
  const words = [
    ...RULE_KINDS,
    ...ofKinds,
    ...knownKeys({}, []),
    ...knownKeys({}, ['notify', 'webhook']),
    ...FINDING_TYPES,
  ];
  const told = new Set([...page.matchAll(/`([\w.-]+)(?=[`:])/g)].map(([, word]) => word));
  expect(words.filter((word) => !told.has(word) && !told.has(`${word}.webhook`))).toEqual([]);
});

test('durations become nanoseconds, a single glob a list, and defaults are filled in', () => {
  const { rules, every, window, webhook } = parseRules(
    `rules: [{ name: lag, kind: queue-lag, above: 1m30s, where: { destination: 'orders.*' } }]`,
    'rules.yaml',
  );
  expect({ every, window, webhook }).toEqual({
    every: 15 * SECOND,
    window: 300 * SECOND,
    webhook: undefined,
  });
  expect(rules).toEqual([
    {
      name: 'lag',
      kind: 'queue-lag',
      severity: 'warning',
      above: 90 * SECOND,
      for: 0,
      keep: 60 * SECOND,
      where: { destination: ['orders.*'] },
    },
  ]);
});

test('a rule may keep its alerts longer than the others', () => {
  const text =
    'keep: 2m\nrules:\n- {name: a, kind: chain-depth, above: 3}\n- {name: b, kind: chain-depth, above: 3, keep: 0s}';
  expect(parseRules(text, 'rules.yaml').rules.map(({ keep }) => keep)).toEqual([120 * SECOND, 0]);
});

test('the default severity of a finding is its own', () => {
  const [rule] = parseRules('rules: [{ name: a, kind: finding, type: dead-letter }]', 'rules.yaml').rules;
  expect(rule?.severity).toBeUndefined();
});

test('every problem is told at once, with its place and what to do', () => {
  const text = `rules:
  - name: deep
    kind: chain-deph
  - 5
  - name: deep
    kind: queue-lag
    where: { dest: 4, system: [nats, 5] }
    for: 90
    mesages: 4
  - { name: a/b, kind: finding, type: stalled-consumers }
  - { name: q, kind: chain-p99, above: -5s, minRequests: 1.5, severity: high }
every: 100ms
notfy: {}
`;
  expect(problemsOf(text)).toEqual([
    'rules.yaml:3:11  rules[0].kind is "chain-deph": did you mean chain-depth?',
    'rules.yaml:4:5  rules[1] must be a mapping',
    'rules.yaml:5:5  rules[2] has no limit: give above (such as 30s), messages (such as 1000), or both',
    'rules.yaml:5:11  rules[2].name is taken by the rule in line 2: give each rule its own name',
    expect.stringMatching(
      /^rules.yaml:7:14 {2}rules\[2\].where.dest is not known: drop it, or use one of system, /,
    ),
    expect.stringMatching(
      /^rules.yaml:7:38 {2}rules\[2\].where.system\[1\] is 5: give a name in which \* stands/,
    ),
    'rules.yaml:8:10  rules[2].for is 90: give a duration with its unit, such as 30s, 800ms or 1h30m',
    'rules.yaml:9:5  rules[2].mesages is not known: did you mean messages?',
    expect.stringMatching(/^rules.yaml:10:13 {2}rules\[3\].name is "a\/b": give a name of up to 100 letters/),
    'rules.yaml:10:39  rules[3].type is "stalled-consumers": give a finding type: stalled-consumer?',
    'rules.yaml:11:40  rules[4].above is "-5s": give a duration with its unit, such as 30s, 800ms or 1h30m',
    'rules.yaml:11:58  rules[4].minRequests is 1.5: give a number of requests, such as 20',
    'rules.yaml:11:73  rules[4].severity is "high": give info, warning or critical',
    'rules.yaml:12:8  every is "100ms": give at least 1 s',
    'rules.yaml:13:1  notfy is not known: did you mean notify?',
  ]);
});

test('a required key that is missing is told at its rule', () => {
  expect(problemsOf('rules:\n  - name: a\n    kind: chain-depth\n')).toEqual([
    'rules.yaml:2:5  rules[0].above is missing: give a number of synchronous hops, such as 3',
  ]);
  expect(problemsOf('rules:\n  - name: a\n')[0]).toMatch(
    /^rules.yaml:2:5 {2}rules\[0\].kind is missing: give one of chain-depth/,
  );
});

test('problems of the webhook never show what may be a secret', () => {
  const problems = problemsOf(`rules: []
notify:
  webhook:
    url: "https://me:hunter2@hooks.example.com"
    secret: hunter2
    headers: { authorization: 12345, host: hunter2, "a b": hunter2, x-ok: "fine\\nhunter2" }
    timeout: 5m
    allowPrivate: maybe
`);
  expect(problems).toEqual([
    'rules.yaml:4:10  notify.webhook.url holds a user name or password: put them into headers, as authorization',
    'rules.yaml:5:13  notify.webhook.secret cannot be used: give text of at least 16 characters',
    'rules.yaml:6:31  notify.webhook.headers.authorization cannot be used: give text; write numbers in quotes',
    'rules.yaml:6:44  notify.webhook.headers.host is set by tailrace itself: drop it',
    'rules.yaml:6:60  notify.webhook.headers.a b is no valid HTTP header: mend or drop it',
    'rules.yaml:6:75  notify.webhook.headers.x-ok is no valid HTTP header: mend or drop it',
    'rules.yaml:7:14  notify.webhook.timeout is "5m": give at most 30 s',
    'rules.yaml:8:19  notify.webhook.allowPrivate is "maybe": give true or false',
  ]);
});

test.each([
  ['', 'rules.yaml:1:1  the file is empty: give a mapping with rules'],
  ['- a', 'rules.yaml:1:1  the file is ["a"]: give a mapping with rules'],
  ['every: 15s', 'rules.yaml:1:1  rules is missing: give a list of rules'],
  ['rules:', 'rules.yaml:1:7  rules is null: give a list of rules'],
  ['rules: []\nrules: []', 'rules.yaml:2:1  is no valid YAML: Map keys must be unique'],
  [
    'rules: []\n---\nrules: []',
    'rules.yaml:2:1  starts a second document: keep one, without --- between parts',
  ],
  ['rules: !x []', 'rules.yaml:1:8  is no valid YAML: Unresolved tag: !x'],
  ['rules: [', expect.stringMatching(/^rules.yaml:1:\d+ {2}is no valid YAML: /)],
  ['rules: []\n__proto__: 1', expect.stringMatching(/^rules.yaml:2:1 {2}__proto__ is not known/)],
  [
    `rules: [{ name: a, kind: __proto__ }]`,
    expect.stringMatching(/^rules.yaml:1:26 {2}rules\[0\].kind is "__proto__": give one/),
  ],
])('%j is refused', (text, problem) => expect(problemsOf(text)).toEqual([problem]));

test('aliases that multiply without end are refused quickly', () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}*l${n}]`,
  );
  const [problem] = problemsOf(`l0: &l0 [x]\n${levels.join('\n')}\nrules: []`);
  expect(problem).toMatch(/aliases that cannot be followed/);
});

test('a file that cannot be read says so', () => {
  expect(() => readRules('/nonexistent/rules.yaml')).toThrow(
    '/nonexistent/rules.yaml  cannot be read (ENOENT): check the path given by --rules or TAILRACE_RULES',
  );
});
