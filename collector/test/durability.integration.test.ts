import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KillRun } from './durability/kill.ts';
import { databaseIn, killRuns } from './durability/kill-runs.ts';
import { summaryOf } from './durability/summary.ts';

/** `npm run prove -- kill --times 50` is the long way. */
const KILLS = 6;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-durability-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const [kept, withRetention] = killRuns({ kills: KILLS, seed: 20, readAtEnd: Number.POSITIVE_INFINITY });

describe('a collector that is killed again and again', () => {
  it('has every acknowledged span exactly once, and counts each once', { timeout: 240_000 }, async () => {
    const report = await new KillRun({
      ...kept,
      life: [250, 600],
      db: databaseIn(folder, kept),
      say: () => {},
    }).run();
    console.log(summaryOf(report));
    expect(report.problems).toEqual([]);
    expect(report.ackedRequests).toBeGreaterThan(0);
    expect(report.activities.get('ingest')).toBeGreaterThan(0);
    expect(report.activities.get('sealing')).toBeGreaterThan(0);
  });

  it('has no torn trace when it is killed while retention works', { timeout: 240_000 }, async () => {
    const report = await new KillRun({
      ...withRetention,
      db: databaseIn(folder, withRetention),
      say: () => {},
    }).run();
    console.log(summaryOf(report));
    expect(report.problems).toEqual([]);
    expect(report.goneTraces).toBeGreaterThan(0);
    expect(report.spansRead).toBeGreaterThan(0);
  });
});
