import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  readonly name: string;
  /** For Node: flags, script, arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Every line that the child writes. */
  readonly onLine: (name: string, line: string, stream: 'stdout' | 'stderr') => void;
}

const KEPT_LINES = 30;

/** A Node child of the runner, in its own process group: Ctrl-C reaches the runner alone, which then stops all in order. */
export class Child {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process is gone, with how it ended in words. */
  readonly exited: Promise<string>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  #alive = true;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#process = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    if (this.#process.pid === undefined) throw new Error(`could not start ${options.name}`);
    this.pid = this.#process.pid;
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        this.#alive = false;
        resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`);
      });
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      const source = this.#process[stream];
      if (!source) continue;
      createInterface({ input: source }).on('line', (line) => {
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LINES) this.#lines.shift();
        options.onLine(this.name, line, stream);
      });
    }
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The last lines it wrote, for the story of its death. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  send(message: string): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /** Resolves when the child sends this message. */
  said(message: string): Promise<void> {
    return new Promise((resolve) => {
      this.#process.on('message', (got) => {
        if (got === message) resolve();
      });
    });
  }

  /** Waits for the sign that the child is ready; rejects, with its last lines, where it dies or takes too long. */
  async starts(ready: Promise<void>, timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const failed = new Promise<never>((_, reject) => {
      const fail = (how: string): void => {
        reject(new Error(`${this.name} ${how}\n${this.#lines.join('\n')}`));
      };
      timer = setTimeout(() => fail(`was not ready within ${timeoutMs / 1_000} s`), timeoutMs);
      void this.exited.then((how) => fail(`${how} while it started`));
    });
    try {
      await Promise.race([ready, failed]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks it to end, and ends it for good after the grace. */
  async stop(graceMs: number): Promise<void> {
    if (!this.#alive) return;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    if (this.#alive) this.#process.kill('SIGKILL');
  }
}
