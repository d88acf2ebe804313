import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FREE_PORTS, type Run, runCli, startCollectorProcess } from './collector-process.ts';
import { untilSealed } from './durability/api.ts';
import { Load, pause, postTraces } from './durability/load.ts';
import { seededRandom } from './durability/random.ts';
import { Requests } from './durability/requests.ts';

const PAGE_BYTES = 4_096;
const requests = new Requests(31, BigInt(Date.now()) * 1_000_000n);
const load = new Load(requests, { connections: 2, pauseMs: 0 });

let folder: string;
/** A clean database with sealed traces, and one that a kill left with a log to replay. */
let clean: string;
let killed: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-damaged-'));
  clean = join(folder, 'clean.db');
  killed = join(folder, 'killed.db');
  const collector = await startCollectorProcess({ db: clean, args: ['--settle', '2ms'] });
  load.start(collector.otlpHttp);
  while (load.acked.length < 8) await pause(10);
  await load.stop();
  await untilSealed(collector.ui);
  await collector.stop();
  const victim = await startCollectorProcess({ db: killed });
  for (const number of load.acked) await postTraces(victim.otlpHttp, requests.body(number));
  await victim.stop('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let run: Run | undefined;
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
});

const damaged = (from: string, name: string): string => {
  const copy = join(folder, `${name.replaceAll(' ', '-')}.db`);
  copyFileSync(from, copy);
  if (from === killed) copyFileSync(`${from}-wal`, `${copy}-wal`);
  return copy;
};

/** Bytes of so large a share of the pages become others, after the first page. */
const scratch = (path: string, seed: number, share: number): void => {
  const random = seededRandom(seed);
  const bytes = readFileSync(path);
  for (let at = PAGE_BYTES; at + PAGE_BYTES <= bytes.length; at += PAGE_BYTES) {
    if (random() >= share) continue;
    for (let i = 0; i < 64; i++) bytes[at + Math.floor(random() * PAGE_BYTES)] = Math.floor(random() * 256);
  }
  writeFileSync(path, bytes);
};

/** Starts on the file: refused in one line that names it, or serving. Returns the address of what serves. */
const outcome = async (db: string) => {
  const started = runCli(['--db', db, ...FREE_PORTS, '--settle', '2ms']);
  run = started;
  const serving = async (): Promise<'serving'> => {
    while (!/^ui /m.test(started.output.stdout)) await pause(10);
    return 'serving';
  };
  const what = await Promise.race([started.ended, serving()]);
  const address = (name: string): string =>
    new RegExp(`^${name} (\\S+)$`, 'm').exec(started.output.stdout)?.[1] ?? '';
  return { what, run: started, ui: address('ui'), otlpHttp: address('otlp-http') };
};

const expectRefusal = ({ what, run }: Awaited<ReturnType<typeof outcome>>, db: string): void => {
  expect(what).toBe(1);
  expect(run.output.stderr).toMatch(new RegExp(`^tailrace: ${db} .*--db\n$`));
};

/** Every answer is the truth or an error: never other spans than were sent, and nobody is cut off. */
const expectTruthOrError = async (ui: string): Promise<void> => {
  for (const number of load.acked) {
    for (const { traceId } of requests.traces(number)) {
      const response = await fetch(`${ui}/api/v1/traces/${traceId}`);
      const body = (await response.json()) as { spans?: { spanId: string }[]; error?: { message: string } };
      if (response.status !== 200) {
        expect(body.error?.message).toMatch(/\w/);
        continue;
      }
      const sent = new Set(
        requests
          .siblings(number)
          .flatMap((one) =>
            requests.traces(one).flatMap((trace) => (trace.traceId === traceId ? trace.spanIds : [])),
          ),
      );
      const ids = (body.spans ?? []).map((span) => span.spanId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => !sent.has(id))).toEqual([]);
    }
  }
};

/** Whatever is damaged: no crash, new spans are taken, and the file is not thrown away. */
const expectLife = async (db: string): Promise<void> => {
  const bytes = statSync(db).size;
  const started = await outcome(db);
  if (started.what !== 'serving') {
    expectRefusal(started, db);
    expect(statSync(db).size).toBe(bytes);
    return;
  }
  const { run, ui, otlpHttp } = started;
  await expectTruthOrError(ui);
  const fresh = new Requests(32, BigInt(Date.now()) * 1_000_000n);
  for (const number of [0, 1, 2, 3]) {
    expect([200, 503]).toContain((await postTraces(otlpHttp, fresh.body(number))).status);
  }
  expect((await fetch(`${ui}/api/v1/status`)).status).toBe(200);
  expect((await fetch(`${ui}/readyz`)).status).toBe(200);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
};

describe('a damaged file', () => {
  it.each([
    ['a broken first page', (path: string) => writeFileSync(path, readFileSync(path).fill(0x41, 100, 400))],
    ['a broken head', (path: string) => writeFileSync(path, readFileSync(path).fill(0x41, 0, 16))],
    [
      'half of it',
      (path: string) => truncateSync(path, Math.floor(statSync(path).size / PAGE_BYTES / 2) * PAGE_BYTES),
    ],
  ])('with %s is refused by name and left as it is', async (name, damage) => {
    const db = damaged(clean, name);
    damage(db);
    const before = readFileSync(db);
    expectRefusal(await outcome(db), db);
    expect(readFileSync(db).equals(before)).toBe(true);
  });

  it.each([1, 2, 3])('with scratched pages (%i) never lies and never ends the process', async (seed) => {
    const db = damaged(clean, `scratched ${seed}`);
    scratch(db, seed, 0.05);
    await expectLife(db);
  });

  it.each([1, 2])(
    'with a scratched write-ahead log (%i) never lies and never ends the process',
    async (seed) => {
      const db = damaged(killed, `scratched log ${seed}`);
      scratch(`${db}-wal`, seed, 0.02);
      await expectLife(db);
    },
  );
});
