import { join } from 'node:path';
import type { KillRunOptions } from './kill.ts';

type Run = Omit<KillRunOptions, 'db' | 'say'> & { readonly name: string };

export interface KillRunSize {
  readonly kills: number;
  readonly seed: number;
  /** Requests read back at the end. */
  readonly readAtEnd: number;
}

/** Sealing comes 60 settle times after a trace came: several times in each of these short lives, or once. */
const SETTLE = { often: ['--settle', '2ms'], usual: ['--settle', '5ms'], seldom: ['--settle', '20ms'] };

/** Two runs: one in which nothing may be missing, and one in which retention works while it is killed. */
export const killRuns = ({
  kills,
  seed,
  readAtEnd,
}: KillRunSize): readonly [kept: Run, withRetention: Run] => {
  const retentionKills = Math.max(1, Math.round(kills / 5));
  return [
    {
      name: 'everything kept',
      seed,
      kills: kills - retentionKills,
      settings: [SETTLE.often, SETTLE.usual, SETTLE.seldom],
      retention: false,
      connections: 4,
      pauseMs: 0,
      life: [150, 1_200],
      readEachTime: 20,
      readAtEnd,
    },
    {
      name: 'retention at work',
      seed: seed + 1,
      kills: retentionKills,
      // By size alone, so that what is missing is the oldest; by age too, which starts with the process.
      settings: [
        [...SETTLE.often, '--max-size', '300KB'],
        [...SETTLE.usual, '--max-size', '300KB', '--retention', '2s'],
      ],
      retention: true,
      connections: 2,
      // Slow enough that sealing keeps up, since only what is sealed can go.
      pauseMs: 60,
      life: [2_000, 4_000],
      readEachTime: 20,
      readAtEnd,
    },
  ];
};

export const databaseIn = (folder: string, run: Run): string =>
  join(folder, `${run.name.replaceAll(' ', '-')}.db`);
