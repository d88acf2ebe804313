import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { NANOS_PER_SECOND } from '../../model/index.ts';
import { RulesError, type RulesProblem } from './error.ts';
import { positionsIn } from './positions.ts';
import { crossProblems, schemaProblems } from './problems.ts';
import { RulesFile, type WebhookSettings } from './schema.ts';

type ParsedRule = z.output<typeof RulesFile>['rules'][number];
/** One rule; durations in ns, `keep` settled from the rule or the file. */
export type Rule = ParsedRule extends infer R
  ? R extends ParsedRule
    ? R & { readonly keep: number }
    : never
  : never;
export type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

/** A valid rules file; durations in ns. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** Between evaluations. */
  readonly every: number;
  /** How far back an evaluation looks. */
  readonly window: number;
  readonly webhook?: WebhookSettings;
}

/** What is in force without a rules file. */
export const NO_RULES: RuleSet = { rules: [], every: 15 * NANOS_PER_SECOND, window: 300 * NANOS_PER_SECOND };

/** Far beyond any file by hand; keeps a wrong path (a database, a log) from being parsed. */
const MAX_FILE_CHARACTERS = 1_000_000;

const byPosition = (a: RulesProblem, b: RulesProblem): number => a.line - b.line || a.column - b.column;

/** The plain value of the document; aliases that would expand without end are refused by the parser. */
const plainValue = (document: ReturnType<typeof parseDocument>, file: string): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `has aliases that cannot be followed (${reason}): write the values out`;
    throw new RulesError(file, [{ line: 1, column: 1, message }]);
  }
};

/**
 * Reads the text of a rules file.
 * @throws {RulesError} naming every problem of the file with line and column
 */
export const parseRules = (text: string, file: string): RuleSet => {
  if (text.length > MAX_FILE_CHARACTERS) {
    throw new RulesError(file, [{ line: 0, column: 0, message: 'is over 1 MB: is it a rules file?' }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const positions = positionsIn(document, lines);
  const syntax = [...document.errors, ...document.warnings].map((problem) => ({
    ...positions.offset(problem.pos[0]),
    message:
      problem.code === 'MULTIPLE_DOCS'
        ? 'starts a second document: keep one, without --- between parts'
        : `is no valid YAML: ${problem.message}`,
  }));
  if (syntax.length > 0) throw new RulesError(file, syntax.sort(byPosition));

  const value = plainValue(document, file);
  const result = RulesFile.safeParse(value);
  const problems = [
    ...(result.success ? [] : schemaProblems(result.error.issues, value, positions)),
    ...crossProblems(value, positions),
  ];
  if (!result.success || problems.length > 0) throw new RulesError(file, problems.sort(byPosition));

  const { rules, every, window, keep, notify } = result.data;
  return {
    rules: rules.map((rule) => ({ ...rule, keep: rule.keep ?? keep })),
    every,
    window,
    ...(notify?.webhook === undefined ? {} : { webhook: notify.webhook }),
  };
};

/**
 * Reads a rules file from disk.
 * @throws {RulesError} where it cannot be read or used
 */
export const readRules = (file: string): RuleSet => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const message = `cannot be read (${code}): check the path given by --rules or TAILRACE_RULES`;
    throw new RulesError(file, [{ line: 0, column: 0, message }]);
  }
  return parseRules(text, file);
};
