import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CollectorProcess, startCollectorProcess } from '../collector/test/collector-process.ts';
import { otlpJson, postJson } from '../collector/test/otlp-json.ts';
import { shopFlow } from '../collector/test/shop-flow.ts';
import { EPOCH } from '../collector/test/spans.ts';
import { type Demo, startDemo } from '../demo/src/run.ts';
import { launchBrowser, watchedPage } from './browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

describe('the first minute of a new user', () => {
  let collector: CollectorProcess;
  beforeAll(async () => {
    collector = await startCollectorProcess();
  });
  afterAll(() => collector?.stop());

  it('begins with how to connect a service, and turns into flows by itself', async () => {
    const { page, problems } = await watchedPage(await browser.newContext());
    await page.goto(collector.ui);
    await page.getByText('Nothing has arrived yet').waitFor();
    expect(await page.textContent('body')).toContain('node --import @tailrace/instrumentation/register');

    const sinceEpochMs = Date.now() - Number(EPOCH / 1_000_000n);
    await postJson(collector.otlpHttp, otlpJson(shopFlow('first', sinceEpochMs)));
    await page
      .getByRole('link', { name: /gateway.*POST \/checkout/ })
      .first()
      .waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

describe('the lag story, in a shop whose analytics falls behind', () => {
  let demo: Demo;
  let traceId: string;

  /** A checkout that crosses REST, gRPC and JetStream, and waited for analytics. */
  const findWaitingFlow = async (): Promise<string | undefined> => {
    const response = await fetch(`${demo.urls.ui}/api/v1/traces?sort=longest-wait&limit=20`);
    const { traces } = (await response.json()) as {
      traces: { traceId: string; complete: boolean; maxTimeInQueue: number | null }[];
    };
    return traces.find((trace) => trace.complete && (trace.maxTimeInQueue ?? 0) > 2e9)?.traceId;
  };

  beforeAll(async () => {
    demo = await startDemo({ scenario: 'slow-consumer', rate: 6, faultAfterSeconds: 1 });
    await vi.waitFor(
      async () => {
        const found = await findWaitingFlow();
        if (!found) throw new Error('no checkout has waited long enough yet');
        traceId = found;
      },
      { timeout: 90_000, interval: 500 },
    );
  });
  afterAll(() => demo?.stop());

  it('shows the time in queue that the API says and that the consumer itself measured', async () => {
    const response = await fetch(`${demo.urls.ui}/api/v1/flows/${traceId}`);
    const flow = (await response.json()) as FlowAnswer;
    expect(new Set(flow.hops.map((hop) => hop.protocol))).toEqual(
      new Set(['http', 'grpc', 'messaging', 'database']),
    );
    const delivery = flow.deliveries.find((one) => one.consumerGroup === 'analytics') as DeliveryAnswer;
    const sequence = Number(delivery.messageId?.split(':').at(-1));

    const { page, problems } = await watchedPage(
      await browser.newContext({ viewport: { width: 1440, height: 1200 } }),
    );
    await page.goto(`${demo.urls.ui}/?sort=longest-wait`);
    await page.goto(`${demo.urls.ui}/flow/${traceId}`);
    await page.getByText('The user waited').waitFor();
    const group = page.getByRole('row', { name: /^.*After .* analytics/ });
    const wait = page
      .locator('tr', { has: page.getByText('in queue ·') })
      .filter({ hasText: await longWaitText(delivery) });
    await group.first().waitFor();
    await wait.first().click();
    const shown = page
      .locator('dl.facts dt', { hasText: /^in queue$/ })
      .locator('xpath=following-sibling::dd[1]')
      .locator('[title]')
      .first();
    const onPageMs = exactMs((await shown.getAttribute('title')) ?? '');
    expect(onPageMs).toBeCloseTo(delivery.timeInQueue / 1e6, 3);

    const waits = await demo.waits();
    const own = waits.filter((one) => one.consumer === 'analytics' && one.delivery === delivery.attempt);
    const measured = own.find((one) => Math.abs(one.waitedMs - onPageMs) < 100);
    expect(measured, `of message ${sequence}, shown as ${onPageMs} ms`).toBeDefined();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'leads through every page without an error (%s)',
    async (colorScheme) => {
      const { page, problems } = await watchedPage(
        await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } }),
      );
      await page.goto(`${demo.urls.ui}/`);
      await page
        .getByRole('link', { name: /gateway/ })
        .first()
        .waitFor();
      for (const [name, evidence] of [
        ['Map', /shipping-quote/],
        ['Chains', /inventory/],
        ['Queues', /orders\.created/],
        ['Findings', /analytics|No findings|checkout/],
        ['Alerts', /rules/i],
        ['Set up', /4318|otlp/i],
      ] as const) {
        await page.getByRole('navigation').getByRole('link', { name, exact: false }).first().click();
        await page.locator('main').getByText(evidence).first().waitFor();
      }
      await page.goBack();
      expect(new URL(page.url()).pathname).toBe('/alerts');
      expect(problems).toEqual([]);
      await page.context().close();
    },
  );

  it('goes from the queue that lags to its chart', async () => {
    const { page, problems } = await watchedPage(
      await browser.newContext({ viewport: { width: 1440, height: 900 } }),
    );
    await page.goto(`${demo.urls.ui}/queues`);
    await page
      .getByRole('link', { name: /orders\.created.*analytics/ })
      .first()
      .click();
    await page.locator('.uplot canvas').first().waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/queues\/nats/);
    expect(await page.locator('.uplot').count()).toBeGreaterThanOrEqual(3);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows a new flow in the live list without a reload', async () => {
    const { page } = await watchedPage(await browser.newContext());
    await page.goto(`${demo.urls.ui}/?live=1`);
    const first = page.getByRole('link', { name: /gateway/ }).first();
    const before = await first.getAttribute('href');
    await vi.waitFor(async () => expect(await first.getAttribute('href')).not.toBe(before), {
      timeout: 15_000,
      interval: 200,
    });
    await page.context().close();
  });
});

interface DeliveryAnswer {
  readonly consumerGroup?: string;
  readonly messageId?: string;
  readonly attempt: number;
  readonly timeInQueue: number;
}

interface FlowAnswer {
  readonly hops: readonly { readonly protocol: string }[];
  readonly deliveries: readonly DeliveryAnswer[];
}

/** The rounded seconds that the row of this wait begins with, such as `4.2`. */
const longWaitText = async ({ timeInQueue }: DeliveryAnswer): Promise<RegExp> => {
  const seconds = Math.floor(timeInQueue / 1e9);
  return new RegExp(`\\b${seconds}(\\.\\d+)? s\\b|\\b${seconds + 1} s\\b`);
};

/** `4.212345678 s` or `480.123456 ms` in milliseconds. */
const exactMs = (title: string): number => {
  const match = /([\d,.]+) (ms|s)/.exec(title);
  return Number(match?.[1]?.replaceAll(',', '')) * (match?.[2] === 's' ? 1_000 : 1);
};
