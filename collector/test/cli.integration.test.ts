import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FREE_PORTS, runCli, startCollectorProcess } from './collector-process.ts';
import { otlpJson, postJson } from './otlp-json.ts';
import { span, traceIdOf } from './spans.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const db = (): string => join(folder, 'tailrace.db');
const failing = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const run = runCli(['--db', db(), ...FREE_PORTS, ...args], env, folder);
  return { code: await run.ended, message: run.output.stderr, stdout: run.output.stdout };
};

describe('tailrace', () => {
  it('prints a line per listener, is ready then, and ends cleanly on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const collector = await startCollectorProcess({ db: db() });
      expect(collector.output.stdout).toMatch(
        /^otlp-http http:\/\/127\.0\.0\.1:\d+\notlp-grpc 127\.0\.0\.1:\d+\nui http:\/\/127\.0\.0\.1:\d+\n$/,
      );
      expect((await fetch(`${collector.ui}/readyz`)).status).toBe(200);
      expect((await fetch(`${collector.ui}/healthz`)).status).toBe(200);
      expect(await collector.stop(signal)).toBe(0);
      expect(collector.output.stderr).toBe('');
    }
    // A clean end leaves one file, nothing to replay and no lock.
    expect(statSync(db()).mode & 0o777).toBe(0o600);
    expect(() => statSync(`${db()}.lock`)).toThrow();
    expect(() => statSync(`${db()}-wal`)).toThrow();
  });

  it('has every acknowledged span after kill -9', async () => {
    const killed = await startCollectorProcess({ db: db() });
    for (let i = 0; i < 20; i++) {
      const answer = await postJson(killed.otlpHttp, otlpJson([span({ id: `s${i}`, at: i })]));
      expect(answer.status).toBe(200);
    }
    await killed.stop('SIGKILL');
    const again = await startCollectorProcess({ db: db() });
    const trace = (await (await fetch(`${again.ui}/api/v1/traces/${traceIdOf('t')}`)).json()) as {
      total: number;
    };
    expect(trace.total).toBe(20);
    expect(await again.stop()).toBe(0);
  });

  it('lists its options', async () => {
    const { code, stdout } = await failing(['--help']);
    expect(code).toBe(0);
    for (const flag of [
      '--db <file>',
      '--otlp-http',
      '--otlp-grpc',
      '--ui',
      '--nats',
      '--rules',
      '--retention',
      '--max-size',
      '--settle',
    ]) {
      expect(stdout).toContain(flag);
    }
    expect(stdout).toContain('TAILRACE_DB');
  });

  it('is configured by variables too', async () => {
    const { code, message } = await failing([], { TAILRACE_SETTLE: 'soon' });
    expect(code).toBe(2);
    expect(message).toContain('TAILRACE_SETTLE: "soon" is not a duration such as 500ms');
  });

  it.each([
    ['an unknown option', ['--colour'], 1, /unknown option '--colour'/],
    ['a wrong address', ['--ui', 'here'], 2, /--ui: "here" is not \[host:\]port/],
    [
      'a missing folder',
      ['--db', '/nonexistent/tailrace.db'],
      1,
      /folder \/nonexistent does not exist: create it/,
    ],
    ['a folder as database', ['--db', '/tmp'], 1, /it is a folder: name a file in it/],
    ['a missing rules file', ['--rules', 'none.yaml'], 2, /none\.yaml/],
    [
      'an address of another machine',
      ['--otlp-http', '203.0.113.1:4318'],
      1,
      /no address 203\.0\.113\.1: correct --otlp-http/,
    ],
  ])('says what to do about %s', async (_what, args, exitCode, message) => {
    const result = await failing(args);
    expect(result.message).toMatch(message);
    expect(result.message).not.toContain('    at ');
    expect(result.code).toBe(exitCode);
    expect(result.stdout).toBe('');
  });

  it('names every mistake of a rules file with its place', async () => {
    const rules = join(folder, 'rules.yaml');
    writeFileSync(rules, 'rules:\n  - name: lag\n    kind: queue-lag\n    abov: 30s\n');
    const { code, message } = await failing(['--rules', rules]);
    expect(code).toBe(2);
    expect(message).toMatch(/rules\.yaml/);
    expect(message).toMatch(/abov/);
    expect(message).toMatch(/4:5|line 4/);
  });

  it('names the other process that has the file', async () => {
    const collector = await startCollectorProcess({ db: db() });
    const { code, message } = await failing([]);
    expect(code).toBe(1);
    expect(message).toContain(`in use by another tailrace (pid ${collector.child.pid})`);
    await collector.stop();
  });

  describe('with an occupied port', () => {
    let taken: Server;
    let port: number;
    beforeEach(async () => {
      taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      port = (taken.address() as { port: number }).port;
    });
    afterEach(() => taken.close());

    it.each(['otlp-http', 'otlp-grpc', 'ui'])('names --%s as the way out', async (flag) => {
      const { code, message, stdout } = await failing([`--${flag}`, String(port)]);
      expect(message).toContain(
        `port ${port} is in use: stop the other program, or choose another port with --${flag}`,
      );
      expect(code).toBe(1);
      expect(stdout).toBe('');
    });
  });
});
