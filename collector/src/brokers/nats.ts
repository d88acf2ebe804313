import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection, wsconnect } from '@nats-io/transport-node';
import { fromMillis } from '../model/index.ts';
import { type Motion, moveTo, statusOf } from './motion.ts';
import type { NatsAddress } from './nats-address.ts';
import { NatsReader } from './nats-reader.ts';
import { reasonOf, type TroubleKind, troubleOf } from './trouble.ts';
import type { Broker, BrokerFacts, BrokerStatus, ConsumerReading } from './types.ts';

/** Fresh enough for a person who watches, and a few requests for a broker with dozens of streams. */
const POLL_MS = 5_000;

/** A request or a connection that takes longer has failed. */
const ANSWER_MS = 3_000;

/** An answer that is waited for at shutdown gets this long; then the connection ends with the process. */
const CLOSE_MS = 1_000;

/** Spacing of tries: 1 s, then twice as long each time, up to half a minute. */
const RETRY_MS = { first: 1_000, most: 30_000 } as const;

/**
 * Asks NATS for its consumers in the background, until it is closed. Never throws: what is wrong is in `status` and,
 * once for each kind of trouble, in a line for `say`.
 */
export const watchNats = (address: NatsAddress, say: (line: string) => void): Broker =>
  new NatsWatch(address, say);

class NatsWatch implements Broker {
  readonly #address: NatsAddress;
  readonly #say: (line: string) => void;
  readonly #ended: Promise<void>;
  #isClosing = false;
  /** Ends the pause that is going on. */
  #waker = new AbortController();
  #motions = new Map<string, Motion>();
  #facts: BrokerFacts | undefined;
  #connected = false;
  #message: string | undefined;
  #said: TroubleKind | 'messages' | undefined;

  constructor(address: NatsAddress, say: (line: string) => void) {
    this.#address = address;
    this.#say = say;
    this.#message = `asking NATS at ${address.shown} for the first time`;
    this.#ended = this.#run();
  }

  status(): BrokerStatus {
    return {
      url: this.#address.shown,
      connected: this.#connected,
      ...(this.#message === undefined ? {} : { message: this.#message }),
    };
  }

  facts(): BrokerFacts | undefined {
    return this.#facts;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#waker.abort();
    await Promise.race([this.#ended, sleep(CLOSE_MS)]);
  }

  async #run(): Promise<void> {
    let spacing: number = RETRY_MS.first;
    while (!this.#isClosing) {
      try {
        await this.#session(() => {
          spacing = RETRY_MS.first;
        });
      } catch (error) {
        if (!this.#isClosing) this.#fails(error);
      }
      await this.#pause(spacing);
      spacing = Math.min(2 * spacing, RETRY_MS.most);
    }
  }

  /** Polls over one connection until something fails; then it throws. */
  async #session(answered: () => void): Promise<void> {
    const connection = await this.#connect();
    connection.closed().then(() => this.#waker.abort());
    try {
      const reader = new NatsReader(
        await jetstreamManager(connection, { timeout: ANSWER_MS, checkAPI: false }),
      );
      while (!this.#isClosing) {
        const readings = await reader.read();
        answered();
        this.#works(readings, reader.denied);
        await this.#pause(POLL_MS);
      }
    } finally {
      this.#connected = false;
      await connection.close();
    }
  }

  #connect(): Promise<NatsConnection> {
    const { servers, login, isTls, isWebSocket } = this.#address;
    return (isWebSocket ? wsconnect : connect)({
      name: 'tailrace',
      servers,
      ...login,
      ...(isTls ? { tls: {} } : {}),
      // Trying again is done here, for every kind of trouble alike.
      reconnect: false,
      timeout: ANSWER_MS,
    });
  }

  #works(readings: readonly ConsumerReading[], denied: unknown): void {
    const now = Date.now();
    const motions = new Map<string, Motion>();
    const consumers = readings.map((reading) => {
      const { stream, name, created } = reading;
      const key = JSON.stringify([stream, name, created]);
      const motion = moveTo(this.#motions.get(key), { ...reading, at: now });
      motions.set(key, motion);
      return { ...reading, status: statusOf(motion, reading.ackWaitMs) };
    });
    this.#motions = motions;
    this.#facts = { system: 'nats', asOf: fromMillis(now), consumers };
    this.#connected = true;
    const { shown } = this.#address;
    if (this.#said !== undefined && this.#said !== 'messages') {
      this.#say(`NATS at ${shown} answers: broker facts are there again`);
      this.#said = undefined;
    }
    this.#message =
      denied === undefined
        ? undefined
        : `NATS at ${shown} does not let us read messages (${reasonOf(denied)}): lag in seconds comes from spans alone; allow publishing to $JS.API.STREAM.MSG.GET.>`;
    if (this.#message !== undefined && this.#said === undefined) {
      this.#say(this.#message);
      this.#said = 'messages';
    }
  }

  #fails(error: unknown): void {
    const { kind, sentence } = troubleOf(error);
    this.#message = sentence(this.#address.shown);
    // Each kind once: a broker that is away for hours would fill the log.
    if (this.#said !== kind) this.#say(this.#message);
    this.#said = kind;
  }

  /** Keeps no process alive. */
  async #pause(ms: number): Promise<void> {
    if (this.#isClosing) return;
    this.#waker = new AbortController();
    await sleep(ms, undefined, { signal: this.#waker.signal, ref: false }).catch(() => undefined);
  }
}
