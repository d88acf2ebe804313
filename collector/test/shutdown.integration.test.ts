import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { readSpanIds } from './durability/api.ts';
import { Load, pause } from './durability/load.ts';
import { readBack } from './durability/read-back.ts';
import { Requests } from './durability/requests.ts';
import { halfRequest } from './half-request.ts';

/** What a supervisor gives a process before it kills it. */
const PATIENCE_MS = 10_000;
/** A running request gets this long at least: an end before it was not waited for. */
const DRAIN_MS = 5_000;

let folder: string;
let collector: CollectorProcess;
const start = async (): Promise<void> => {
  collector = await startCollectorProcess({ db: join(folder, 'tailrace.db'), args: ['--settle', '200ms'] });
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-shutdown-'));
  await start();
});
afterEach(async () => {
  await collector.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const requests = new Requests(21, BigInt(Date.now()) * 1_000_000n);

/** Nothing new is taken from then on. */
const untilUnready = async (): Promise<void> => {
  const isReady = (): Promise<boolean> =>
    fetch(`${collector.ui}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
  while (await isReady()) await pause(5);
};

const measured = async (work: Promise<number | string>): Promise<{ code: number | string; ms: number }> => {
  const begin = performance.now();
  return { code: await work, ms: performance.now() - begin };
};

describe('a signal to end', () => {
  it('under load loses nothing that was acknowledged', async () => {
    const load = new Load(requests, { connections: 4, pauseMs: 0 });
    load.start(collector.otlpHttp);
    while (load.acked.length < 60) await pause(10);
    const { code, ms } = await measured(collector.stop('SIGTERM'));
    await load.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(PATIENCE_MS);
    expect(collector.output.stderr).toBe('');

    await start();
    const read = await readBack({ ui: collector.ui, requests, load, mayBeGone: false }, load.acked);
    expect(read.problems).toEqual([]);
  });

  it('lets a request in flight finish, and asks its sender to leave', async () => {
    const [trace] = requests.traces(1);
    const slow = await halfRequest(`${collector.otlpHttp}/v1/traces`, requests.body(1));
    const ended = collector.stop('SIGTERM');
    await untilUnready();
    const answer = await slow.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
    expect(await ended).toBe(0);

    await start();
    expect(await readSpanIds(collector.ui, trace?.traceId ?? '')).toEqual(trace?.spanIds);
  });

  it('does not wait for ever for senders that are stuck', async () => {
    const stuck = await Promise.all([
      halfRequest(`${collector.otlpHttp}/v1/traces`, requests.body(1)),
      halfRequest(`${collector.ui}/api/v1/silences`, Buffer.from('{"rule": "any"}'), 'application/json'),
    ]);
    const { code, ms } = await measured(collector.stop('SIGTERM'));
    for (const { socket } of stuck) socket.destroy();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(PATIENCE_MS);
  });

  it('that comes twice ends at once', async () => {
    const stuck = await halfRequest(`${collector.otlpHttp}/v1/traces`, requests.body(1));
    void collector.stop('SIGTERM');
    await untilUnready();
    const { code, ms } = await measured(collector.stop('SIGTERM'));
    stuck.socket.destroy();
    expect(code).toBe(1);
    expect(ms).toBeLessThan(DRAIN_MS / 2);
  });
});
