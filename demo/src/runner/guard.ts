import { type ChildProcess, spawn } from 'node:child_process';

/** Waits for the end of its input, which comes when the runner is gone, then ends the processes it is told. */
const SCRIPT = `
while read -r word value; do
  case "$word" in
    watch) pids="$pids $value" ;;
    folder) folder="$value" ;;
    release) exit 0 ;;
  esac
done
for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
  left=""
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && left="$left $pid"; done
  [ -z "$left" ] && break
  sleep 0.5
done
for pid in $left; do kill -KILL "$pid" 2>/dev/null; done
[ -n "$folder" ] && rm -rf -- "$folder"
`;

/**
 * Cleans up after a runner that was killed with -9. The services notice that by themselves, but programs
 * such as nats-server cannot, so a small shell process holds the other end of a pipe.
 */
export class Guard {
  readonly pid: number;
  readonly #process: ChildProcess;

  constructor() {
    this.#process = spawn('sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    if (this.#process.pid === undefined) throw new Error('could not start sh');
    this.pid = this.#process.pid;
    // The pipe breaks where the guard itself was killed: nothing to guard with then, and nothing to say.
    this.#process.stdin?.on('error', () => undefined);
  }

  watch(pid: number): void {
    this.#say(`watch ${pid}`);
  }

  /** A folder that is of no use without the runner. */
  removeLater(folder: string): void {
    this.#say(`folder ${folder}`);
  }

  /** Everything ended in order: go without touching anything. */
  async release(): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    this.#say('release');
    if (this.#process.exitCode === null && this.#process.signalCode === null) await exited;
  }

  #say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }
}
