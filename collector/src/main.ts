import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NO_RULES, openAlerts, readRules } from './alerts/index.ts';
import type { Queue, TimeRange } from './analysis/index.ts';
import { createApi, listenApi } from './api/index.ts';
import { type Broker, queuesWithBrokers, watchNats } from './brokers/index.ts';
import type { Config } from './config.ts';
import { type EngineClient, startEngine } from './engine/index.ts';
import type { Listener } from './net/listener.ts';
import { listenGrpc, listenHttp } from './receive/index.ts';

/** A running collector. */
export interface Collector {
  /** `host:port` of each listener as it is in fact. */
  readonly addresses: { readonly otlpHttp: string; readonly otlpGrpc: string; readonly ui: string };
  /** Rejects when a part dies that the collector cannot go on without. */
  readonly failed: Promise<never>;
  /** Takes nothing new, finishes what is in flight, closes the file. Safe to call twice. */
  close(): Promise<void>;
}

/** What was started, so that it can be stopped in reverse order. */
class Started {
  readonly #closers: (() => unknown)[] = [];

  with<T>(value: T, close: (value: T) => unknown): T {
    this.#closers.push(() => close(value));
    return value;
  }

  /** Stops everything, also where a part fails to stop; then throws what the first such part threw. */
  async close(): Promise<void> {
    const problems: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        problems.push(error);
      }
    }
    if (problems.length > 0) throw problems[0];
  }
}

/** Starts every part; where one fails, those before it are stopped again and its error is thrown. */
export const startCollector = async (config: Config): Promise<Collector> => {
  const started = new Started();
  try {
    return await startParts(config, started);
  } catch (error) {
    await started.close().catch((problem: unknown) => say(`stopping again failed: ${String(problem)}`));
    throw error;
  }
};

const startParts = async (config: Config, started: Started): Promise<Collector> => {
  const startedAt = performance.now();
  let ready = false;
  const engine = started.with(
    await startEngine(
      {
        path: config.db,
        settleMs: config.settleMs,
        retentionMs: config.retentionMs,
        maxBytes: config.maxBytes,
      },
      say,
    ),
    (it) => it.close(),
  );
  const brokers = watchBrokers(config).map((broker) => started.with(broker, (it) => it.close()));
  const queues = queuesWithBrokers((range) => engine.call('queues', range), brokers, Date.now);
  const alerts = started.with(startAlerts(config, engine, queues), (it) => it.close());
  const addresses = { otlpHttp: '', otlpGrpc: '', ui: '' };
  const api = createApi({
    engine,
    alerts,
    queues,
    brokers: () => brokers.map((broker) => broker.status()),
    version: packageVersion(),
    listeners: () => addresses,
    isReady: () => ready && engine.isUp,
    uptimeSeconds: () => (performance.now() - startedAt) / 1_000,
    uiFolder: uiFolder(),
  });
  // Together: each may take seconds until the last request in flight is answered.
  const listeners = started.with<Listener[]>([], (all) => Promise.all(all.map((one) => one.close())));
  const listening = (listener: Listener): string => {
    listeners.push(listener);
    return listener.address;
  };
  addresses.otlpHttp = listening(await listenHttp(engine, config.otlpHttp));
  addresses.otlpGrpc = listening(await listenGrpc(engine, config.otlpGrpc));
  addresses.ui = listening(await listenApi(api.app, config.ui));
  // Stopped first: a live stream would keep its listener open.
  started.with(api, (it) => it.close());
  ready = true;
  return {
    addresses,
    failed: engine.failed,
    close: () => {
      ready = false;
      return started.close();
    },
  };
};

const say = (line: string): void => console.error(`tailrace: ${line}`);

/** In the background: a broker that is away delays nothing. */
const watchBrokers = ({ nats }: Config): Broker[] => (nats === undefined ? [] : [watchNats(nats, say)]);

/** Without a file there are no rules, and the alerts page says how to write some. */
const startAlerts = (
  config: Config,
  engine: EngineClient,
  queues: (range: TimeRange) => Promise<readonly Queue[]>,
) =>
  openAlerts({
    rules: config.rules === undefined ? NO_RULES : readRules(config.rules),
    file: config.rules ?? null,
    log: { info: say, warn: say },
    source: {
      chains: (range) => engine.call('chains', range),
      queues,
      map: (range) => engine.call('map', range),
      findings: (range) => engine.call('findings', range),
    },
    memory: {
      load: (key) => engine.call('loadState', key),
      save: (key, value) => engine.call('saveState', key, value),
    },
  });

/** Beside the compiled code when installed, in its own workspace in the repository. */
const uiFolder = (): string => {
  const installed = fileURLToPath(new URL('./ui', import.meta.url));
  return existsSync(installed) ? installed : fileURLToPath(new URL('../../ui/dist', import.meta.url));
};

export const packageVersion = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
};
