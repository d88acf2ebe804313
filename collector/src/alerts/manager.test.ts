import { afterEach, expect, test, vi } from 'vitest';
import { Alert, type Alert as AlertOnWire, Alerts, Rules, Silence } from '../contract/index.ts';
import { UnknownAlertError } from './errors.ts';
import { after, edge, finding, queue, rules, SECOND } from './fixtures.ts';
import { AlertManager, type AlertManagerOptions } from './manager.ts';
import type { AlertMemory } from './memory.ts';
import type { AlertSource } from './observe.ts';
import type { Delivery, Notify } from './webhook/index.ts';

const LAG = `keep: 0s
rules:
  - { name: lag, kind: queue-lag, above: 30s }
  - { name: stalled, kind: finding, type: stalled-consumer }`;

const OK: Delivery = { ok: true, again: false, message: 'HTTP 200' };

const mapMemory = (
  texts = new Map<string, string>(),
): AlertMemory & { readonly texts: Map<string, string> } => ({
  texts,
  load: async (key) => texts.get(key),
  save: async (key, value) => {
    texts.set(key, value);
  },
});

const open = new Set<AlertManager>();
afterEach(async () => {
  await Promise.all([...open].map((manager) => manager.close()));
  open.clear();
});

/** A manager over a world that the test changes; every evaluation is 15 s after the last. */
const setUp = (extra: Partial<AlertManagerOptions> = {}) => {
  const world = { lag: 0, seconds: 0, edges: [edge('a', 'b')], failing: undefined as Error | undefined };
  const lines: string[] = [];
  const sent: AlertOnWire[] = [];
  const source: AlertSource = {
    chains: async () => [],
    queues: async () => {
      if (world.failing !== undefined) throw world.failing;
      return [queue({ lagSeconds: world.lag })];
    },
    map: async () => ({ edges: world.edges }),
    findings: async () => [],
  };
  const notify: Notify = async (alert) => {
    sent.push(alert);
    return OK;
  };
  const manager = new AlertManager({
    rules: rules(LAG),
    file: '/etc/tailrace-rules.yaml',
    source,
    memory: mapMemory(),
    log: { info: (line) => lines.push(`info ${line}`), warn: (line) => lines.push(`warn ${line}`) },
    now: () => after(world.seconds * SECOND),
    notify,
    ...extra,
  });
  open.add(manager);
  const evaluate = async (): Promise<void> => {
    world.seconds += 15;
    await manager.evaluate();
    // What was sent comes back in the turns after the evaluation.
    await vi.waitFor(() => {
      for (const { state, notified, silenced } of manager.alerts().alerts) {
        if (state === 'firing' && !silenced && extra.notify === undefined) expect(notified).toBeDefined();
      }
    });
  };
  return { manager, world, lines, sent, evaluate };
};

test('an alert fires, is told and shown, and resolves, all in the shape of the contract', async () => {
  const { manager, world, sent, evaluate } = setUp();
  expect(manager.alerts()).toEqual({ alerts: [], evaluatedAt: null });
  world.lag = 45;
  await evaluate();
  const { alerts, evaluatedAt } = Alerts.parse(manager.alerts());
  expect(evaluatedAt).toBe(String(after(15 * SECOND)));
  expect(alerts).toMatchObject([
    {
      rule: 'lag',
      state: 'firing',
      silenced: false,
      value: 45 * SECOND,
      unit: 'ns',
      notified: { ok: true, message: 'HTTP 200' },
    },
  ]);
  world.lag = 1;
  await evaluate();
  expect(Alerts.parse(manager.alerts()).alerts).toMatchObject([
    { state: 'resolved', resolvedAt: String(after(30 * SECOND)) },
  ]);
  await vi.waitFor(() =>
    expect(sent.map(({ id, state }) => [id, state])).toEqual([
      [alerts[0]!.id, 'firing'],
      [alerts[0]!.id, 'resolved'],
    ]),
  );
});

test('the rules are shown in the order of the file, in words and with the state of their alerts', async () => {
  const { manager, world, evaluate } = setUp();
  world.lag = 45;
  await evaluate();
  expect(Rules.parse(manager.rulesView())).toEqual({
    file: '/etc/tailrace-rules.yaml',
    rules: [
      {
        name: 'lag',
        kind: 'queue-lag',
        severity: 'warning',
        description: 'a consumer more than 30 s behind',
        state: 'firing',
      },
      {
        name: 'stalled',
        kind: 'finding',
        severity: 'warning',
        description: 'finding stalled-consumer',
        state: 'inactive',
      },
    ],
  });
});

test('a failing source is logged once, shown at its rules only, and leaves their alerts alone', async () => {
  const { manager, world, lines, evaluate } = setUp();
  world.lag = 45;
  await evaluate();
  lines.length = 0;
  world.failing = new Error('the reader\nstopped');
  await evaluate();
  await evaluate();
  expect(lines).toEqual(['warn alerts: queues failed: the reader stopped']);
  expect(manager.rulesView().rules.map(({ lastError }) => lastError)).toEqual([
    'the reader\nstopped',
    undefined,
  ]);
  expect(manager.alerts().alerts).toMatchObject([{ state: 'firing' }]);
  world.failing = undefined;
  await evaluate();
  expect(lines.at(-1)).toBe('info alerts: queues works again');
  expect(manager.rulesView().rules[0]).not.toHaveProperty('lastError');
});

test('a silence keeps an alert from being told until it ends', async () => {
  const { manager, world, sent, evaluate } = setUp();
  const silence = Silence.parse(await manager.silence({ rule: 'lag', minutes: 1, comment: 'deploying' }));
  expect(silence).toMatchObject({ rule: 'lag', until: String(after(60 * SECOND)), comment: 'deploying' });
  world.lag = 45;
  await evaluate();
  expect(manager.alerts().alerts).toMatchObject([{ state: 'firing', silenced: true }]);
  expect(sent).toEqual([]);
  world.seconds = 60;
  await evaluate();
  expect(manager.alerts().alerts).toMatchObject([{ silenced: false }]);
  expect(sent).toMatchObject([{ state: 'firing' }]);
});

test('a silence on one alert leaves the others of its rule', async () => {
  const queues = [queue({ destination: 'x', lagSeconds: 99 }), queue({ destination: 'y', lagSeconds: 99 })];
  const source: AlertSource = {
    chains: async () => [],
    queues: async () => queues,
    map: async () => ({ edges: [] }),
    findings: async () => [],
  };
  const { manager, evaluate } = setUp({ source });
  await evaluate();
  const { id } = manager.alerts().alerts.find(({ where }) => where.destination === 'x')!;
  await manager.silence({ rule: 'lag', alert: id, minutes: 10 });
  const silenced = manager.alerts().alerts.map(({ where, silenced }) => [where.destination, silenced]);
  expect(Object.fromEntries(silenced)).toEqual({ x: true, y: false });
});

test('a new silence takes the place of an earlier one on the same thing', async () => {
  const memory = mapMemory();
  const { manager } = setUp({ memory });
  await manager.silence({ rule: 'lag', minutes: 600 });
  await manager.silence({ rule: 'lag', minutes: 1 });
  expect(JSON.parse(memory.texts.get('alerts.silences')!)).toHaveLength(1);
});

test('what does not exist cannot be silenced', async () => {
  const { manager } = setUp();
  await expect(manager.silence({ rule: 'lagg', minutes: 1 })).rejects.toThrow(UnknownAlertError);
  await expect(manager.silence({ rule: 'lag', alert: 'lag/0', minutes: 1 })).rejects.toThrow(
    'Rule "lag" has no alert "lag/0" now.',
  );
});

test('a silence that cannot be kept is refused', async () => {
  const memory = { ...mapMemory(), save: () => Promise.reject(new Error('disk full')) };
  const { manager, world, evaluate } = setUp({ memory });
  await expect(manager.silence({ rule: 'lag', minutes: 1 })).rejects.toThrow('disk full');
  world.lag = 45;
  await evaluate();
  expect(manager.alerts().alerts).toMatchObject([{ silenced: false }]);
});

test('states, silences, what was told and the baseline survive a restart', async () => {
  const memory = mapMemory();
  const ruleSet = rules(`${LAG}\n  - { name: edges, kind: new-sync-edge, learn: 1m }`);
  const first = setUp({ memory, rules: ruleSet });
  first.world.lag = 45;
  await first.evaluate();
  await first.manager.silence({ rule: 'stalled', minutes: 60 });
  const before = first.manager.alerts().alerts;
  await first.manager.close();

  const second = setUp({ memory, rules: ruleSet });
  second.world.seconds = 600;
  second.world.lag = 45;
  second.world.edges = [edge('a', 'b'), edge('a', 'c')];
  await second.evaluate();
  const alerts = second.manager.alerts().alerts;
  expect(alerts.find(({ rule }) => rule === 'lag')).toEqual(before[0]);
  expect(alerts.find(({ rule }) => rule === 'edges')).toMatchObject({
    where: { from: 'a', to: 'c' },
    state: 'firing',
  });
  expect(second.sent.map(({ rule }) => rule)).toEqual(['edges']);
  expect(JSON.parse(memory.texts.get('alerts.silences')!)).toMatchObject([{ rule: 'stalled' }]);
});

test('memory that cannot be read counts as empty, and is reported', async () => {
  const memory = mapMemory(
    new Map([
      ['alerts.states', '{"records":[{"id":7}]}'],
      ['alerts.baseline', '{'],
    ]),
  );
  const { manager, lines, evaluate } = setUp({ memory });
  await evaluate();
  expect(manager.alerts().alerts).toEqual([]);
  expect(lines).toEqual([
    'warn alerts: reading alerts.states failed: what was kept is damaged; starting afresh',
    'warn alerts: reading alerts.baseline failed: what was kept is damaged; starting afresh',
  ]);
});

test('while the memory cannot be loaded nothing is evaluated or overwritten', async () => {
  const memory = mapMemory(new Map([['alerts.silences', '[]']]));
  let broken = true;
  const load = memory.load;
  const { manager, world, evaluate } = setUp({
    memory: { ...memory, load: (key) => (broken ? Promise.reject(new Error('locked')) : load(key)) },
  });
  world.lag = 45;
  await evaluate();
  expect(manager.alerts()).toEqual({ alerts: [], evaluatedAt: null });
  expect(manager.rulesView().rules[0]).toMatchObject({ lastError: 'locked' });
  expect(memory.texts.size).toBe(1);
  broken = false;
  await evaluate();
  expect(manager.alerts().alerts).toMatchObject([{ state: 'firing' }]);
});

test('a receiver that hangs delays neither the evaluation nor the close', async () => {
  const notify: Notify = (_alert, signal) =>
    new Promise((done) => {
      signal.addEventListener('abort', () => done({ ok: false, again: true, message: 'stopped' }));
    });
  const { manager, world, evaluate } = setUp({ notify });
  world.lag = 45;
  await evaluate();
  await evaluate();
  expect(manager.alerts().alerts).toMatchObject([{ state: 'firing' }]);
  expect(manager.alerts().alerts[0]).not.toHaveProperty('notified');
  await manager.close();
});

test('a flood is told a few at a time, each alert once, and in the end all', async () => {
  const waiting: (() => void)[] = [];
  const told: string[] = [];
  const notify: Notify = (alert) => {
    told.push(alert.id);
    return new Promise((done) => waiting.push(() => done(OK)));
  };
  const queues = Array.from({ length: 20 }, (_, n) => queue({ destination: `q${n}`, lagSeconds: 99 }));
  const source: AlertSource = {
    chains: async () => [],
    queues: async () => queues,
    map: async () => ({ edges: [] }),
    findings: async () => [],
  };
  const { evaluate } = setUp({ source, notify });
  await evaluate();
  await evaluate();
  expect(told).toHaveLength(8);
  await vi.waitFor(() => {
    for (const answer of waiting.splice(0)) answer();
    expect(told).toHaveLength(20);
  });
  for (const answer of waiting) answer();
  expect(new Set(told).size).toBe(20);
});

test('a delivery that failed is visible at the alert', async () => {
  const notify: Notify = async () => ({ ok: false, again: false, message: 'HTTP 404' });
  const { manager, world, evaluate } = setUp({ notify });
  world.lag = 45;
  await evaluate();
  await vi.waitFor(() =>
    expect(manager.alerts().alerts[0]?.notified).toEqual({
      ok: false,
      at: String(after(15 * SECOND)),
      message: 'HTTP 404',
    }),
  );
});

test('listeners hear of changes only, and of what is gone as inactive', async () => {
  const { manager, world, evaluate } = setUp({
    rules: rules(LAG.replace('above: 30s', 'above: 30s, for: 30s')),
  });
  const heard: string[] = [];
  const stop = manager.onChange((changed) => {
    heard.push(...changed.map((alert) => Alert.parse(alert).state));
  });
  world.lag = 45;
  await evaluate();
  world.lag = 46;
  await evaluate();
  expect(heard).toEqual(['pending']);
  world.lag = 1;
  await evaluate();
  expect(heard).toEqual(['pending', 'inactive']);
  stop();
  world.lag = 45;
  await evaluate();
  expect(heard).toHaveLength(2);
});

test('hostile names stay on one line of the log', async () => {
  const sentence = 'x\nfake line\u001b[31m';
  const source: AlertSource = {
    chains: async () => [],
    queues: async () => [],
    map: async () => ({ edges: [] }),
    findings: async () => [finding({ sentence })],
  };
  const { lines, evaluate } = setUp({ source });
  await evaluate();
  expect(lines[0]).toMatch(/^warn alert firing: stalled\/[0-9a-f]{16}: x fake line \[31m$/);
});

test('the timer evaluates again and again, never two at once', async () => {
  let asking = 0;
  let most = 0;
  let answered = 0;
  const queues: AlertSource['queues'] = async () => {
    asking += 1;
    most = Math.max(most, asking);
    await new Promise((done) => setTimeout(done, 20));
    asking -= 1;
    answered += 1;
    return [];
  };
  const source: AlertSource = {
    chains: async () => [],
    queues,
    map: async () => ({ edges: [] }),
    findings: async () => [],
  };
  const { manager } = setUp({ source, rules: { ...rules(LAG), every: 5_000_000 } });
  manager.start();
  const extra = [manager.evaluate(), manager.evaluate()];
  await vi.waitFor(() => expect(answered).toBeGreaterThanOrEqual(4), 5_000);
  await Promise.all(extra);
  await manager.close();
  const last = answered;
  expect(most).toBe(1);
  await new Promise((done) => setTimeout(done, 50));
  expect(answered).toBe(last);
});
