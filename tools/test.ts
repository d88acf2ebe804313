/** `npm test`: everything that must hold, cheapest first, so that a slip shows early. */
import { spawnSync } from 'node:child_process';
import { findOrInstallProgram } from './programs.ts';

const run = (command: string, ...args: string[]): void => {
  console.log(`\n> ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(error ?? `${command} ${args.join(' ')} failed`);
    process.exit(status ?? 1);
  }
};

// Before the first test needs them, so that a missing program is one clear message.
findOrInstallProgram('nats-server');
findOrInstallProgram('chromium');

run('npm', 'run', '--silent', 'build');
run('npm', 'run', '--silent', 'check');
run('vitest', 'run');
