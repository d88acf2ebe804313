export interface RulesProblem {
  /** From 1; 0 where the file could not be read at all. */
  readonly line: number;
  readonly column: number;
  /** What is wrong and what to do. */
  readonly message: string;
}

const place = (file: string, { line, column }: RulesProblem): string =>
  line === 0 ? file : `${file}:${line}:${column}`;

/** The rules file cannot be used. The message lists every problem as `file:line:column  what to do`. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  readonly file: string;
  readonly problems: readonly RulesProblem[];

  constructor(file: string, problems: readonly RulesProblem[]) {
    const many = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const lines = problems.map((problem) => `  ${place(file, problem)}  ${problem.message}`);
    super(`The rules file has ${many}:\n${lines.join('\n')}`);
    this.file = file;
    this.problems = problems;
  }
}
