import type { ConsumerInfo, JetStreamManager, Lister, StreamInfo } from '@nats-io/jetstream';
import { eachInParallel } from './each-in-parallel.ts';
import { OldestMessages } from './nats-oldest.ts';
import { SlowPollError } from './trouble.ts';
import type { ConsumerReading } from './types.ts';

/** A poll that takes longer fails: its first answers would be much older than its last ones. */
const DEADLINE_MS = 10_000;

/** Requests in flight at a time: enough for a broker that is far away, few for one that is busy. */
const PARALLEL = 8;

/** Each brings a whole message, of up to 1 MB by default. The longest backlogs go first. */
const MAX_MESSAGES_PER_POLL = 20;

const NANOS_PER_MS = 1e6;

interface Found {
  readonly stream: StreamInfo;
  readonly consumer: ConsumerInfo;
  readonly subjects: readonly string[];
}

/** Reads what JetStream knows of streams and consumers over one connection. Its polls must not overlap. */
export class NatsReader {
  readonly #jsm: JetStreamManager;
  readonly #oldest: OldestMessages;

  constructor(jsm: JetStreamManager) {
    this.#jsm = jsm;
    this.#oldest = new OldestMessages(jsm);
  }

  /** Why lag in seconds cannot be told, where the broker does not let us read messages. */
  get denied(): unknown {
    return this.#oldest.denied;
  }

  /** Every consumer there is. Throws the client's errors, and `SlowPollError` after the deadline. */
  async read(): Promise<ConsumerReading[]> {
    const deadline = new Deadline(DEADLINE_MS);
    const streams = await listed(this.#jsm.streams.list(), deadline);
    const found: Found[] = [];
    const consumed = streams.filter((stream) => stream.state.consumer_count > 0);
    await eachInParallel(consumed, PARALLEL, async (stream) => {
      const consumers = await listed(this.#jsm.consumers.list(stream.config.name), deadline);
      found.push(
        ...consumers.map((consumer) => ({ stream, consumer, subjects: subjectsOf(stream, consumer) })),
      );
    });
    const storedAt = await this.#oldestOf(found, deadline);
    return found.map((one) => readingOf(one, storedAt.get(one)));
  }

  async #oldestOf(found: readonly Found[], deadline: Deadline): Promise<Map<Found, number>> {
    const backlogged = found
      .filter(({ consumer }) => consumer.num_pending > 0)
      .sort((a, b) => b.consumer.num_pending - a.consumer.num_pending);
    const storedAt = new Map<Found, number>();
    const unknown = backlogged.filter((one) => {
      const known = this.#oldest.known(backlogOf(one));
      if (known !== undefined) storedAt.set(one, known);
      return known === undefined;
    });
    await eachInParallel(unknown.slice(0, MAX_MESSAGES_PER_POLL), PARALLEL, async (one) => {
      deadline.check();
      const found = await this.#oldest.ask(backlogOf(one));
      if (found !== undefined) storedAt.set(one, found);
    });
    this.#oldest.keepOnly(backlogged.map(backlogOf));
    return storedAt;
  }
}

class Deadline {
  readonly #ms: number;
  readonly #startedAt = performance.now();

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Between requests, so that nothing of a poll that failed is still under way. */
  check(): void {
    if (performance.now() - this.#startedAt > this.#ms) {
      throw new SlowPollError(`streams and consumers were not listed within ${this.#ms / 1_000} s`);
    }
  }
}

/** All pages. */
const listed = async <T>(lister: Lister<T>, deadline: Deadline): Promise<T[]> => {
  const all: T[] = [];
  for (;;) {
    deadline.check();
    const page = await lister.next();
    if (page.length === 0) return all;
    all.push(...page);
  }
};

/** A mirror and a stream that copies others may name no subjects: then it may be any. */
const subjectsOf = (stream: StreamInfo, { config }: ConsumerInfo): readonly string[] => {
  const filters = config.filter_subjects ?? (config.filter_subject ? [config.filter_subject] : []);
  if (filters.length > 0) return filters;
  return stream.config.subjects?.length > 0 ? stream.config.subjects : ['>'];
};

const backlogOf = ({ stream, consumer, subjects }: Found) => ({
  stream: stream.config.name,
  name: consumer.name,
  subjects,
  ackFloor: consumer.ack_floor.stream_seq,
  firstSequence: stream.state.first_seq,
});

const readingOf = ({ stream, consumer, subjects }: Found, storedAt: number | undefined): ConsumerReading => ({
  stream: stream.config.name,
  name: consumer.name,
  created: consumer.created,
  isDurable: consumer.config.durable_name !== undefined,
  subjects,
  pending: consumer.num_pending,
  ackPending: consumer.num_ack_pending,
  redelivered: consumer.num_redelivered,
  delivered: consumer.delivered.stream_seq,
  ackFloor: consumer.ack_floor.stream_seq,
  isPaused: consumer.paused === true,
  ackWaitMs: (consumer.config.ack_wait ?? 0) / NANOS_PER_MS,
  lagSeconds: lagOf(consumer, storedAt),
});

/**
 * Where all was handed over and some is not settled, the broker cannot tell whether it is worked on or waits in the
 * client: that is left to the spans.
 */
const lagOf = ({ num_pending, num_ack_pending, ts }: ConsumerInfo, storedAt: number | undefined) => {
  if (num_pending + num_ack_pending === 0) return 0;
  if (storedAt === undefined) return undefined;
  // By the broker's own clock where it tells the time (2.10 and newer).
  const now = ts === undefined ? Date.now() : Date.parse(ts);
  return Math.max(0, (now - storedAt) / 1_000);
};
