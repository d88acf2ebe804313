import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { postTraces } from './durability/load.ts';
import { Requests } from './durability/requests.ts';
import { countingSyncs, NoTracing, syncsIn } from './durability/syncs.ts';

let folder: string;
let collector: CollectorProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-sync-'));
});
afterEach(async () => {
  await collector?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const REQUESTS = 20;

describe('an acknowledgement', () => {
  // A kill cannot tell: the kernel keeps what a dead process wrote. Only a power cut would.
  it('comes after a sync to disk', async (test) => {
    const log = join(folder, 'syncs');
    let under: readonly string[];
    try {
      under = countingSyncs(log);
    } catch (error) {
      if (!(error instanceof NoTracing)) throw error;
      console.log(`not tried, since this machine does not allow it: ${error.message}`);
      return test.skip(error.message);
    }
    // Nothing is sealed meanwhile, so that every sync is an acknowledgement's.
    collector = await startCollectorProcess({
      db: join(folder, 'tailrace.db'),
      args: ['--settle', '1h'],
      under,
    });
    const requests = new Requests(41, BigInt(Date.now()) * 1_000_000n);
    for (let number = 0, before = syncsIn(log); number < REQUESTS; number++) {
      expect((await postTraces(collector.otlpHttp, requests.body(number))).status).toBe(200);
      const after = syncsIn(log);
      expect(after, `request ${number}`).toBeGreaterThan(before);
      before = after;
    }
    expect(await collector.stop()).toBe(0);
  });
});
