import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that the demo and the tests need but npm cannot bring. */
interface Program {
  readonly names: readonly string[];
  readonly aptPackage: string;
  /** Environment variable that names the program's path, if the user has it somewhere unusual. */
  readonly variable: string;
  readonly homepage: string;
}

const PROGRAMS = {
  'nats-server': {
    names: ['nats-server'],
    aptPackage: 'nats-server',
    variable: 'NATS_SERVER',
    homepage: 'https://docs.nats.io/running-a-nats-service/introduction/installation',
  },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    aptPackage: 'chromium',
    variable: 'CHROMIUM',
    homepage: 'https://www.chromium.org/getting-involved/download-chromium/',
  },
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Debian puts nats-server in /usr/sbin, which is not on the PATH of ordinary users. */
const searchPath = (): string[] => [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
];

/** The program's path, or undefined where the machine does not have it. */
export const findProgram = (name: ProgramName): string | undefined => {
  const program: Program = PROGRAMS[name];
  const named = process.env[program.variable];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`${program.variable} is set to ${named}, which is not an executable file`);
  }
  for (const folder of searchPath()) {
    for (const file of program.names) {
      const path = join(folder, file);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
};

/**
 * The program's path, installed by apt first where that is possible (root on Debian or Ubuntu).
 * Throws with one instruction where it is not.
 */
export const findOrInstallProgram = (name: ProgramName): string => {
  const found = findProgram(name);
  if (found) return found;
  const program: Program = PROGRAMS[name];
  const advice = `${name} is needed and was not found. Install it (apt install ${program.aptPackage}, or ${program.homepage}), or set ${program.variable} to its path.`;
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall) throw new Error(advice);
  console.error(`${name} is missing: installing ${program.aptPackage} by apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-q'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', program.aptPackage], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  } catch (cause) {
    throw new Error(`apt-get could not install ${program.aptPackage}. ${advice}`, { cause });
  }
  const installed = findProgram(name);
  if (!installed) throw new Error(advice);
  return installed;
};

/** For a headless browser that talks to this machine only, and runs as root in a container. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;
