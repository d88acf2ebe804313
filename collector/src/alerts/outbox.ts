import type { Alert } from '../contract/index.ts';
import { addNanos, type UnixNanos } from '../model/index.ts';
import type { AlertRecord } from './step.ts';
import type { Notify } from './webhook/index.ts';

/** What was last told about an alert, and how that went. */
export interface Notice {
  /** The record's `since`: an alert that comes again is told again. */
  readonly since: UnixNanos;
  readonly state: 'firing' | 'resolved';
  readonly ok: boolean;
  readonly again: boolean;
  readonly at: UnixNanos;
  readonly message: string;
}

/** Between deliveries of the same message while the receiver is down, beyond the sender's own attempts. */
const REDELIVER_AFTER = 60_000_000_000;

/** So that one slow receiver does not hold up the rest of a flood, and the flood does not drown it. */
const MAX_IN_FLIGHT = 8;

/**
 * What is still to be told, from how things stand rather than from events: a restart, a failed delivery
 * or a silence that ends loses nothing. Pure.
 */
export const pendingNotice = (
  record: AlertRecord,
  silenced: boolean,
  last: Notice | undefined,
  now: UnixNanos,
): Notice['state'] | undefined => {
  if (record.state === 'pending') return undefined;
  const told = last?.since === record.since ? last : undefined;
  if (told?.state === record.state) {
    return !told.ok && told.again && addNanos(told.at, REDELIVER_AFTER) <= now ? record.state : undefined;
  }
  // Who was never told of the fire, a silence or not, need not hear of its end.
  if (record.state === 'resolved') return told === undefined ? undefined : 'resolved';
  return silenced ? undefined : 'firing';
};

export interface OutboxView {
  /** The alerts as they stand now. */
  standing(): Iterable<{ readonly record: AlertRecord; readonly silenced: boolean; readonly wire: Alert }>;
  now(): UnixNanos;
  /** Called after each delivery. */
  delivered(): void;
}

/** Sends what is pending, beside the evaluation and never in its way. */
export class Outbox {
  readonly notices: Map<string, Notice>;
  readonly #notify: Notify | undefined;
  readonly #view: OutboxView;
  readonly #flying = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(notify: Notify | undefined, notices: ReadonlyMap<string, Notice>, view: OutboxView) {
    this.#notify = notify;
    this.notices = new Map(notices);
    this.#view = view;
  }

  /** Starts what is pending and forgets what is gone. */
  settle(): void {
    if (this.#closing.signal.aborted) return;
    const alive = new Set<string>();
    for (const { record, silenced, wire } of this.#view.standing()) {
      alive.add(record.id);
      const state = pendingNotice(record, silenced, this.notices.get(record.id), this.#view.now());
      if (state === undefined || this.#notify === undefined) continue;
      if (this.#flying.has(record.id) || this.#flying.size >= MAX_IN_FLIGHT) continue;
      this.#flying.set(record.id, this.#deliver(this.#notify, record, state, wire));
    }
    for (const id of this.notices.keys()) if (!alive.has(id)) this.notices.delete(id);
  }

  /** Gives up what is in flight; it is pending again after the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#flying.values());
  }

  async #deliver(notify: Notify, record: AlertRecord, state: Notice['state'], wire: Alert): Promise<void> {
    const { signal } = this.#closing;
    const { ok, again, message } = await notify(wire, signal);
    this.#flying.delete(record.id);
    if (signal.aborted && !ok) return;
    this.notices.set(record.id, { since: record.since, state, ok, again, message, at: this.#view.now() });
    this.#view.delivered();
    this.settle();
  }
}
