import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type NatsServer, startNatsServer } from '../../tools/nats-server.ts';
import type { ReceivedSpan } from './decode-traces.ts';
import { nodePrograms } from './node-programs.ts';
import { type OtlpReceiver, startReceiver } from './otlp-receiver.ts';

const fixtures = join(__dirname, 'fixtures');
const tsc = join(createRequire(__filename).resolve('typescript/package.json'), '..', 'bin', 'tsc');

let server: NatsServer;
let receiver: OtlpReceiver;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  // The package is tested as it is published.
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: join(__dirname, '..') });
  server = await startNatsServer();
});

afterAll(() => server.stop());

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await receiver.close();
});

interface Run {
  readonly child: ChildProcess;
  /** The first output. */
  readonly ready: Promise<void>;
  readonly output: Promise<string>;
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

const run = (node: string, fixture: string, env: Record<string, string> = {}): Run => {
  const child = spawn(node, ['--import', '@tailrace/instrumentation/register', join(fixtures, fixture)], {
    cwd: fixtures,
    env: {
      PATH: process.env.PATH,
      NATS_URL: server.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      ...env,
    },
  });
  children.add(child);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return {
    child,
    ready: new Promise((resolve) => child.stdout.once('data', () => resolve())),
    output: new Promise((resolve) => child.once('close', () => resolve(stdout))),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stderr }))),
  };
};

/** Names from a span up to the entry of its trace. */
const pathOf = (span: ReceivedSpan | undefined): string[] => {
  if (!span) return [];
  const parent = receiver.spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name.replace(/\d+/g, ''), ...pathOf(parent)];
};

const named = (pattern: RegExp, kind?: number): ReceivedSpan | undefined =>
  receiver.spans.find((span) => pattern.test(span.name) && (kind === undefined || span.kind === kind));

describe.each(nodePrograms())('--import register on Node $version', ({ path: node }) => {
  it.each(['shop.mjs', 'shop.cjs', 'shop-legacy.mjs', 'shop-legacy.cjs'])(
    'traces a request through HTTP, gRPC, fetch and NATS in %s',
    async (fixture) => {
      const { code, stderr } = await run(node, fixture).ended;
      expect(stderr).toBe('');
      expect(code).toBe(0);
      const entry = ['GET', 'GET'];
      expect(pathOf(named(/^bill$/))).toEqual([
        'bill',
        'process orders.created',
        'publish orders.created',
        ...entry,
      ]);
      expect(pathOf(named(/Say$/, 2))).toEqual(['grpc.echo.Echo/Say', 'grpc.echo.Echo/Say', ...entry]);
      const stock = receiver.spans.filter((span) => span.name === 'GET' && span.kind === 2);
      expect(stock.map((span) => pathOf(span).length).sort()).toEqual([2, 4]);
      expect(new Set(receiver.spans.map((span) => span.traceId)).size).toBe(1);
      // Neither the exporter's own requests nor the client's talk with the server are to be seen.
      expect(receiver.spans.length).toBe(9);
    },
  );

  it.each(['nats', '@nats-io/transport-node'])(
    'keeps contexts apart in and around the loops of %s',
    async (client) => {
      const { output, ended } = run(node, 'loops.cjs', { CLIENT: client });
      expect((await ended).stderr).toBe('');
      expect(await output).toBe('');
    },
  );

  it('takes name and version of the service from its package.json', async () => {
    await run(node, 'brief.cjs').ended;
    const { resource } = await receiver.waitFor('brief');
    expect(resource).toMatchObject({ 'service.name': 'fixture-shop', 'service.version': '1.2.3' });
    expect(resource['service.instance.id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(resource['host.name']).toBeTruthy();
    expect(Number(resource['process.pid'])).toBeGreaterThan(0);
  });

  it('lets the standard variables decide', async () => {
    await run(node, 'brief.cjs', {
      OTEL_SERVICE_NAME: 'by-variable',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=9,deployment.environment.name=test',
    }).ended;
    const { resource } = await receiver.waitFor('brief');
    expect(resource).toMatchObject({
      'service.name': 'by-variable',
      'service.version': '9',
      'deployment.environment.name': 'test',
    });
  });

  it('does nothing where the SDK is disabled', async () => {
    const { code, stderr } = await run(node, 'brief.cjs', { OTEL_SDK_DISABLED: 'true' }).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(receiver.spans).toEqual([]);
  });

  it('shows a span within a second while the service runs', async () => {
    const { ready } = run(node, 'waits.cjs');
    await ready;
    const since = Date.now();
    await receiver.waitFor('work');
    expect(Date.now() - since).toBeLessThan(1_000);
  });

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
  ] as const)('sends what is left on %s and ends as the signal would have', async (signal, ending) => {
    const { child, ready, ended } = run(node, 'waits.cjs', { OTEL_BSP_SCHEDULE_DELAY: '60000' });
    await ready;
    child.kill(signal);
    expect(await ended).toEqual({ code: null, signal: ending, stderr: '' });
    expect(named(/^work$/)).toBeDefined();
  });

  it('leaves the end to the handler of the application, and sends the spans of its cleanup', async () => {
    const { child, ready, ended } = run(node, 'waits.cjs', {
      HANDLES: '1',
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    });
    await ready;
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 7, signal: null, stderr: '' });
    expect(named(/^work$/)).toBeDefined();
    expect(named(/^cleanup$/)).toBeDefined();
  });

  it('reports a missing collector once and is not held up by it', async () => {
    const since = Date.now();
    const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    const { code, stderr } = await run(node, 'brief.cjs', nobody).ended;
    expect(code).toBe(0);
    expect(stderr).toBe(
      'tailrace: cannot send spans to http://127.0.0.1:1/v1/traces (ECONNREFUSED); the service goes on without\n',
    );
    expect(Date.now() - since).toBeLessThan(5_000);
  });

  it('tries again while a collector is busy', async () => {
    receiver.refusals.push(503, 429);
    const { ready } = run(node, 'waits.cjs');
    await ready;
    await receiver.waitFor('work');
    expect(receiver.spans.length).toBe(1);
  });
});
