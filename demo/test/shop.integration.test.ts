import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../src/run.ts';
import { SERVICES } from '../src/runner/services.ts';
import { descendantsOf, eventually, isRunning } from './processes.ts';

/** The rows of the waits file that say `service` got `subject`. */
const deliveriesOf = async (demo: Demo, service: string, subject: string) =>
  (await demo.waits()).filter((wait) => wait.service === service && wait.subject === subject);

const post = (demo: Demo, path: string, body: object = {}): Promise<Response> =>
  fetch(new URL(path, demo.urls.gateway), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

const CART = { customer: 'customer-16', product: 'kettle', priceCents: 5_000, quantity: 2, country: 'DE' };

const order = async (demo: Demo): Promise<{ id: string; amountCents: number }> => {
  const answer = await post(demo, '/checkout', CART);
  expect(answer.status).toBe(201);
  return (await answer.json()) as { id: string; amountCents: number };
};

describe('the healthy shop, without instrumentation', () => {
  let demo: Demo;
  const complaints: string[] = [];

  beforeAll(async () => {
    demo = await startDemo({
      instrumented: false,
      rate: 5,
      onLine: (name, line) => complaints.push(`${name}: ${line}`),
    });
  });
  afterAll(() => demo?.stop());

  it('takes an order through REST and gRPC and charges less the discount, plus the freight', async () => {
    // 555 points of loyalty are 5 per cent; a parcel to Germany costs 3.90.
    expect((await order(demo)).amountCents).toBe(10_000 * 0.95 + 2 * 390);
  });

  it('hands every order event to every consumer that wants it, over two queues', async () => {
    const { id } = await order(demo);
    expect((await post(demo, `/orders/${id}/received`)).status).toBe(200);
    expect((await post(demo, `/orders/${id}/return`, { country: 'DE' })).status).toBe(200);
    const expected = [
      ...['shipping', 'email', 'analytics', 'billing'].map((service) => [service, 'orders.created']),
      ...['email', 'analytics'].flatMap((service) => [
        [service, 'orders.completed'],
        [service, 'orders.cancelled'],
      ]),
      ['email', 'mail.queued'],
    ] as const;
    const arrived = async ([service = '', subject = '']: readonly string[]) =>
      (await deliveriesOf(demo, service, subject)).some((wait) => wait.orderId === id);
    for (const pair of expected) await eventually(pair.join(' gets '), () => arrived(pair));
  });

  it('answers what it does not know with 404, and refuses to return an order twice with 409', async () => {
    expect((await fetch(`${demo.urls.gateway}/orders/none`)).status).toBe(404);
    expect((await fetch(`${demo.urls.gateway}/quote?country=XX`)).status).toBe(404);
    const { id } = await order(demo);
    expect((await post(demo, `/orders/${id}/return`, { country: 'AT' })).status).toBe(200);
    expect((await post(demo, `/orders/${id}/return`, { country: 'AT' })).status).toBe(409);
  });

  it('serves steady traffic without any failure, and charges each order once', async () => {
    await eventually('50 requests answered', () => demo.traffic.ok >= 50, 40_000);
    expect(demo.traffic).toMatchObject({ failed: 0, skipped: 0 });
    const charged = demo.charges().map(({ orderId }) => orderId);
    expect(new Set(charged).size).toBe(charged.length);
    const waits = await demo.waits();
    expect(waits.every(({ delivery }) => delivery === 1)).toBe(true);
    expect(waits.every(({ waitedMs }) => waitedMs >= 0)).toBe(true);
    // Only what the tests above provoked.
    expect(complaints.filter((line) => !/404|409|no order|was returned|do not ship/.test(line))).toEqual([]);
  });

  it('ends every process and removes its files', async () => {
    const pids = Object.entries(demo.pids);
    expect(pids).toHaveLength(SERVICES.length + 2);
    expect(pids.filter(([, pid]) => !isRunning(pid))).toEqual([]);
    await demo.stop();
    expect(pids.filter(([, pid]) => isRunning(pid))).toEqual([]);
    await expect(fetch(demo.urls.gateway)).rejects.toThrow();
  });
});

describe('the stories, without instrumentation', () => {
  it('double-billing charges customers twice, by a first and a second delivery', async () => {
    const demo = await startDemo({ scenario: 'double-billing', instrumented: false, faultAfterSeconds: 0 });
    try {
      const deliveries = (orderId: string) =>
        demo
          .charges()
          .filter((charge) => charge.orderId === orderId)
          .map(({ delivery }) => delivery);
      const twice = () => demo.charges().find(({ orderId }) => deliveries(orderId).length === 2)?.orderId;
      await eventually('somebody was charged twice', () => twice() !== undefined);
      // The second delivery is the quick one, so its charge comes first.
      expect(deliveries(twice() ?? '')).toEqual([2, 1]);
    } finally {
      await demo.stop();
    }
  });

  it('queue-rpc asks analytics by message and answers only then', async () => {
    const demo = await startDemo({ scenario: 'queue-rpc', instrumented: false });
    try {
      const start = performance.now();
      const { id } = await order(demo);
      expect(performance.now() - start).toBeGreaterThan(150);
      const subjects = (await demo.waits())
        .filter(({ orderId }) => orderId === id)
        .map(({ subject }) => subject);
      expect(
        subjects.filter((subject) => subject.startsWith('checks.')).map((subject) => subject.split('-')[0]),
      ).toEqual(['checks.requested', 'checks.answered.orders']);
    } finally {
      await demo.stop();
    }
  });

  it('slow-consumer makes messages wait for analytics, ever longer, and nobody else', async () => {
    const demo = await startDemo({
      scenario: 'slow-consumer',
      instrumented: false,
      faultAfterSeconds: 0,
      rate: 8,
    });
    try {
      const longest = async (service: string) =>
        Math.max(
          0,
          ...(await demo.waits()).filter((wait) => wait.service === service).map((wait) => wait.waitedMs),
        );
      await eventually(
        'a message waited 5 s for analytics',
        async () => (await longest('analytics')) > 5_000,
        40_000,
      );
      expect(await longest('shipping')).toBeLessThan(2_000);
    } finally {
      await demo.stop();
    }
  });

  it('3am-cascade stalls what asks shipping-quote, and then checkout sheds what does not', async () => {
    const demo = await startDemo({
      scenario: '3am-cascade',
      instrumented: false,
      faultAfterSeconds: 3,
      rate: 8,
    });
    try {
      await demo.faultBegan;
      expect(demo.traffic.failed).toBe(0);
      const start = performance.now();
      const quote = fetch(`${demo.urls.gateway}/quote?country=DE`);
      expect((await quote).status).toBe(200);
      expect(performance.now() - start).toBeGreaterThan(14_900);
      await eventually('requests failed', () => demo.traffic.failed > 0, 30_000);
    } finally {
      await demo.stop();
    }
  });
});

describe('a demo that cannot go on', () => {
  it('says which service died, and stops the others', async () => {
    const demo = await startDemo({ instrumented: false });
    const { loyalty = 0 } = demo.pids;
    process.kill(loyalty, 'SIGKILL');
    expect((await demo.died).message).toContain('loyalty was ended by SIGKILL');
    await demo.stop();
    expect(Object.values(demo.pids).filter(isRunning)).toEqual([]);
  });

  it('leaves nothing behind when it is given up while it starts', async () => {
    const before = descendantsOf(process.pid);
    const giveUp = new AbortController();
    const said: string[] = [];
    const demo = startDemo({
      instrumented: false,
      signal: giveUp.signal,
      say: (line) => {
        said.push(line);
        if (line === 'starting the shop') setImmediate(() => giveUp.abort());
      },
    });
    await expect(demo).rejects.toThrow(/abort/i);
    expect(said).toContain('starting the shop');
    expect(descendantsOf(process.pid)).toEqual(before);
  });

  it('rejects an unknown scenario before it starts anything', async () => {
    await expect(startDemo({ scenario: 'nope' })).rejects.toThrow('there is no scenario "nope"');
  });
});
