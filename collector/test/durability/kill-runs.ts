import { join } from 'node:path';
import type { KillRunOptions } from './kill.ts';

type Run = Omit<KillRunOptions, 'db' | 'say'> & { readonly name: string };

export interface KillRunSize {
  readonly kills: number;
  readonly seed: number;
  /** Requests read back at the end. */
  readonly readAtEnd: number;
}

const DEFAULT_RETENTION = ['--settle', '150ms'];

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
      settings: [DEFAULT_RETENTION, ['--settle', '400ms'], ['--settle', '20ms']],
      retention: false,
      connections: 4,
      pauseMs: 0,
      life: [200, 2_500],
      readEachTime: 20,
      readAtEnd,
    },
    {
      name: 'retention at work',
      seed: seed + 1,
      kills: retentionKills,
      // By size alone, so that what is missing is the oldest; by age too, which starts with the process.
      settings: [
        ['--settle', '100ms', '--max-size', '1MB'],
        ['--settle', '100ms', '--max-size', '1MB', '--retention', '2s'],
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
