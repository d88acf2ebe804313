import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A place for a database that can hold only a little. */
export interface SmallDisk {
  readonly folder: string;
  /** A command that the collector must run under. */
  readonly under: readonly string[];
  /** Lets it hold more; also the collector that runs on it now, by its pid. */
  free(pid?: number): void;
  close(): void;
}

/** Why this machine has no such place. */
export class NoSmallDisk extends Error {
  override name = 'NoSmallDisk';
}

const run = (command: string, ...args: string[]): void => {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new NoSmallDisk(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
};

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tailrace-small-disk-'));

const DISK_BYTES = 9 * 2 ** 20;
const FILLER_BYTES = 6 * 2 ** 20;

/** A file system in memory, most of it taken by a file that can be removed. Needs the right to mount. */
export const smallFileSystem = (): SmallDisk => {
  const folder = newFolder();
  run('mount', '-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder);
  const filler = join(folder, 'filler');
  writeFileSync(filler, Buffer.alloc(FILLER_BYTES));
  return {
    folder,
    under: [],
    free: () => rmSync(filler),
    close: () => {
      run('umount', folder);
      rmSync(folder, { recursive: true });
    },
  };
};

const FILE_BYTES = 2 * 2 ** 20;

/** A limit on the size of every file that the process writes: any user may set that, and lift it again. */
export const smallFiles = (): SmallDisk => {
  run('prlimit', '--version');
  const folder = newFolder();
  return {
    folder,
    under: ['prlimit', `--fsize=${FILE_BYTES}:unlimited`],
    // Without a process there is no limit either: it ends with it.
    free: (pid) => pid !== undefined && run('prlimit', '--pid', String(pid), '--fsize=unlimited:unlimited'),
    close: () => rmSync(folder, { recursive: true }),
  };
};
