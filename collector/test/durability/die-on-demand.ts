/**
 * Loaded into the collector's process before its own code (`--import`): its storage thread then dies when a file
 * appears. "once" in the file: this thread; "always": every further one too.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

export const DEATH_WISH = 'TAILRACE_TEST_DEATH_WISH';

const file = process.env[DEATH_WISH];
if (!isMainThread && file !== undefined) {
  setInterval(() => {
    if (!existsSync(file)) return;
    if (readFileSync(file, 'utf8') === 'once') rmSync(file);
    throw new Error('told to die');
  }, 10).unref();
}
