import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli/tailrace.ts', import.meta.url));

/** A process of the command line, from the outside: what it printed, and how it ended. */
export interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** `under`: a command that runs it, such as one that sets limits; it must become the process itself (exec). */
export const runCli = (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
  under: readonly string[] = [],
): Run => {
  const [command = process.execPath, ...rest] = [...under, process.execPath];
  const child = spawn(command, [...rest, CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd ? { cwd } : {}),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return { child, output, ended };
};

/** A running collector with free ports and a database of its own. */
export interface CollectorProcess extends Run {
  readonly otlpHttp: string;
  /** `host:port` */
  readonly otlpGrpc: string;
  readonly ui: string;
  readonly db: string;
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

export const FREE_PORTS = ['--otlp-http', '0', '--otlp-grpc', '0', '--ui', '0'] as const;

/** Resolves once the collector printed its ready lines; rejects with what it said where it did not. */
export const startCollectorProcess = async (
  options: { db?: string; args?: readonly string[]; env?: NodeJS.ProcessEnv; under?: readonly string[] } = {},
): Promise<CollectorProcess> => {
  const folder = options.db ? undefined : mkdtempSync(join(tmpdir(), 'tailrace-collector-'));
  const db = options.db ?? join(folder as string, 'tailrace.db');
  const run = runCli(
    ['--db', db, ...FREE_PORTS, ...(options.args ?? [])],
    options.env,
    undefined,
    options.under,
  );
  const ready = new Promise<void>((resolve) => {
    run.child.stdout?.on('data', () => {
      if (/^ui /m.test(run.output.stdout)) resolve();
    });
  });
  const early = run.ended.then((code) => {
    throw new Error(`the collector ended with ${code} before it was ready:\n${run.output.stderr}`);
  });
  await Promise.race([ready, early]);
  const line = (name: string): string =>
    new RegExp(`^${name} (\\S+)$`, 'm').exec(run.output.stdout)?.[1] ?? '';
  return {
    ...run,
    otlpHttp: line('otlp-http'),
    otlpGrpc: line('otlp-grpc'),
    ui: line('ui'),
    db,
    stop: async (signal = 'SIGTERM') => {
      run.child.kill(signal);
      const code = await run.ended;
      if (folder) rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
};
