import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What `npm pack` makes of a workspace, and the files in it. */
const pack = (workspace: string, into: string): { file: string; files: string[] } => {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into, '-w', workspace];
  const output = execFileSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parsed = JSON.parse(output) as Packed[] | Record<string, Packed>;
  const [packed] = Object.values(parsed);
  if (!packed) throw new Error(`npm packed nothing of ${workspace}`);
  return { file: join(into, packed.filename), files: packed.files.map((one) => one.path) };
};

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** The published packages, installed where nothing of this repository is near. */
describe('the packages, installed into an empty folder', () => {
  let folder: string;
  let packed: { tailrace: ReturnType<typeof pack>; instrumentation: ReturnType<typeof pack> };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tailrace-installed-'));
    const tarballs = join(folder, 'tarballs');
    mkdirSync(tarballs);
    packed = {
      tailrace: pack('tailrace', tarballs),
      instrumentation: pack('@tailrace/instrumentation', tarballs),
    };
    writeFileSync(
      join(folder, 'package.json'),
      '{ "name": "my-service", "version": "3.2.1", "private": true }',
    );
    const tarballFiles = [packed.tailrace.file, packed.instrumentation.file];
    execFileSync('npm', ['install', '--no-audit', '--no-fund', ...tarballFiles], {
      cwd: folder,
      stdio: 'ignore',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('hold compiled code and a README, and no sources or tests', () => {
    for (const { files } of Object.values(packed)) {
      expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md']));
      expect(files.filter((file) => /(^|\/)(src|test)\/|\.test\.|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    }
    expect(packed.tailrace.files).toEqual(
      expect.arrayContaining(['dist/cli/tailrace.js', 'dist/ui/index.html']),
    );
    expect(packed.instrumentation.files).toEqual(
      expect.arrayContaining(['dist/register.js', 'dist/index.d.ts']),
    );
  });

  it.each(['cjs', 'mjs'])('trace a service (%s) into a collector that serves its explorer', async (kind) => {
    const collector = spawn(
      process.execPath,
      [
        'node_modules/.bin/tailrace',
        '--db',
        `${kind}.db`,
        '--ui',
        '0',
        '--otlp-http',
        '0',
        '--otlp-grpc',
        '0',
      ],
      { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise((resolve) => collector.once('close', resolve));
    try {
      let output = '';
      collector.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      const line = (name: string) => new RegExp(`^${name} (\\S+)$`, 'm').exec(output)?.[1] ?? '';
      await vi.waitFor(() => expect(line('ui')).not.toBe(''), { timeout: 15_000, interval: 50 });
      expect(await (await fetch(`${line('ui')}/`)).text()).toContain('<div id="app">');

      const load = kind === 'cjs' ? "const http = require('node:http');" : "import http from 'node:http';";
      const app = `${load}
        const server = http.createServer((request, response) => response.end('hello'));
        server.listen(0, () => {
          http.get({ port: server.address().port, path: '/greeting' }, (answer) => {
            answer.resume().on('end', () => server.close());
          });
        });`;
      writeFileSync(join(folder, `app.${kind}`), app);
      execFileSync(process.execPath, ['--import', '@tailrace/instrumentation/register', `app.${kind}`], {
        cwd: folder,
        env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: line('otlp-http'), NODE_OPTIONS: '' },
      });
      const response = await fetch(`${line('ui')}/api/v1/traces`);
      const { traces } = (await response.json()) as { traces: { rootService: string; spanCount: number }[] };
      expect(traces).toMatchObject([{ rootService: 'my-service', spanCount: 2 }]);
    } finally {
      collector.kill('SIGTERM');
      await ended;
    }
  });

  it('have the version that they were built with', () => {
    const version = (name: string): string =>
      (
        JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
          version: string;
        }
      ).version;
    const shown = execFileSync(process.execPath, ['node_modules/.bin/tailrace', '--version'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(shown.trim()).toBe(version('tailrace'));
  });
});
