import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface NodeProgram {
  readonly path: string;
  /** Without the `v`. */
  readonly version: string;
}

/** The Node that runs the tests and, where it is another version, the machine's own. */
export const nodePrograms = (): NodeProgram[] => {
  const paths = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path));
  const programs = [process.execPath, ...paths].map((path) => ({
    path,
    version: execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
  }));
  return programs.filter(({ version }, i) => programs.findIndex((other) => other.version === version) === i);
};
