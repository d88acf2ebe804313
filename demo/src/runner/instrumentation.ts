import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGE = join(REPOSITORY, 'instrumentation');

/** Modification times in Unix milliseconds of all files below; empty where the folder is missing. */
const times = async (folder: string): Promise<number[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs));
};

const isStale = async (): Promise<boolean> => {
  const built = await times(join(PACKAGE, 'dist'));
  const sources = await times(join(PACKAGE, 'src'));
  return built.length === 0 || Math.max(...sources) > Math.max(...built);
};

/** Builds the instrumentation where its build is missing or older than its sources. */
export const buildInstrumentation = async (say: (line: string) => void): Promise<void> => {
  if (!(await isStale())) return;
  say('building the instrumentation');
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build', '-w', 'instrumentation'], {
      cwd: REPOSITORY,
    });
  } catch (cause) {
    const output = cause instanceof Error && 'stdout' in cause ? String(cause.stdout) : '';
    throw new Error(`the instrumentation does not build:\n${output}`, { cause });
  }
};
