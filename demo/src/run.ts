import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BEGIN_FAULT } from './kit/service.ts';
import type { Wait } from './kit/waits.ts';
import { type RunningBroker, startBroker } from './runner/broker.ts';
import type { Child, ChildOptions } from './runner/child.ts';
import { checkPorts, type Endpoints, startCollector } from './runner/collector.ts';
import { Guard } from './runner/guard.ts';
import { buildInstrumentation } from './runner/instrumentation.ts';
import { startShop } from './runner/shop.ts';
import { type ChargeRow, createShopDatabase, readCharges } from './runner/shop-database.ts';
import { readWaits } from './runner/waits-file.ts';
import { findScenario, type Scenario } from './scenarios/index.ts';
import { Traffic, type TrafficTotals } from './traffic/generator.ts';
import { seededRandom } from './traffic/mix.ts';

export interface DemoOptions {
  /** Default: `healthy`. */
  readonly scenario?: string;
  /** Where the collector listens; default: free ports of loopback. */
  readonly endpoints?: Partial<Endpoints>;
  /** The collector's file, which is kept. Default: one in the work folder, which `stop` removes. */
  readonly db?: string;
  /** An OTLP/HTTP address of a collector that runs already: none is started then. */
  readonly existingCollector?: string;
  /** Default: true. Without it the services run bare, and nothing is traced. */
  readonly instrumented?: boolean;
  /** A NATS server that runs already; default: one of our own. */
  readonly natsUrl?: string;
  /** Requests per second; default: the scenario's. */
  readonly rate?: number;
  /** From the first request to the fault; default: the scenario's. */
  readonly faultAfterSeconds?: number;
  /** Gives up starting: `startDemo` then rejects, with nothing left behind. Of no effect afterwards. */
  readonly signal?: AbortSignal;
  /** What the children write, line by line. */
  readonly onLine?: ChildOptions['onLine'];
  /** What the runner has to say while it starts. */
  readonly say?: (line: string) => void;
}

export interface Demo {
  readonly scenario: Scenario;
  readonly urls: {
    readonly gateway: string;
    readonly nats: string;
    readonly otlpHttp: string | undefined;
    /** Undefined where no collector was started. */
    readonly ui: string | undefined;
    readonly otlpGrpc: string | undefined;
  };
  /** Every process that was started, by name: the services, `collector`, `nats-server` and `guard`. */
  readonly pids: Readonly<Record<string, number>>;
  readonly traffic: Readonly<TrafficTotals>;
  /** Unix milliseconds, once the `FAULT_*` settings hold. */
  readonly faultBegan: Promise<number>;
  /** Settles when a process dies that should not, with the reason. */
  readonly died: Promise<Error>;
  /** How long each delivery waited, as the consumers themselves measured it. */
  waits(): Promise<Wait[]>;
  /** What billing charged, in order. */
  charges(): ChargeRow[];
  /** Ends the traffic and every process. Safe to call twice. */
  stop(): Promise<void>;
}

const STOP_GRACE_MS = 6_000;
const ANY = { host: '127.0.0.1', port: 0 };

/** Everything that was started so far, so that a start that fails half-way leaves nothing behind. */
class Parts {
  readonly folder: string;
  readonly guard = new Guard();
  readonly services: Child[] = [];
  collector: Child | undefined;
  broker: RunningBroker | undefined;
  traffic: Traffic | undefined;
  faultTimer: NodeJS.Timeout | undefined;
  stopping = false;
  #stopped: Promise<void> | undefined;

  constructor(folder: string) {
    this.folder = folder;
    this.guard.removeLater(folder);
  }

  stop(): Promise<void> {
    this.stopping = true;
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** With the stream: no new requests, then the services, and the collector last, so that it gets their last spans. */
  async #stop(): Promise<void> {
    clearTimeout(this.faultTimer);
    await this.traffic?.stop();
    await Promise.all(this.services.map((service) => service.stop(STOP_GRACE_MS)));
    await this.broker?.stop().catch(() => undefined);
    await this.collector?.stop(STOP_GRACE_MS);
    await rm(this.folder, { recursive: true, force: true });
    await this.guard.release();
  }

  /** Whatever is starting fails at once. */
  kill(): void {
    for (const child of this.#children()) child.kill();
  }

  #children(): Child[] {
    return [...this.services, ...(this.collector ? [this.collector] : [])];
  }

  pids(): Record<string, number> {
    return {
      ...Object.fromEntries(this.#children().map(({ name, pid }) => [name, pid])),
      ...(this.broker?.pid ? { 'nats-server': this.broker.pid } : {}),
      guard: this.guard.pid,
    };
  }

  /** The first unexpected end among what runs now. */
  died(): Promise<Error> {
    return new Promise((found) => {
      const report = (name: string, lines: () => readonly string[]) => (how: string) => {
        if (!this.stopping) found(new Error([`${name} ${how}`, ...lines()].join('\n')));
      };
      for (const child of this.#children()) {
        void child.exited.then(report(child.name, () => child.lastLines));
      }
      void this.broker?.exited.then(report('nats-server', () => []));
    });
  }
}

/**
 * Starts the whole demo and resolves once it serves and the traffic flows.
 * Rejects, with nothing left behind, where a part does not start.
 */
export const startDemo = async (options: DemoOptions = {}): Promise<Demo> => {
  const scenario = findScenario(options.scenario ?? 'healthy');
  const endpoints: Endpoints = { ui: ANY, otlpHttp: ANY, otlpGrpc: ANY, ...options.endpoints };
  if (!options.existingCollector && options.instrumented !== false) await checkPorts(endpoints);
  const parts = new Parts(await mkdtemp(join(tmpdir(), 'tailrace-demo-')));
  const giveUp = (): void => parts.kill();
  options.signal?.addEventListener('abort', giveUp);
  try {
    return await startParts(parts, scenario, endpoints, options);
  } catch (error) {
    await parts.stop();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
};

const startParts = async (
  parts: Parts,
  scenario: Scenario,
  endpoints: Endpoints,
  options: DemoOptions,
): Promise<Demo> => {
  const { folder, guard } = parts;
  const say = options.say ?? (() => undefined);
  const onLine = options.onLine ?? (() => undefined);
  const watch = (child: Child): void => {
    guard.watch(child.pid);
    if (options.signal?.aborted) child.kill();
  };
  const instrumented = options.instrumented !== false;
  const shopDb = join(folder, 'shop.db');
  const waitsFile = join(folder, 'waits.jsonl');

  if (instrumented) await buildInstrumentation(say);
  options.signal?.throwIfAborted();
  createShopDatabase(shopDb);
  say('starting the broker');
  const broker = await startBroker(options.natsUrl, join(folder, 'nats'));
  parts.broker = broker;
  if (broker.pid) guard.watch(broker.pid);

  options.signal?.throwIfAborted();
  let collector: Awaited<ReturnType<typeof startCollector>> | undefined;
  if (instrumented && !options.existingCollector) {
    say('starting the collector');
    collector = await startCollector({
      endpoints,
      db: options.db ? resolve(options.db) : join(folder, 'tailrace.db'),
      natsUrl: broker.url,
      onLine,
      onSpawn: (child) => {
        parts.collector = child;
        watch(child);
      },
    });
  }
  const otlpHttp = options.existingCollector ?? collector?.otlpHttpUrl;

  options.signal?.throwIfAborted();
  say('starting the shop');
  const gateway = await startShop({
    settings: scenario.settings,
    environment: { NATS_URL: broker.url, SHOP_DB: shopDb, WAITS_FILE: waitsFile },
    otlpHttp: instrumented ? otlpHttp : undefined,
    onLine,
    onSpawn: (child) => {
      parts.services.push(child);
      watch(child);
    },
  });
  const died = parts.died();

  const traffic = new Traffic({
    gateway,
    requestsPerSecond: options.rate ?? scenario.rate,
    mix: scenario.mix,
    random: seededRandom(Date.now()),
    onFailure: (line) => onLine('traffic', line, 'stderr'),
  });
  parts.traffic = traffic;
  traffic.start();
  const faultBegan = new Promise<number>((began) => {
    const begin = (): void => {
      for (const service of parts.services) service.send(BEGIN_FAULT);
      began(Date.now());
    };
    parts.faultTimer = setTimeout(begin, 1_000 * (options.faultAfterSeconds ?? scenario.faultAfterSeconds));
  });

  return {
    scenario,
    urls: { gateway, nats: broker.url, otlpHttp, ui: collector?.uiUrl, otlpGrpc: collector?.otlpGrpcAddress },
    pids: parts.pids(),
    traffic: traffic.totals,
    faultBegan,
    died,
    waits: () => readWaits(waitsFile),
    charges: () => readCharges(shopDb),
    stop: () => parts.stop(),
  };
};
