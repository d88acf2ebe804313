/**
 * Takes a picture of every page of a running explorer, light and dark, narrow and wide, to be looked at:
 * `npm run screens -- http://127.0.0.1:4319 [folder]`
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findOrInstallProgram } from './programs.ts';

const [origin = 'http://127.0.0.1:4319', folder = 'artefacts/screens'] = process.argv.slice(2);

interface TraceList {
  readonly traces: readonly { readonly traceId: string }[];
}

/** A flow worth a picture: the one that waited longest in a queue, else any. */
const flowPath = async (): Promise<string> => {
  const response = await fetch(`${origin}/api/v1/traces?sort=longest-wait&limit=1`);
  const { traces } = (await response.json()) as TraceList;
  return `/flow/${traces[0]?.traceId ?? '0'.repeat(32)}`;
};

/** The queue that lags most. */
const queuePath = async (): Promise<string> => {
  const response = await fetch(`${origin}/api/v1/queues`);
  const { queues } = (await response.json()) as {
    queues: { system: string; destination: string; consumerGroup: string; lagSeconds: number | null }[];
  };
  const [first] = queues.sort((a, b) => (b.lagSeconds ?? 0) - (a.lagSeconds ?? 0));
  const parts = first ? [first.system, first.destination, first.consumerGroup] : ['none', 'none', 'none'];
  return `/queues/${parts.map(encodeURIComponent).join(':')}`;
};

const pages: Readonly<Record<string, string>> = {
  flows: '/',
  flow: await flowPath(),
  map: '/map',
  chains: '/chains',
  queues: '/queues',
  queue: await queuePath(),
  findings: '/findings',
  alerts: '/alerts',
  status: '/status',
};
const WIDTHS = [1024, 1440, 2560];

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: findOrInstallProgram('chromium'),
  args: [...CHROMIUM_ARGS],
});
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of WIDTHS) {
    // Dark only at the usual width: the layout is the same.
    if (colorScheme === 'dark' && width !== 1440) continue;
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${origin}${path}`);
      // Live streams never end, so the network is never idle: give charts a moment.
      await page.waitForTimeout(1_200);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
    }
    await context.close();
  }
}
await browser.close();
console.log(`pictures of ${Object.keys(pages).length} pages are in ${folder}`);
