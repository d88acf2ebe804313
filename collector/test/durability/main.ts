/** `npm run prove -- kill [--times n] [--seed n]`: kills a collector under load and reads back what it acknowledged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { versions } from 'node:process';
import { parseArgs } from 'node:util';
import { KillRun } from './kill.ts';
import { databaseIn, killRuns } from './kill-runs.ts';
import { summaryOf } from './summary.ts';

const usage = (problem: string): never => {
  console.error(`${problem}\nusage: npm run prove -- kill [--times 50] [--seed 1]`);
  process.exit(2);
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
if (positionals.join() !== 'kill') usage(`there is no proof "${positionals.join(' ')}"`);
const [kills, seed] = [Number(values.times), Number(values.seed)];
if (!(Number.isInteger(kills) && kills > 1)) usage(`--times: "${values.times}" is not a number of kills`);
if (!Number.isInteger(seed)) usage(`--seed: "${values.seed}" is not a whole number`);

console.log(
  `${new Date().toISOString()}, ${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${versions.node}`,
);
const folder = mkdtempSync(join(tmpdir(), 'tailrace-prove-'));
let problems = 0;
try {
  for (const run of killRuns({ kills, seed, readAtEnd: Number.POSITIVE_INFINITY })) {
    console.log(`\n${run.name}: ${run.kills} kills, seed ${run.seed}`);
    const report = await new KillRun({ ...run, db: databaseIn(folder, run), say: console.log }).run();
    problems += report.problems.length;
    console.log(summaryOf(report));
  }
} finally {
  if (problems === 0) rmSync(folder, { recursive: true, force: true });
  else console.log(`\nthe files are in ${folder}`);
}
process.exitCode = problems === 0 ? 0 : 1;
