import { type CollectorProcess, FREE_PORTS, runCli, startCollectorProcess } from '../collector-process.ts';
import { type Activity, Watch } from './activity.ts';
import { readEntryCount, readStatus, untilSealed } from './api.ts';
import { integrityOf, traceOfDeath } from './file-check.ts';
import { Load, pause } from './load.ts';
import { sample, seededRandom } from './random.ts';
import { readBack } from './read-back.ts';
import { Requests } from './requests.ts';

export interface KillRunOptions {
  readonly db: string;
  readonly seed: number;
  readonly kills: number;
  /** Settings of each life, in turn. Short settle times let kills land inside sealing. */
  readonly settings: readonly (readonly string[])[];
  /** Whether these settings let retention take acknowledged traces away. */
  readonly retention: boolean;
  readonly connections: number;
  /** Pause of a connection after each answer; 0: full speed. */
  readonly pauseMs: number;
  /** Milliseconds of load before the kill: at least, at most. */
  readonly life: readonly [number, number];
  /** Requests whose spans are read after a restart, and at the end (all where there are fewer). */
  readonly readEachTime: number;
  readonly readAtEnd: number;
  readonly say: (line: string) => void;
}

export interface KillReport {
  readonly kills: number;
  /** How many kills landed in each activity; one kill can land in several. */
  readonly activities: ReadonlyMap<Activity, number>;
  /** From the start of the process to its ready lines, ms. */
  readonly readyMs: readonly number[];
  readonly ackedRequests: number;
  readonly ackedSpans: number;
  readonly unansweredRequests: number;
  readonly tracesRead: number;
  readonly spansRead: number;
  /** Traces of acknowledged requests that retention took. */
  readonly goneTraces: number;
  /** Empty where every promise was kept. */
  readonly problems: readonly string[];
}

/** One life in so many ends before the collector is even ready: in the replay of the log. */
const KILLED_AT_START = 0.15;
const START_KILL_MS = 900;
/** Of those read back after a restart: the last ones are most at risk. */
const NEWEST = 10;

/** Kills a collector under load again and again, and holds what it has afterwards against what it acknowledged. */
export class KillRun {
  readonly #options: KillRunOptions;
  readonly #random: () => number;
  readonly #startNanos = BigInt(Date.now()) * 1_000_000n;
  readonly #requests: Requests;
  readonly #load: Load;
  readonly #activities = new Map<Activity, number>();
  readonly #readyMs: number[] = [];
  readonly #problems: string[] = [];
  #tracesRead = 0;
  #spansRead = 0;
  #goneTraces = 0;

  constructor(options: KillRunOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#requests = new Requests(options.seed, this.#startNanos);
    this.#load = new Load(this.#requests, options);
  }

  async run(): Promise<KillReport> {
    const { kills, readEachTime } = this.#options;
    for (let kill = 0; kill < kills; kill++) {
      if (kill > 0 && this.#random() < KILLED_AT_START) await this.#killAtStart(kill);
      else {
        const collector = await this.#start(kill);
        await this.#check(collector, readEachTime);
        await this.#killUnderLoad(collector, kill);
      }
    }
    await this.#finish();
    return {
      kills,
      activities: this.#activities,
      readyMs: this.#readyMs,
      ackedRequests: this.#load.acked.length,
      ackedSpans: this.#spansOf(this.#load.acked),
      unansweredRequests: this.#load.unanswered.size,
      tracesRead: this.#tracesRead,
      spansRead: this.#spansRead,
      goneTraces: this.#goneTraces,
      problems: this.#problems,
    };
  }

  async #start(life: number): Promise<CollectorProcess> {
    const begin = performance.now();
    const collector = await startCollectorProcess({ db: this.#options.db, args: this.#settings(life) });
    this.#readyMs.push(Math.round(performance.now() - begin));
    return collector;
  }

  #settings(life: number): readonly string[] {
    const { settings } = this.#options;
    return settings[life % settings.length] ?? [];
  }

  async #killAtStart(kill: number): Promise<void> {
    const run = runCli(['--db', this.#options.db, ...FREE_PORTS, ...this.#settings(kill)]);
    await pause(this.#random() * START_KILL_MS);
    const isStarting = run.output.stdout === '';
    run.child.kill('SIGKILL');
    await run.ended;
    this.#killed(kill, isStarting ? ['starting'] : []);
  }

  async #killUnderLoad(collector: CollectorProcess, kill: number): Promise<void> {
    const [least, most] = this.#options.life;
    this.#load.start(collector.otlpHttp);
    const watch = new Watch(collector.ui);
    await pause(least + this.#random() * (most - least));
    const killedAt = performance.now();
    await collector.stop('SIGKILL');
    await this.#load.stop();
    this.#killed(kill, [...(await watch.activities(killedAt)), ...traceOfDeath(this.#options.db)]);
  }

  #killed(kill: number, activities: readonly Activity[]): void {
    for (const one of activities) this.#activities.set(one, (this.#activities.get(one) ?? 0) + 1);
    this.#options.say(
      `kill ${kill + 1} of ${this.#options.kills}: in ${activities.join(', ') || 'rest'}; ${this.#load.acked.length} requests acknowledged so far`,
    );
  }

  async #check({ ui }: CollectorProcess, requests: number): Promise<void> {
    this.#note(integrityProblem(this.#options.db));
    if (!this.#options.retention) this.#note(await this.#countProblem(ui));
    await this.#read(ui, requests);
  }

  async #read(ui: string, count: number): Promise<number> {
    const { acked, unanswered } = this.#load;
    const numbers = [
      ...acked.slice(-NEWEST),
      ...unanswered,
      ...sample(acked.slice(0, -NEWEST), Math.max(0, count - NEWEST), this.#random),
    ];
    const options = { ui, requests: this.#requests, load: this.#load, mayBeGone: this.#options.retention };
    const { problems, traces, spans, entries, goneTraces } = await readBack(options, numbers);
    this.#problems.push(...problems);
    this.#tracesRead += traces;
    this.#spansRead += spans;
    this.#goneTraces = goneTraces;
    return entries;
  }

  /** Before sealing ends a replayed trace can be in the head and in a block, but never in two blocks. */
  async #countProblem(ui: string): Promise<string | undefined> {
    const { storage, head } = await readStatus(ui);
    const acked = this.#spansOf(this.#load.acked);
    const most = acked + this.#spansOf([...this.#load.unanswered]);
    if (storage.spans + head.spans < acked) {
      return `status counts ${storage.spans} + ${head.spans} spans, fewer than the ${acked} acknowledged`;
    }
    return storage.spans > most
      ? `status counts ${storage.spans} spans, more than the ${most} sent`
      : undefined;
  }

  async #finish(): Promise<void> {
    const { db, kills, readAtEnd, retention } = this.#options;
    const collector = await this.#start(kills);
    await this.#check(collector, 0);
    const { storage } = await untilSealed(collector.ui);
    const spansBefore = this.#spansRead;
    const entries = await this.#read(collector.ui, readAtEnd);
    // Where all was read, it is known which of the unanswered requests are there.
    if (!retention && this.#load.acked.length <= readAtEnd) {
      const read = this.#spansRead - spansBefore;
      if (read !== storage.spans) this.#note(`${storage.spans} spans are counted, ${read} were read`);
      const counted = await readEntryCount(collector.ui, this.#startNanos);
      if (counted !== entries) this.#note(`analysis counts ${counted} entry requests, ${entries} are there`);
    }
    const code = await collector.stop();
    if (code !== 0) this.#note(`the last collector ended with ${code}: ${collector.output.stderr}`);
    this.#note(integrityProblem(db));
  }

  #spansOf(numbers: readonly number[]): number {
    return numbers.reduce((sum, number) => sum + this.#requests.spanCount(number), 0);
  }

  #note(problem: string | undefined): void {
    if (problem !== undefined) this.#problems.push(problem);
  }
}

const integrityProblem = (db: string): string | undefined => {
  const verdict = integrityOf(db);
  return verdict === 'ok' ? undefined : `integrity_check: ${verdict}`;
};
