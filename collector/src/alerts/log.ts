/** Where alerts report what they do; one line each. */
export interface AlertLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Names come from spans and are hostile: no line breaks or terminal escapes in a log. */
export const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

/** Reports a problem when it begins or changes, and once when it is over. */
export class ProblemLog {
  readonly #log: AlertLog;
  readonly #open = new Map<string, string>();

  constructor(log: AlertLog) {
    this.#log = log;
  }

  /** What is wrong with `subject` now; undefined where nothing is. */
  set(subject: string, problem: string | undefined): void {
    const before = this.#open.get(subject);
    if (before === problem) return;
    if (problem === undefined) {
      this.#open.delete(subject);
      this.#log.info(`alerts: ${subject} works again`);
    } else {
      this.#open.set(subject, problem);
      this.#log.warn(`alerts: ${subject} failed: ${oneLine(problem)}`);
    }
  }

  get(subject: string): string | undefined {
    return this.#open.get(subject);
  }
}
