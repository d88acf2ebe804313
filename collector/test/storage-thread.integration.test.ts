import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { DEATH_WISH } from './durability/die-on-demand.ts';
import { Load, pause, postTraces } from './durability/load.ts';
import { readBack } from './durability/read-back.ts';
import { Requests } from './durability/requests.ts';

let folder: string;
let wish: string;
let collector: CollectorProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-thread-'));
  wish = join(folder, 'wish');
  const preload = new URL('./durability/die-on-demand.ts', import.meta.url).href;
  collector = await startCollectorProcess({
    db: join(folder, 'tailrace.db'),
    args: ['--settle', '200ms'],
    env: { NODE_OPTIONS: `--import ${preload}`, [DEATH_WISH]: wish },
  });
});
afterEach(async () => {
  await collector.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const readiness = async (): Promise<number> => (await fetch(`${collector.ui}/readyz`)).status;

describe('when the storage thread dies', () => {
  it('is started again: every request gets an answer, and what was acknowledged is there', async () => {
    const requests = new Requests(11, BigInt(Date.now()) * 1_000_000n);
    const load = new Load(requests, { connections: 4, pauseMs: 0 });
    load.start(collector.otlpHttp);
    for (const deaths of [1, 2]) {
      const acked = load.acked.length;
      while (load.acked.length < acked + 20) await pause(10);
      writeFileSync(wish, 'once');
      while (collector.output.stderr.split('starting it again').length <= deaths) await pause(10);
      while ((await readiness()) !== 200) await pause(10);
    }
    const acked = load.acked.length;
    while (load.acked.length < acked + 20) await pause(10);
    await load.stop();

    expect(load.unanswered.size).toBe(0);
    expect(load.refusals.length).toBeGreaterThan(0);
    for (const refusal of load.refusals) {
      expect(refusal).toEqual({ status: 503, retryAfter: expect.stringMatching(/^[1-9]\d*$/) });
    }
    const read = await readBack({ ui: collector.ui, requests, load, mayBeGone: false }, load.acked);
    expect(read.problems).toEqual([]);
    expect(collector.output.stderr).toContain(
      'tailrace: the storage thread died: Error: told to die; starting it again\n',
    );
    expect(await collector.stop()).toBe(0);
  });

  it('again and again, refuses meanwhile and ends with the reason in one line', async () => {
    writeFileSync(wish, 'always');
    while ((await readiness()) === 200) await pause(10);
    const answer = await postTraces(collector.otlpHttp, new Requests(12, 0n).body(1));
    expect(answer.status).toBe(503);
    expect((await fetch(`${collector.ui}/api/v1/status`)).status).toBe(503);
    expect((await fetch(`${collector.ui}/healthz`)).status).toBe(200);

    expect(await collector.ended).toBe(1);
    expect(collector.output.stderr).toMatch(
      /tailrace: the storage thread died: Error: told to die; it was started 5 times in vain\n$/,
    );
    expect(collector.output.stderr).not.toContain('    at ');
  });
});
