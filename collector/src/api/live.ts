import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { Alerts as AlertService } from '../alerts/index.ts';
import type { LiveEvent } from '../contract/index.ts';
import { type EngineClient, toJson } from '../engine/index.ts';
import { fromMillis } from '../model/index.ts';

/** New spans show within this time. */
const TRACES_EVERY_MS = 400;
/** Of one event: more than a list shows of what is new at once. */
const MAX_TRACES = 200;
const PULSE_EVERY_MS = 1_000;
const FINDINGS_EVERY_MS = 5_000;
const FINDINGS_WINDOW_MS = 5 * 60_000;

/** One poller of the engine, however many browsers watch; none while nobody does. */
export class LiveFeed {
  readonly #engine: EngineClient;
  readonly #alerts: AlertService;
  readonly #streams = new Set<SSEStreamingApi>();
  readonly #stopAlerts: () => void;
  readonly #busy = new Set<string>();
  #timers: NodeJS.Timeout[] = [];
  #mark = 0;
  #findingsSent = new Map<string, bigint>();

  constructor(engine: EngineClient, alerts: AlertService) {
    this.#engine = engine;
    this.#alerts = alerts;
    this.#stopAlerts = alerts.onChange((changed) => this.#send('alerts', { alerts: [...changed] }));
  }

  subscribe(c: Context): Response {
    return streamSSE(c, async (stream) => {
      this.#streams.add(stream);
      if (this.#streams.size === 1) await this.#start();
      await stream.writeSSE({ event: 'pulse', data: toJson(await this.#pulse()) });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#stop();
    });
  }

  close(): void {
    this.#stopAlerts();
    this.#stop();
    for (const stream of this.#streams) stream.abort();
  }

  async #start(): Promise<void> {
    // What came before the first subscriber is in the list that it loaded already.
    this.#mark = (await this.#engine.call('changes', this.#mark, 0)).latest;
    this.#timers = [
      this.#every(TRACES_EVERY_MS, 'traces', () => this.#sendTraces()),
      this.#every(PULSE_EVERY_MS, 'pulse', async () => this.#send('pulse', await this.#pulse())),
      this.#every(FINDINGS_EVERY_MS, 'findings', () => this.#sendFindings()),
    ];
  }

  #stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** Never two of the same at once: a slow engine is not asked faster than it answers. */
  #every(ms: number, name: string, work: () => Promise<void>): NodeJS.Timeout {
    return setInterval(() => {
      if (this.#busy.has(name)) return;
      this.#busy.add(name);
      work()
        .catch((error: unknown) => console.error(`tailrace: live ${name} failed: ${String(error)}`))
        .finally(() => this.#busy.delete(name));
    }, ms);
  }

  async #sendTraces(): Promise<void> {
    const { latest, traces } = await this.#engine.call('changes', this.#mark, MAX_TRACES);
    this.#mark = latest;
    if (traces.length > 0) this.#sendText('traces', toJson({ traces }));
  }

  async #sendFindings(): Promise<void> {
    const now = Date.now();
    const range = { start: fromMillis(now - FINDINGS_WINDOW_MS), end: fromMillis(now) };
    const all = await this.#engine.call('findings', range);
    const findings = all.filter((finding) => this.#findingsSent.get(finding.id) !== finding.lastSeen);
    this.#findingsSent = new Map(all.map((finding) => [finding.id, finding.lastSeen]));
    if (findings.length > 0) this.#sendText('findings', toJson({ findings }));
  }

  async #pulse(): Promise<LiveEvent['pulse']> {
    const { ingest, storage } = await this.#engine.call('status');
    const firing = this.#alerts
      .alerts()
      .alerts.filter((alert) => alert.state === 'firing' && !alert.silenced).length;
    return { spansPerSecond: ingest.spansPerSecond, spans: storage.spans + storage.head.spans, firing };
  }

  #send<K extends keyof LiveEvent>(event: K, data: LiveEvent[K]): void {
    this.#sendText(event, toJson(data));
  }

  #sendText(event: keyof LiveEvent, data: string): void {
    for (const stream of this.#streams) void stream.writeSSE({ event, data });
  }
}
