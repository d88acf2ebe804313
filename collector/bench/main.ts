/** `npm run bench -- [name ...]`: runs the named benchmarks, or all, and prints their figures as JSON. */
import { cpus, totalmem } from 'node:os';
import { versions } from 'node:process';
import { benchDecode } from './decode.ts';
import { benchFlow } from './flow.ts';
import { benchIngest } from './ingest.ts';
import { benchStorage } from './storage.ts';

const BENCHMARKS: Readonly<Record<string, () => unknown | Promise<unknown>>> = {
  decode: benchDecode,
  flow: benchFlow,
  ingest: benchIngest,
  storage: benchStorage,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: versions.node,
};
const figures: Record<string, unknown> = {};
for (const name of named.length > 0 ? named : Object.keys(BENCHMARKS))
  figures[name] = await BENCHMARKS[name]?.();
console.log(JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2));
