import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { FREE_PORTS, runCli, startCollectorProcess } from './collector-process.ts';
import { boundByPermissions, NoOtherUser } from './durability/other-user.ts';

let folder: string;
let db: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-read-only-'));
  db = join(folder, 'tailrace.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const userOrSkip = (test: TestContext) => {
  try {
    return boundByPermissions(fileURLToPath(import.meta.url));
  } catch (error) {
    if (!(error instanceof NoOtherUser)) throw error;
    console.log(`not tried, since this machine does not allow it: ${error.message}`);
    return test.skip(error.message);
  }
};

/** Starts on a database that was made before, with these permissions; it must not start. */
const refusal = async (test: TestContext, modes: { file: number; folder: number }): Promise<string> => {
  const { under, uid } = userOrSkip(test);
  await (await startCollectorProcess({ db })).stop();
  for (const path of [folder, db]) chownSync(path, uid, -1);
  chmodSync(db, modes.file);
  chmodSync(folder, modes.folder);
  const run = runCli(['--db', db, ...FREE_PORTS], {}, undefined, under);
  expect(await run.ended).toBe(1);
  expect(run.output.stdout).toBe('');
  expect(run.output.stderr).not.toContain('    at ');
  return run.output.stderr;
};

describe('a place that may not be written', () => {
  const advice = (): string =>
    `tailrace: cannot write the database ${db}: it or its folder may not be written: check the permissions, or name another file with --db\n`;

  it('as file is refused with what to do', async (test) => {
    expect(await refusal(test, { file: 0o444, folder: 0o755 })).toBe(advice());
  });

  it('as folder is refused with what to do', async (test) => {
    expect(await refusal(test, { file: 0o644, folder: 0o555 })).toBe(advice());
  });

  it('as folder without a database is refused with what to do', async (test) => {
    const { under, uid } = userOrSkip(test);
    chownSync(folder, uid, -1);
    chmodSync(folder, 0o555);
    const run = runCli(['--db', db, ...FREE_PORTS], {}, undefined, under);
    expect(await run.ended).toBe(1);
    expect(run.output.stderr).toBe(advice());
  });
});
