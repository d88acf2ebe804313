/**
 * What a service reads from its environment. A setting may have a second value, `FAULT_<NAME>`, which
 * takes its place from the moment the fault begins: the runner says when, so that every story has a
 * healthy baseline first. A service that somebody starts by hand has its fault from the beginning.
 */

type Environment = Readonly<Record<string, string | undefined>>;

export class Settings {
  readonly #environment: Environment;
  #faulty: boolean;

  constructor(environment: Environment, faulty: boolean) {
    this.#environment = environment;
    this.#faulty = faulty;
  }

  beginFault(): void {
    this.#faulty = true;
  }

  /** The value that holds now. Throws where it is set to something that is no number. */
  number(name: string, fallback: number): number {
    const text = this.#current(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`${name} is "${text}", not a number`);
    return value;
  }

  flag(name: string): boolean {
    const text = this.#current(name);
    return text !== undefined && text !== '0' && text !== 'false';
  }

  optional(name: string): string | undefined {
    return this.#environment[name];
  }

  /** Throws where the variable is missing: a service cannot guess where its neighbours live. */
  required(name: string): string {
    const text = this.#environment[name];
    if (!text) throw new Error(`the environment variable ${name} is not set`);
    return text;
  }

  #current(name: string): string | undefined {
    const later = this.#faulty ? this.#environment[`FAULT_${name}`] : undefined;
    return later ?? this.#environment[name];
  }
}

export const settings = new Settings(process.env, process.send === undefined);
