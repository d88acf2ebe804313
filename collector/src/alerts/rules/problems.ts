import type { z } from 'zod';
import type { RulesProblem } from './error.ts';
import { knownKeys, RULE_KINDS, valueAt } from './known-keys.ts';
import { nearest } from './nearest.ts';
import type { Positions } from './positions.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `rules[0].above` */
const label = (path: Path): string =>
  path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');

const unknownKeys = (
  file: unknown,
  path: Path,
  keys: readonly string[],
  positions: Positions,
): RulesProblem[] => {
  const known = knownKeys(file, path);
  return keys.map((key) => {
    const guess = nearest(key, known);
    const hint =
      guess === undefined ? `drop it, or use one of ${known.join(', ')}` : `did you mean ${guess}?`;
    return { ...positions.key(path, key), message: `${label([...path, key])} is not known: ${hint}` };
  });
};

const kindProblem = (kind: unknown): string => {
  const guess = typeof kind === 'string' ? nearest(kind, RULE_KINDS) : undefined;
  const problem = kind === undefined ? 'is missing' : `is ${JSON.stringify(kind)}`;
  return guess === undefined
    ? `${problem}: give one of ${RULE_KINDS.join(', ')}`
    : `${problem}: did you mean ${guess}?`;
};

const describe = (issue: Issue, file: unknown): string => {
  if (file === null || file === undefined) return 'is empty: give a mapping with rules';
  if (issue.code === 'invalid_union') return kindProblem(valueAt(file, issue.path));
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) return 'must be a mapping';
  return issue.message;
};

/** What zod found, as problems with their places. */
export const schemaProblems = (
  issues: readonly Issue[],
  file: unknown,
  positions: Positions,
): readonly RulesProblem[] =>
  issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(file, issue.path, issue.keys, positions);
    const name = issue.path.length === 0 ? 'the file' : label(issue.path);
    return [{ ...positions.value(issue.path), message: `${name} ${describe(issue, file)}` }];
  });

/** What spans several fields or rules; told even where single fields are wrong too. */
export const crossProblems = (file: unknown, positions: Positions): readonly RulesProblem[] => {
  const rules = valueAt(file, ['rules']);
  if (!Array.isArray(rules)) return [];
  const problems: RulesProblem[] = [];
  const first = new Map<unknown, number>();
  for (const [index, rule] of rules.entries()) {
    const path = ['rules', index];
    const name = valueAt(rule, ['name']);
    const earlier = typeof name === 'string' ? first.get(name) : undefined;
    if (earlier !== undefined) {
      const { line } = positions.value(['rules', earlier, 'name']);
      const message = `${label(path)}.name is taken by the rule in line ${line}: give each rule its own name`;
      problems.push({ ...positions.value([...path, 'name']), message });
    } else {
      first.set(name, index);
    }
    const limits = [valueAt(rule, ['above']), valueAt(rule, ['messages'])];
    if (valueAt(rule, ['kind']) === 'queue-lag' && limits.every((limit) => limit === undefined)) {
      const message = `${label(path)} has no limit: give above (such as 30s), messages (such as 1000), or both`;
      problems.push({ ...positions.value(path), message });
    }
  }
  return problems;
};
