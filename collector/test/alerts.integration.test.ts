import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Alerts, Rules } from '../src/contract/index.ts';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { otlpJson, postJson } from './otlp-json.ts';
import { shopFlow } from './shop-flow.ts';
import { EPOCH } from './spans.ts';

interface Notification {
  readonly id: string;
  readonly rule: string;
  readonly state: string;
  readonly sentence: string;
}

let folder: string;
let receiver: Server;
let collector: CollectorProcess;
const notifications: Notification[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      notifications.push(JSON.parse(body) as Notification);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  folder = mkdtempSync(join(tmpdir(), 'tailrace-alerts-'));
  const rules = join(folder, 'rules.yaml');
  writeFileSync(
    rules,
    `every: 1s
window: 20s
keep: 1s
notify:
  webhook:
    url: http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook
    allowPrivate: true
rules:
  - name: slow queue
    kind: queue-lag
    above: 500ms
    severity: critical
  - name: deep chain
    kind: chain-depth
    above: 9
`,
  );
  collector = await startCollectorProcess({ args: ['--rules', rules, '--settle', '200ms'] });
});
afterAll(async () => {
  await collector?.stop();
  receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = async <T>(path: string, schema: { parse: (value: unknown) => T }): Promise<T> =>
  schema.parse(await (await fetch(`${collector.ui}/api/v1${path}`)).json());

describe('alerts in a running collector', () => {
  it('fire, tell the webhook, show in the API, and resolve when the trouble is over', async () => {
    expect((await get('/rules', Rules)).rules.map(({ name, state }) => [name, state])).toEqual([
      ['slow queue', 'inactive'],
      ['deep chain', 'inactive'],
    ]);
    // A message that has just waited a second.
    const justNow = Date.now() - Number(EPOCH / 1_000_000n) - 1_500;
    expect((await postJson(collector.otlpHttp, otlpJson(shopFlow('slow', justNow)))).status).toBe(200);

    await vi.waitFor(() => expect(notifications).toHaveLength(1), { timeout: 15_000, interval: 100 });
    const [fired] = notifications as [Notification];
    expect(fired).toMatchObject({ rule: 'slow queue', state: 'firing' });
    const { alerts } = await get('/alerts', Alerts);
    expect(alerts).toMatchObject([
      {
        id: fired.id,
        state: 'firing',
        severity: 'critical',
        where: { destination: 'orders.created', consumerGroup: 'shipping' },
      },
    ]);
    expect(alerts[0]?.exemplars).toHaveLength(1);

    // The window of 20 seconds passes the message by.
    await vi.waitFor(() => expect(notifications).toHaveLength(2), { timeout: 50_000, interval: 250 });
    expect(notifications[1]).toMatchObject({ id: fired.id, state: 'resolved' });
  });
});
