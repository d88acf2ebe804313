import type { Status } from '../../src/contract/index.ts';
import { readStatus } from './api.ts';
import { pause } from './load.ts';

/** What the collector was at when it was killed: see `Watch` and `traceOfDeath`. */
export const ACTIVITIES = ['starting', 'ingest', 'sealing', 'retention', 'commit', 'checkpoint'] as const;
export type Activity = (typeof ACTIVITIES)[number];

const LOOK_EVERY_MS = 20;
/** An activity goes on when it showed within its period, plus the time that a look takes under load. */
const INGEST_MS = 150;
const SEALING_MS = 350;
const RETENTION_MS = 1_200;

interface Look {
  readonly at: number;
  readonly accepted: number;
  readonly blocks: number;
  readonly traces: number;
}

/** Looks at a running collector's status again and again, to know what was going on in it at the end. */
export class Watch {
  readonly #ui: string;
  readonly #looks: Look[] = [];
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(ui: string) {
    this.#ui = ui;
    this.#running = this.#look();
  }

  /** What was going on at the end; call it once the collector is gone. */
  async activities(killedAt: number): Promise<Activity[]> {
    this.#stopped = true;
    await this.#running;
    const changed = (withinMs: number, step: (before: Look, after: Look) => boolean): boolean =>
      this.#looks.some((after, index) => {
        const before = this.#looks[index - 1];
        return before !== undefined && after.at >= killedAt - withinMs && step(before, after);
      });
    const activities: Activity[] = [];
    if (changed(INGEST_MS, (before, after) => after.accepted > before.accepted)) activities.push('ingest');
    if (changed(SEALING_MS, (before, after) => after.blocks > before.blocks)) activities.push('sealing');
    if (changed(RETENTION_MS, (before, after) => after.traces < before.traces)) activities.push('retention');
    return activities;
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      let status: Status;
      try {
        status = await readStatus(this.#ui);
      } catch {
        // The collector is gone: that is what this is here for.
        return;
      }
      const { ingest, storage } = status;
      const { blocks, traces } = storage;
      this.#looks.push({ at: performance.now(), accepted: ingest.http.accepted, blocks, traces });
      await pause(LOOK_EVERY_MS);
    }
  }
}
