#!/usr/bin/env node
import { exit, versions } from 'node:process';

/** zstd in node:zlib, and the SQLite binding, need this; older releases crash inside the binding without a word. */
const LEAST_NODE = [22, 15] as const;

const [major = 0, minor = 0] = versions.node.split('.').map(Number);
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
  console.error(
    `tailrace needs Node.js ${LEAST_NODE.join('.')} or newer; this is ${versions.node}: please update Node.js`,
  );
  exit(1);
}

// Only now: the imports behind this one load the binding.
const { runCli } = await import('./program.ts');
await runCli(process.argv);
