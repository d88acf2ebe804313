import { appendFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { settings } from './settings.ts';

/** What both NATS clients' messages offer of it. */
export interface DeliveredMessage {
  readonly subject: string;
  readonly info: {
    readonly stream: string;
    readonly consumer: string;
    readonly streamSequence: number;
    /** The time when the broker stored the message, in Unix nanoseconds. */
    readonly timestampNanos: number;
    readonly deliveryCount: number;
    readonly pending: number;
  };
}

/** One line of the waits file: how long one delivery of a message took, as its consumer saw it. */
export interface Wait {
  readonly service: string;
  readonly stream: string;
  readonly consumer: string;
  readonly subject: string;
  readonly sequence: number;
  /** 1 for the first delivery. */
  readonly delivery: number;
  /** When the handler got it, in Unix milliseconds. */
  readonly receivedAt: number;
  /** From stored in the broker until the handler got it, in milliseconds. */
  readonly waitedMs: number;
  /** How many more messages waited behind it. */
  readonly pending: number;
  readonly orderId: string;
}

/**
 * Unix milliseconds, finer than `Date.now()`, since healthy messages wait about one. The steady clock that
 * gives the fraction drifts away from the wall clock, so it has no say beyond the millisecond.
 */
const now = (): number => {
  const wall = Date.now();
  return Math.min(Math.max(performance.timeOrigin + performance.now(), wall), wall + 0.999);
};

/**
 * Writes down how long this message waited: consumers often measure that by hand, and here it is the
 * truth that the tests hold against what Tailrace says. A no-op unless `WAITS_FILE` names a file.
 */
export const recordWait = (service: string, message: DeliveredMessage, orderId: string): void => {
  const receivedAt = now();
  const { info } = message;
  const file = settings.optional('WAITS_FILE');
  if (!file) return;
  const wait: Wait = {
    service,
    stream: info.stream,
    consumer: info.consumer,
    subject: message.subject,
    sequence: info.streamSequence,
    delivery: info.deliveryCount,
    receivedAt,
    waitedMs: receivedAt - info.timestampNanos / 1e6,
    pending: info.pending,
    orderId,
  };
  appendFileSync(file, `${JSON.stringify(wait)}\n`);
};
