import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { queue, rules, SECOND } from './fixtures.ts';
import { NO_RULES, openAlerts } from './index.ts';
import type { AlertSource } from './observe.ts';

const source: AlertSource = {
  chains: async () => [],
  queues: async ({ start, end }) => [queue({ lagSeconds: Number(end - start) / SECOND })],
  map: async () => ({ edges: [] }),
  findings: async () => [],
};
const memory = { load: async () => undefined, save: async () => undefined };
const log = { info: () => undefined, warn: () => undefined };

test('opened alerts look at the window of the rules and tell their webhook', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ruleSet = rules(`window: 90s
rules: [{ name: lag, kind: queue-lag, above: 30s }]
notify: { webhook: { url: "http://127.0.0.1:${port}", allowPrivate: true } }`);
  const alerts = openAlerts({ rules: ruleSet, file: 'rules.yaml', source, memory, log });
  const [request, response] = await once(server, 'request');
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
  expect(body).toMatchObject({ version: 1, state: 'firing', value: 90 * SECOND });
  response.end();
  await alerts.close();
  server.close();
});

test('without a rules file there is nothing to evaluate and nothing to show', async () => {
  const alerts = openAlerts({ rules: NO_RULES, file: null, source, memory, log });
  expect(alerts.rulesView()).toEqual({ file: null, rules: [] });
  expect(alerts.alerts().alerts).toEqual([]);
  await alerts.close();
});
