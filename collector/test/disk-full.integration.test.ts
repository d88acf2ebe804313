import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { integrityOf } from './durability/file-check.ts';
import { exportOverGrpc } from './durability/grpc.ts';
import { Load, pause, postTraces } from './durability/load.ts';
import { readBack } from './durability/read-back.ts';
import { Requests } from './durability/requests.ts';
import { NoSmallDisk, type SmallDisk, smallFileSystem, smallFiles } from './durability/small-disk.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

const start = async (db: string, disk: SmallDisk): Promise<CollectorProcess> => {
  const collector = await startCollectorProcess({ db, args: ['--settle', '200ms'], under: disk.under });
  closers.push(() => collector.stop('SIGKILL'));
  return collector;
};

const get = async (collector: CollectorProcess, path: string): Promise<number> =>
  (await fetch(`${collector.ui}${path}`)).status;

/** Nothing was acknowledged for this long though it was tried all the time. */
const FULL_MS = 1_000;

const fill = async (load: Load, collector: CollectorProcess): Promise<void> => {
  load.start(collector.otlpHttp);
  for (let acked = -1, since = performance.now(); performance.now() - since < FULL_MS; await pause(20)) {
    if (load.acked.length === acked) continue;
    acked = load.acked.length;
    since = performance.now();
  }
  await load.stop();
};

const expectAllOnce = async (load: Load, requests: Requests, { ui, db }: CollectorProcess): Promise<void> => {
  const read = await readBack({ ui, requests, load, mayBeGone: false }, load.acked);
  expect(read.problems).toEqual([]);
  expect(read.traces).toBeGreaterThan(0);
  expect(integrityOf(db)).toBe('ok');
};

/** Skips the test with the reason where this machine has no such place. */
const placeOrSkip = (make: () => SmallDisk, test: TestContext): SmallDisk => {
  try {
    const disk = make();
    closers.push(() => disk.close());
    return disk;
  } catch (error) {
    if (!(error instanceof NoSmallDisk)) throw error;
    console.log(`not tried, since this machine does not allow it: ${error.message}`);
    return test.skip(error.message);
  }
};

const setUp = async (make: () => SmallDisk, test: TestContext) => {
  const disk = placeOrSkip(make, test);
  const db = join(disk.folder, 'tailrace.db');
  const collector = await start(db, disk);
  const uiBefore = await get(collector, '/');
  const requests = new Requests(7, BigInt(Date.now()) * 1_000_000n);
  const load = new Load(requests, { connections: 2, pauseMs: 0 });
  await fill(load, collector);
  expect(load.acked.length).toBeGreaterThan(0);
  return { disk, db, collector, uiBefore, requests, load };
};

const firstRefusal = async <T>(send: () => Promise<T>, isTaken: (answer: T) => boolean): Promise<T> => {
  for (;;) {
    const answer = await send();
    if (!isTaken(answer)) return answer;
  }
};

const resume = async (load: Load, collector: CollectorProcess): Promise<void> => {
  const before = load.acked.length;
  load.start(collector.otlpHttp);
  while (load.acked.length < before + 20) await pause(20);
  await load.stop();
};

describe.each([
  ['a full file system', smallFileSystem],
  ['files that may not grow', smallFiles],
])('on %s', (_what, make) => {
  it('refuses with "try again", serves all else, and goes on by itself once there is space', async (test) => {
    const { disk, collector, uiBefore, requests, load } = await setUp(make, test);

    // The load goes on meanwhile: sealing makes a little room now and then.
    load.start(collector.otlpHttp);
    const refused = new Requests(8, 0n).body(0);
    const overHttp = () => postTraces(collector.otlpHttp, refused);
    const overGrpc = () => exportOverGrpc(collector.otlpGrpc, refused);
    expect(await firstRefusal(overHttp, (answer) => answer.status === 200)).toEqual({
      status: 503,
      retryAfter: expect.stringMatching(/^[1-9]\d*$/),
    });
    expect(await firstRefusal(overGrpc, (code) => code === status.OK)).toBe(status.UNAVAILABLE);
    await load.stop();
    expect(new Set(load.refusals.map((answer) => answer.status))).toEqual(new Set([503]));
    await expectAllOnce(load, requests, collector);
    expect(await get(collector, '/')).toBe(uiBefore);
    expect(await get(collector, '/healthz')).toBe(200);
    // Readers need it, and senders are told by themselves: a full disk does not take the collector out of service.
    expect(await get(collector, '/readyz')).toBe(200);

    disk.free(collector.child.pid as number);
    await resume(load, collector);
    await expectAllOnce(load, requests, collector);
    expect(await collector.stop()).toBe(0);
  });

  it('starts on it, ends on it, and loses nothing by a kill -9 on it', async (test) => {
    const { disk, db, collector, requests, load } = await setUp(make, test);
    await collector.stop('SIGKILL');
    const onFull = await start(db, disk);
    await expectAllOnce(load, requests, onFull);
    expect(await onFull.stop()).toBe(0);
    expect(onFull.output.stderr).not.toContain('    at ');

    disk.free();
    const last = await start(db, { ...disk, under: [] });
    await resume(load, last);
    await expectAllOnce(load, requests, last);
  });
});
