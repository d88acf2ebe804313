import type {
  Alert,
  Alerts as AlertsView,
  NewSilence,
  Rules,
  Silence,
  Rule as WireRule,
} from '../contract/index.ts';
import { addNanos, NANOS_PER_MS, type UnixNanos } from '../model/index.ts';
import { type AlertListener, Announcer } from './announcer.ts';
import { UnknownAlertError } from './errors.ts';
import { type AlertStates, evaluate, NO_STATES, type Transition } from './evaluate.ts';
import { Keeper } from './keeper.ts';
import { type AlertLog, oneLine, ProblemLog } from './log.ts';
import type { AlertMemory } from './memory.ts';
import { type AlertSource, neededPart, observe } from './observe.ts';
import { type Notice, Outbox } from './outbox.ts';
import type { Rule, RuleSet } from './rules/index.ts';
import { isSilenced, newSilence, type SilenceRecord, withSilence } from './silences.ts';
import type { AlertRecord } from './step.ts';
import { Ticker } from './ticker.ts';
import type { Notify } from './webhook/index.ts';
import { alertOnWire, byUrgency, describeRule, silenceOnWire, stateOfRule } from './wire.ts';

export interface AlertManagerOptions {
  readonly rules: RuleSet;
  /** Where the rules come from; null where there is no file. */
  readonly file: string | null;
  readonly source: AlertSource;
  readonly memory: AlertMemory;
  readonly log: AlertLog;
  /** Wall time, which the analyses' ranges and the wire use; pauses are measured monotonically. */
  readonly now: () => UnixNanos;
  /** Undefined where nobody is to be told. */
  readonly notify: Notify | undefined;
}

/** The alerts of a running collector, as the API needs them. */
export interface Alerts {
  /** The alerts that are not inactive, most urgent first. */
  alerts(): AlertsView;
  /** The rules in force, in the file's order. */
  rulesView(): Rules;
  /**
   * Silences a rule or one alert; an earlier silence on the same thing is replaced.
   * @throws {UnknownAlertError} where there is no such rule or alert; the memory's error where it cannot be kept
   */
  silence(asked: NewSilence): Promise<Silence>;
  /** Calls the listener with the alerts whose state changed. @returns ends the listening */
  onChange(listener: AlertListener): () => void;
  /** Stops evaluating, gives up deliveries under way and saves. */
  close(): Promise<void>;
}

/** Evaluates the rules on a timer and keeps what came of it. Made by `openAlerts`. */
export class AlertManager implements Alerts {
  readonly #options: AlertManagerOptions;
  readonly #problems: ProblemLog;
  readonly #keeper: Keeper;
  readonly #ticker: Ticker;
  readonly #announcer = new Announcer();
  #outbox: Outbox;
  #loading: Promise<void> | undefined;
  #states: AlertStates = NO_STATES;
  #silences: readonly SilenceRecord[] = [];
  #limits: ReadonlyMap<string, string> = new Map();

  constructor(options: AlertManagerOptions) {
    this.#options = options;
    this.#problems = new ProblemLog(options.log);
    this.#keeper = new Keeper(options.memory, this.#problems);
    this.#ticker = new Ticker(() => this.#evaluate(), options.rules.every / NANOS_PER_MS);
    this.#outbox = this.#newOutbox(new Map());
  }

  /** Begins to evaluate, at once and then on the timer. */
  start(): void {
    this.#ticker.start();
  }

  /** One evaluation now, or the end of the one under way. Never rejects. */
  evaluate(): Promise<void> {
    return this.#ticker.run();
  }

  alerts(): AlertsView {
    const { evaluatedAt } = this.#states;
    return {
      alerts: this.#wireAlerts(),
      evaluatedAt: evaluatedAt === undefined ? null : String(evaluatedAt),
    };
  }

  rulesView(): Rules {
    const { rules, file } = this.#options;
    return { file, rules: rules.rules.map((rule) => this.#ruleView(rule)) };
  }

  async silence(asked: NewSilence): Promise<Silence> {
    await this.#load();
    const rule = this.#options.rules.rules.find(({ name }) => name === asked.rule);
    if (rule === undefined) throw new UnknownAlertError(`No rule is named ${JSON.stringify(asked.rule)}.`);
    if (asked.alert !== undefined && this.#states.records.get(asked.alert)?.rule !== rule.name) {
      throw new UnknownAlertError(
        `Rule ${JSON.stringify(rule.name)} has no alert ${JSON.stringify(asked.alert)} now.`,
      );
    }
    const now = this.#options.now();
    const silence = newSilence(asked, now);
    const before = this.#silences;
    this.#silences = withSilence(before, silence, now);
    try {
      await this.#save();
    } catch (error) {
      this.#silences = this.#silences.filter(({ id }) => id !== silence.id);
      throw error;
    }
    this.#announce();
    return silenceOnWire(silence);
  }

  onChange(listener: AlertListener): () => void {
    return this.#announcer.listen(listener);
  }

  async close(): Promise<void> {
    await this.#ticker.close();
    await this.#outbox.close();
    if (this.#states !== NO_STATES) await this.#saveOrReport();
  }

  #newOutbox(notices: ReadonlyMap<string, Notice>): Outbox {
    return new Outbox(this.#options.notify, notices, {
      standing: () => this.#standing(),
      now: this.#options.now,
      delivered: () => {
        this.#announce();
        void this.#saveOrReport();
      },
    });
  }

  #load(): Promise<void> {
    this.#loading ??= this.#keeper.load().then(
      (remembered) => {
        this.#states = { ...NO_STATES, records: remembered.records, baseline: remembered.baseline };
        this.#silences = remembered.silences;
        this.#outbox = this.#newOutbox(remembered.notices);
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }

  async #evaluate(): Promise<void> {
    try {
      await this.#load();
      this.#problems.set('loading alert states', undefined);
    } catch (error) {
      this.#problems.set('loading alert states', messageOf(error));
      return;
    }
    const { rules, source } = this.#options;
    const end = this.#options.now();
    const start = addNanos(end, -rules.window);
    const { observations, problems } = await observe(source, rules.rules, { start, end });
    for (const [part, problem] of problems) this.#problems.set(part, problem);

    const { states, transitions, limits } = evaluate(rules, observations, this.#states, end);
    this.#states = states;
    this.#limits = limits;
    for (const transition of transitions) this.#report(transition);
    this.#outbox.settle();
    this.#announce();
    await this.#saveOrReport();
  }

  #report({ from, to, record }: Transition): void {
    if (to === 'firing') this.#options.log.warn(`alert firing: ${record.id}: ${oneLine(record.sentence)}`);
    if (from === 'firing') this.#options.log.info(`alert ${to}: ${record.id}`);
  }

  #save(): Promise<void> {
    const { records, baseline } = this.#states;
    const { notices } = this.#outbox;
    return this.#keeper.save({ records, notices, baseline, silences: this.#silences });
  }

  async #saveOrReport(): Promise<void> {
    const problem = await this.#save().then(() => undefined, messageOf);
    this.#problems.set('saving alert states', problem);
  }

  *#standing(): Iterable<{ record: AlertRecord; silenced: boolean; wire: Alert }> {
    const now = this.#options.now();
    for (const record of this.#states.records.values()) {
      const silenced = isSilenced(this.#silences, record, now);
      yield { record, silenced, wire: alertOnWire(record, silenced, this.#outbox.notices.get(record.id)) };
    }
  }

  #wireAlerts(): Alert[] {
    return [...this.#standing()].sort((a, b) => byUrgency(a.record, b.record)).map(({ wire }) => wire);
  }

  #ruleView(rule: Rule): WireRule {
    const records = [...this.#states.records.values()].filter((record) => record.rule === rule.name);
    const lastError =
      this.#problems.get('loading alert states') ??
      this.#problems.get(neededPart(rule)) ??
      this.#limits.get(rule.name);
    return {
      name: rule.name,
      kind: rule.kind,
      severity: rule.severity ?? [...records].sort(byUrgency)[0]?.severity ?? 'warning',
      description: describeRule(rule),
      state: stateOfRule(records),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  #announce(): void {
    this.#announcer.tell(this.#wireAlerts());
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
