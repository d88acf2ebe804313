import { setTimeout as wait } from 'node:timers/promises';
import type { Alert } from '../../contract/index.ts';
import { formatDuration } from '../duration.ts';
import type { WebhookSettings } from '../rules/index.ts';
import { type Answer, post, RefusedAddressError, type Resolve } from './post.ts';
import { signature } from './signature.ts';

/** How a delivery ended. */
export interface Delivery {
  readonly ok: boolean;
  /** The status or the reason; never anything of the answer's body. */
  readonly message: string;
  /** Whether a later delivery may succeed where this one did not. */
  readonly again: boolean;
}

/** Tells someone outside that an alert fires or has resolved. Never rejects. */
export type Notify = (alert: Alert, signal: AbortSignal) => Promise<Delivery>;

export interface Manner {
  /** Attempts at one delivery. */
  readonly attempts: number;
  /** Before the second attempt, ms; doubles each time, and half of it is left to chance. */
  readonly firstWait: number;
  readonly resolve?: Resolve;
}

/** Some eight seconds in all: rides out a restart of the receiver; longer outages are the outbox's. */
const MANNER: Manner = { attempts: 4, firstWait: 1_000 };

/** What a receiver may ask for by Retry-After, seconds. */
const MAX_RETRY_AFTER = 30;

const NANOS_PER_MS = 1_000_000;

interface Attempt extends Delivery {
  readonly retryAfter?: number;
}

const judge = ({ status, retryAfter }: Answer): Attempt => {
  if (status >= 200 && status < 300) return { ok: true, message: `HTTP ${status}`, again: false };
  if (status >= 300 && status < 400) {
    const message = `HTTP ${status}: redirects are not followed, give the final address`;
    return { ok: false, message, again: false };
  }
  const again = status === 429 || status >= 500;
  return { ok: false, message: `HTTP ${status}`, again, ...(retryAfter === undefined ? {} : { retryAfter }) };
};

/** Only the error's code: its message may quote what the receiver sent. */
const explain = (error: unknown, timeout: number): Attempt => {
  if (error instanceof RefusedAddressError) return { ok: false, message: error.message, again: false };
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return { ok: false, message: `no answer within ${formatDuration(timeout)}`, again: true };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return { ok: false, message: `no answer (${code})`, again: true };
};

/**
 * The JSON body: the alert without what only this collector's own pages need.
 * `version` changes only where a field changes its meaning.
 */
const bodyOf = ({ silenced: _, notified: __, ...alert }: Alert): string =>
  JSON.stringify({ version: 1, ...alert });

/** The same for every attempt at one message, so that a receiver can drop what it has already. */
const eventId = ({ id, since, state }: Alert): string => `${encodeURIComponent(id)}:${since}:${state}`;

/** Spacing before the next attempt, ms. */
const spacing = (attempt: number, { firstWait }: Manner, retryAfter = 0): number => {
  const grown = firstWait * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.max(grown, Math.min(retryAfter, MAX_RETRY_AFTER) * 1_000);
};

/** Sends alerts as signed POSTs; see docs/alerts.md for what receivers get. */
export const webhookSender = (settings: WebhookSettings, manner: Manner = MANNER): Notify => {
  const url = new URL(settings.url);
  const timeout = settings.timeout / NANOS_PER_MS;

  const attempt = async (alert: Alert, body: string, signal: AbortSignal): Promise<Attempt> => {
    const seconds = Math.floor(Date.now() / 1_000);
    const signed =
      settings.secret === undefined
        ? {}
        : { 'tailrace-signature': signature(settings.secret, body, seconds) };
    const headers = {
      'user-agent': 'tailrace',
      ...settings.headers,
      'content-type': 'application/json',
      'tailrace-event': eventId(alert),
      ...signed,
    };
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
      const { allowPrivate } = settings;
      return judge(
        await post({ url, headers, body, allowPrivate, signal: limited, resolve: manner.resolve }),
      );
    } catch (error) {
      return explain(error, settings.timeout);
    }
  };

  return async (alert, signal) => {
    const body = bodyOf(alert);
    for (let count = 1; ; count += 1) {
      const { retryAfter, ...delivery } = await attempt(alert, body, signal);
      if (!delivery.again || count >= manner.attempts || signal.aborted) {
        return count === 1 ? delivery : { ...delivery, message: `${delivery.message} (attempt ${count})` };
      }
      await wait(spacing(count, manner, retryAfter), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
};
