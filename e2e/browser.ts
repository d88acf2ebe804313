import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, findOrInstallProgram } from '../tools/programs.ts';

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findOrInstallProgram('chromium'), args: [...CHROMIUM_ARGS] });

/** A page that remembers what went wrong in it: script errors, console errors (CSP violations too), failed requests. */
export interface WatchedPage {
  readonly page: Page;
  readonly problems: string[];
}

export const watchedPage = async (context: BrowserContext): Promise<WatchedPage> => {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return { page, problems };
};
