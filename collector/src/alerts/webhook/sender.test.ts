import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Alert } from '../../contract/index.ts';
import type { WebhookSettings } from '../rules/index.ts';
import { webhookSender } from './index.ts';
import { signature } from './signature.ts';

const MS = 1_000_000;
const QUICK = { attempts: 3, firstWait: 1 };
const running = new Set<Server>();
const never = new AbortController().signal;

afterEach(() => {
  for (const server of running) {
    server.closeAllConnections();
    server.close();
  }
  running.clear();
});

/** A real server on a free loopback port; @returns its port */
const listen = async (listener: RequestListener, host = '127.0.0.1'): Promise<number> => {
  const server = createServer(listener);
  running.add(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that answers each request with the next status, the last one for ever. */
const receiver = async (...statuses: readonly number[]) => {
  const received: Received[] = [];
  const port = await listen((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      response.statusCode = statuses[Math.min(received.length, statuses.length - 1)]!;
      received.push({ method, url, headers, body });
      response.end('the secret of the inner network');
    });
  });
  return { received, port };
};

const settings = (url: string, extra: Partial<WebhookSettings> = {}): WebhookSettings => ({
  url,
  headers: {},
  timeout: 5_000 * MS,
  allowPrivate: true,
  ...extra,
});

const alert: Alert = {
  id: 'orders behind/0123456789abcdef',
  rule: 'orders behind',
  severity: 'warning',
  state: 'firing',
  silenced: false,
  sentence: 'shipping is 41.5 s behind – „weit“ 🚚',
  where: { system: 'nats', destination: 'orders.created', consumerGroup: 'shipping' },
  value: 41_500_000_000,
  bound: 30_000_000_000,
  unit: 'ns',
  since: '1790000000000000000',
  exemplars: ['b'.repeat(32)],
};

test('an alert arrives as JSON with the headers of the rules file', async () => {
  const { received, port } = await receiver(204);
  const send = webhookSender(
    settings(`http://127.0.0.1:${port}/hook?team=a`, { headers: { Authorization: 'Bearer x' } }),
  );
  expect(await send(alert, never)).toEqual({ ok: true, message: 'HTTP 204', again: false });
  const [request] = received;
  expect(request).toMatchObject({ method: 'POST', url: '/hook?team=a' });
  expect(request?.headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer x',
    'tailrace-event': 'orders%20behind%2F0123456789abcdef:1790000000000000000:firing',
  });
  expect(request?.headers).not.toHaveProperty('tailrace-signature');
  const { silenced, ...shown } = alert;
  expect(silenced).toBe(false);
  expect(JSON.parse(request!.body)).toEqual({ version: 1, ...shown });
});

test('the signature verifies over the raw body and its time', async () => {
  const secret = '0123456789abcdef';
  const { received, port } = await receiver(200);
  await webhookSender(settings(`http://127.0.0.1:${port}`, { secret }))(alert, never);
  const { headers, body } = received[0]!;
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['tailrace-signature']))!;
  expect(mac).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
  expect(Math.abs(Date.now() / 1_000 - Number(time))).toBeLessThan(60);
  expect(body).toContain('🚚');
});

test.each([
  ['http://127.0.0.1', 'a loopback'],
  ['http://localhost', 'a loopback'],
  ['http://[::1]', 'a loopback'],
  ['http://[::ffff:127.0.0.1]', 'a loopback'],
  ['http://2130706433', 'a loopback'],
  ['http://0x7f.1', 'a loopback'],
  ['http://0.0.0.0', 'an unspecified'],
  ['https://127.0.0.1', 'a loopback'],
])('without allowPrivate %s is refused and never connected to', async (origin, kind) => {
  const { received, port } = await receiver(200);
  const send = webhookSender(settings(`${origin}:${port}/`, { allowPrivate: false }), QUICK);
  const delivery = await send(alert, never);
  expect(delivery).toMatchObject({ ok: false, again: false });
  expect(delivery.message).toMatch(
    new RegExp(`^refused: .* is at .*, ${kind} address; set allowPrivate: true`),
  );
  expect(received).toEqual([]);
});

test('a private address that nothing listens on is refused before any connection is tried', async () => {
  const send = webhookSender(
    settings('http://169.254.169.254/latest/meta-data/', { allowPrivate: false }),
    QUICK,
  );
  const { message } = await send(alert, never);
  expect(message).toContain('169.254.169.254, a link-local address');
});

test('with allowPrivate a name is resolved and connected to', async () => {
  const { received, port } = await receiver(200);
  expect(await webhookSender(settings(`http://localhost:${port}/`))(alert, never)).toMatchObject({
    ok: true,
  });
  expect(received[0]?.headers.host).toBe(`localhost:${port}`);
});

test('the name is resolved once, and what it resolved to is what is connected to', async () => {
  const { received, port } = await receiver(200);
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    return [{ address: '127.0.0.1', family: 4 }];
  };
  // No system resolver knows this name: a second look-up, at connecting, would fail.
  const send = webhookSender(settings(`http://hooks.invalid:${port}/`), {
    attempts: 1,
    firstWait: 1,
    resolve,
  });
  expect(await send(alert, never)).toMatchObject({ ok: true });
  expect(asked).toEqual(['hooks.invalid']);
  expect(received[0]?.headers.host).toBe(`hooks.invalid:${port}`);
});

test('one private address among public ones refuses the name', async () => {
  const { received, port } = await receiver(200);
  const resolve = async () => [
    { address: '8.8.8.8', family: 4 },
    { address: '::ffff:127.0.0.1', family: 6 },
  ];
  const send = webhookSender(settings(`http://hooks.invalid:${port}/`, { allowPrivate: false }), {
    ...QUICK,
    resolve,
  });
  expect(await send(alert, never)).toMatchObject({
    ok: false,
    again: false,
    message: expect.stringContaining('refused: hooks.invalid is at ::ffff:127.0.0.1, a loopback address'),
  });
  expect(received).toEqual([]);
});

test('a resolver that never answers times out', async () => {
  const resolve = () => new Promise<never>(() => undefined);
  const send = webhookSender(settings('http://hooks.invalid/', { timeout: 50 * MS }), {
    attempts: 1,
    firstWait: 1,
    resolve,
  });
  expect(await send(alert, never)).toMatchObject({ ok: false, message: 'no answer within 50 ms' });
});

test('a name that does not resolve is tried again', async () => {
  const delivery = await webhookSender(settings('http://hooks.invalid/'), QUICK)(alert, never);
  expect(delivery).toMatchObject({ ok: false, again: true });
  expect(delivery.message).toMatch(/^no answer \((ENOTFOUND|EAI_AGAIN)\) \(attempt 3\)$/);
});

test('a redirect is not followed and not tried again', async () => {
  const target = await receiver(200);
  let asked = 0;
  const port = await listen((_request, response) => {
    asked += 1;
    response.writeHead(307, { location: `http://127.0.0.1:${target.port}/` }).end();
  });
  expect(await webhookSender(settings(`http://127.0.0.1:${port}`), QUICK)(alert, never)).toEqual({
    ok: false,
    again: false,
    message: 'HTTP 307: redirects are not followed, give the final address',
  });
  expect(asked).toBe(1);
  expect(target.received).toEqual([]);
});

test('nothing of the answer is told but its status', async () => {
  const { port } = await receiver(404);
  const delivery = await webhookSender(settings(`http://127.0.0.1:${port}`), QUICK)(alert, never);
  expect(delivery).toEqual({ ok: false, message: 'HTTP 404', again: false });
});

test.each([429, 500, 503])('HTTP %d is tried again with the same event', async (status) => {
  const { received, port } = await receiver(status, status, 200);
  expect(await webhookSender(settings(`http://127.0.0.1:${port}`), QUICK)(alert, never)).toEqual({
    ok: true,
    again: false,
    message: 'HTTP 200 (attempt 3)',
  });
  expect(new Set(received.map(({ headers }) => headers['tailrace-event'])).size).toBe(1);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
});

test('after the last attempt the delivery has failed, for now', async () => {
  const { received, port } = await receiver(500);
  expect(await webhookSender(settings(`http://127.0.0.1:${port}`), QUICK)(alert, never)).toEqual({
    ok: false,
    again: true,
    message: 'HTTP 500 (attempt 3)',
  });
  expect(received).toHaveLength(3);
});

test('the pauses between attempts grow', async () => {
  const times: number[] = [];
  const port = await listen((_request, response) => {
    times.push(performance.now());
    response.writeHead(503).end();
  });
  await webhookSender(settings(`http://127.0.0.1:${port}`), { attempts: 4, firstWait: 20 })(alert, never);
  const pauses = times.slice(1).map((time, index) => time - times[index]!);
  // At least half of 20, 40 and 80 ms; a busy machine only makes them longer.
  expect(pauses[0]).toBeGreaterThan(9);
  expect(pauses[1]).toBeGreaterThan(19);
  expect(pauses[2]).toBeGreaterThan(39);
});

test('Retry-After is waited for, but no longer than allowed', async () => {
  let asked = 0;
  const port = await listen((_request, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 429 : 200, { 'retry-after': '1' }).end();
  });
  const started = performance.now();
  expect(await webhookSender(settings(`http://127.0.0.1:${port}`), QUICK)(alert, never)).toMatchObject({
    ok: true,
  });
  expect(performance.now() - started).toBeGreaterThan(990);
});

test('a server that never answers times out, and is tried again', async () => {
  let asked = 0;
  const port = await listen(() => {
    asked += 1;
  });
  const send = webhookSender(settings(`http://127.0.0.1:${port}`, { timeout: 100 * MS }), {
    attempts: 2,
    firstWait: 1,
  });
  expect(await send(alert, never)).toEqual({
    ok: false,
    again: true,
    message: 'no answer within 100 ms (attempt 2)',
  });
  expect(asked).toBe(2);
});

test('a server that never ends its answer is judged by its status', async () => {
  const port = await listen((_request, response) => {
    response.writeHead(200).write('and then');
  });
  const send = webhookSender(settings(`http://127.0.0.1:${port}`, { timeout: 100 * MS }), QUICK);
  expect(await send(alert, never)).toMatchObject({ ok: true, message: 'HTTP 200' });
});

test('an answer without end is cut off long before its timeout', async () => {
  const port = await listen((_request, response) => {
    const block = Buffer.alloc(65_536);
    const pour = (): void => {
      while (!response.destroyed && response.write(block));
    };
    response.on('drain', pour).writeHead(200);
    pour();
  });
  const send = webhookSender(settings(`http://127.0.0.1:${port}`, { timeout: 30_000 * MS }), QUICK);
  expect(await send(alert, never)).toMatchObject({ ok: true });
});

test('a server that hangs up or talks nonsense is told by the code alone', async () => {
  const port = await listen((request) => {
    request.socket.end('SSH-2.0-secret banner\r\n');
  });
  const send = webhookSender(settings(`http://127.0.0.1:${port}`), { attempts: 1, firstWait: 1 });
  const delivery = await send(alert, never);
  expect(delivery).toMatchObject({ ok: false, again: true });
  expect(delivery.message).toMatch(/^no answer \([A-Z_]+\)$/);
});

test('nobody listening is tried again', async () => {
  const port = await listen(() => undefined);
  const [server] = running;
  server!.close();
  const delivery = await webhookSender(settings(`http://127.0.0.1:${port}`), QUICK)(alert, never);
  expect(delivery).toEqual({ ok: false, again: true, message: 'no answer (ECONNREFUSED) (attempt 3)' });
});

test('closing ends a delivery at once', async () => {
  const closing = new AbortController();
  const port = await listen(() => closing.abort());
  const started = performance.now();
  const delivery = await webhookSender(settings(`http://127.0.0.1:${port}`))(alert, closing.signal);
  expect(delivery.ok).toBe(false);
  expect(performance.now() - started).toBeLessThan(4_000);
});

test('a rule name beyond Latin letters does not break the headers', async () => {
  const { port } = await receiver(200);
  const send = webhookSender(settings(`http://127.0.0.1:${port}`), QUICK);
  expect(await send({ ...alert, id: 'медленно/0123456789abcdef' }, never)).toMatchObject({ ok: true });
});

test('the check that the documentation gives to receivers takes what is sent, and nothing changed or old', async () => {
  const page = readFileSync(new URL('../../../../docs/alerts.md', import.meta.url), 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(page)!;
  const { isFromTailrace } = await import(`data:text/javascript,${encodeURIComponent(code!)}`);
  const secret = '0123456789abcdef';
  const { received, port } = await receiver(200);
  await webhookSender(settings(`http://127.0.0.1:${port}`, { secret }))(alert, never);
  const { headers, body } = received[0]!;
  const header = String(headers['tailrace-signature']);
  expect(isFromTailrace(header, body, secret)).toBe(true);
  expect(isFromTailrace(header, `${body} `, secret)).toBe(false);
  expect(isFromTailrace(header, body, 'another secret!!')).toBe(false);
  expect(isFromTailrace(header.replace(/t=\d+/, 't=1790000000'), body, secret)).toBe(false);
  expect(isFromTailrace('', body, secret)).toBe(false);
  const old = Math.floor(Date.now() / 1_000) - 600;
  expect(isFromTailrace(signature(secret, body, old), body, secret)).toBe(false);
});
