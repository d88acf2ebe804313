import type { JetStreamManager } from '@nats-io/jetstream';
import { isPermissionViolation } from './trouble.ts';

/** What tells which message is a consumer's oldest unprocessed one. */
export interface Backlogged {
  readonly stream: string;
  readonly name: string;
  readonly subjects: readonly string[];
  readonly ackFloor: number;
  /** First message that the stream still holds. */
  readonly firstSequence: number;
}

/** A consumer with more filters would cost a request for each. */
const MAX_FILTERS = 4;

interface Known {
  readonly ackFloor: number;
  readonly sequence: number;
  /** When the broker stored it, Unix milliseconds. */
  readonly storedAt: number;
}

/**
 * When the oldest unprocessed messages were stored. Each costs a request that brings the whole message, so what was
 * found is kept for as long as the consumer has not moved past it.
 */
export class OldestMessages {
  readonly #jsm: JetStreamManager;
  readonly #known = new Map<string, Known>();
  /** Why messages cannot be read, where that is so. */
  denied: unknown;

  constructor(jsm: JetStreamManager) {
    this.#jsm = jsm;
  }

  /** Unix milliseconds, where it is known without asking. */
  known(consumer: Backlogged): number | undefined {
    const known = this.#known.get(keyOf(consumer));
    const holds = known?.ackFloor === consumer.ackFloor && known.sequence >= consumer.firstSequence;
    return holds ? known.storedAt : undefined;
  }

  /** Unix milliseconds; undefined where the message is gone or must not be read. */
  async ask(consumer: Backlogged): Promise<number | undefined> {
    const { subjects } = consumer;
    if (subjects.length > MAX_FILTERS || this.denied !== undefined) return undefined;
    let oldest: Known | undefined;
    for (const subject of subjects) {
      const found = await this.#next(consumer, subject);
      if (found && (!oldest || found.sequence < oldest.sequence)) oldest = found;
    }
    if (oldest) this.#known.set(keyOf(consumer), oldest);
    return oldest?.storedAt;
  }

  /** Forgets consumers that are not among these. */
  keepOnly(consumers: readonly Pick<Backlogged, 'stream' | 'name'>[]): void {
    const keys = new Set(consumers.map(keyOf));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  async #next({ stream, ackFloor }: Backlogged, subject: string): Promise<Known | undefined> {
    // Every server since 2.9 takes both: the first message of the subject from this sequence on.
    const query = { seq: ackFloor + 1, next_by_subj: subject };
    try {
      const message = await this.#jsm.streams.getMessage(stream, query);
      return message ? { ackFloor, sequence: message.seq, storedAt: message.time.getTime() } : undefined;
    } catch (error) {
      if (!isPermissionViolation(error)) throw error;
      this.denied = error;
      return undefined;
    }
  }
}

const keyOf = ({ stream, name }: Pick<Backlogged, 'stream' | 'name'>): string => `${stream}\n${name}`;
