import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { commandOf, descendantsOf, eventually, isRunning } from './processes.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** Nobody listens there: the services must serve all the same. */
const NO_COLLECTOR = ['--no-collector', '--otlp-http', '9'];
const FREE_PORTS = ['--ui', '0', '--otlp-http', '0', '--otlp-grpc', '0'];

interface Running {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<number | null>;
  output: string;
}

const started: Running[] = [];

/** In a process group of its own, as a terminal gives it one. */
const launch = (
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Running => {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const running: Running = {
    process: child,
    pid: child.pid ?? 0,
    exited: new Promise((resolve) => child.once('close', resolve)),
    output: '',
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      running.output += chunk.toString();
    });
  }
  started.push(running);
  return running;
};

const run = (args: readonly string[]): Running => launch(process.execPath, [MAIN, ...args]);

const open = async (args: readonly string[]): Promise<{ demo: Running; pids: number[] }> => {
  const demo = run(args);
  await eventually('the shop is open', () => {
    if (!isRunning(demo.pid)) throw new Error(demo.output);
    return demo.output.includes('The shop is open');
  });
  return { demo, pids: descendantsOf(demo.pid) };
};

const left = (pids: readonly number[]): number[] => pids.filter(isRunning);

afterEach(() => {
  for (const { pid, process: child } of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) process.kill(pid, 'SIGKILL');
  }
});

describe('npm run demo', () => {
  it('ends every process on Ctrl-C, which reaches the whole process group', async () => {
    const { demo, pids } = await open(NO_COLLECTOR);
    expect(pids.length).toBeGreaterThanOrEqual(14);
    process.kill(-demo.pid, 'SIGINT');
    expect(await demo.exited).toBe(0);
    expect(left(pids)).toEqual([]);
    expect(demo.output).toMatch(/\d+ requests sent, \d+ answered well, 0 not/);
  });

  it('ends every process on SIGTERM', async () => {
    const { demo, pids } = await open(NO_COLLECTOR);
    process.kill(demo.pid, 'SIGTERM');
    expect(await demo.exited).toBe(0);
    expect(left(pids)).toEqual([]);
  });

  it('leaves no process even when it is killed with -9', async () => {
    const { demo, pids } = await open(NO_COLLECTOR);
    process.kill(demo.pid, 'SIGKILL');
    await demo.exited;
    await eventually('all processes noticed', () => left(pids).length === 0);
  });

  it('takes its collector along, on Ctrl-C and when it is killed with -9', async () => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const { demo, pids } = await open(FREE_PORTS);
      expect(demo.output).toMatch(/explorer {2}http:\/\/127\.0\.0\.1:\d+/);
      expect(pids.some((pid) => commandOf(pid).includes('tailrace.ts start'))).toBe(true);
      process.kill(-demo.pid, signal);
      await demo.exited;
      await eventually('all processes are gone', () => left(pids).length === 0);
    }
  });

  it('ends while it still starts, on Ctrl-C', async () => {
    const demo = run(NO_COLLECTOR);
    await eventually('it has processes', () => descendantsOf(demo.pid).length >= 5);
    const pids = descendantsOf(demo.pid);
    process.kill(-demo.pid, 'SIGINT');
    expect(await demo.exited).toBe(0);
    expect(left(pids)).toEqual([]);
  });

  it('stops all and fails, with the reason, when a service dies', async () => {
    const { demo, pids } = await open(NO_COLLECTOR);
    const billing = pids.find((pid) => commandOf(pid).includes('services/billing.ts'));
    process.kill(billing ?? 0, 'SIGKILL');
    expect(await demo.exited).toBe(1);
    expect(demo.output).toContain('demo: billing was ended by SIGKILL');
    expect(left(pids)).toEqual([]);
  });

  it("ends when npm's shell dies of a SIGTERM that it passes to nobody", async () => {
    const script = `true && ${process.execPath} ${MAIN} ${NO_COLLECTOR.join(' ')}; true`;
    const shell = launch('sh', ['-c', script], { npm_lifecycle_event: 'demo' });
    await eventually('the shop is open', () => shell.output.includes('The shop is open'));
    const pids = descendantsOf(shell.pid);
    expect(pids.length).toBeGreaterThanOrEqual(15);
    process.kill(shell.pid, 'SIGTERM');
    await eventually('all processes noticed', () => left(pids).length === 0);
  });

  it('stops by itself after --duration', async () => {
    const { demo, pids } = await open([...NO_COLLECTOR, '--duration', '0.5']);
    expect(await demo.exited).toBe(0);
    expect(left(pids)).toEqual([]);
  });

  it('names the scenarios, and asks back for one that it does not know', async () => {
    const list = run(['--list']);
    expect(await list.exited).toBe(0);
    expect(list.output).toContain('3am-cascade');
    const unknown = run(['--scenario', 'three-am']);
    expect(await unknown.exited).toBe(1);
    expect(unknown.output).toContain('there is no scenario "three-am"; choose one of healthy, 3am-cascade');
  });
});

describe('a port that somebody else has', () => {
  let server: Server;
  afterEach(() => server.close());

  it('is named together with the flag to choose another', async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const demo = run(['--ui', String(port), '--otlp-http', '0', '--otlp-grpc', '0']);
    expect(await demo.exited).toBe(1);
    expect(demo.output).toMatch(new RegExp(`port ${port} for the explorer is taken.*--ui <port>`));
  });
});
