/** Builds the package `tailrace`: compiled sources and, beside them, the explorer. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(`../${relative}`, import.meta.url));

const ui = path('ui/dist');
if (!existsSync(ui)) throw new Error('the explorer is not built: run "npm run build:ui" first');
const dist = path('collector/dist');
rmSync(dist, { recursive: true, force: true });
execFileSync(path('node_modules/.bin/tsc'), ['-p', path('collector/tsconfig.build.json')], {
  stdio: 'inherit',
});
cpSync(ui, `${dist}/ui`, { recursive: true });
chmodSync(`${dist}/cli/tailrace.js`, 0o755);
