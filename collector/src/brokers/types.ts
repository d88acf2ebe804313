import type { QueueStatus } from '../analysis/types.ts';
import type { UnixNanos } from '../model/index.ts';

/** A consumer as one poll of the broker found it. Sequences are the stream's. */
export interface ConsumerReading {
  readonly stream: string;
  readonly name: string;
  /** When the consumer was made, as the broker writes it: another time is another consumer of the same name. */
  readonly created: string;
  /** It outlives its clients, so it can be there while nobody consumes. */
  readonly isDurable: boolean;
  /** What it is handed: its filters, or where it has none the stream's subjects. Never empty. */
  readonly subjects: readonly string[];
  /** Messages that were not handed over yet. */
  readonly pending: number;
  /** Messages that were handed over and not settled yet. */
  readonly ackPending: number;
  /** Of those, how many were handed over more than once. */
  readonly redelivered: number;
  /** The last message that was handed over. */
  readonly delivered: number;
  /** Everything up to this message is settled. */
  readonly ackFloor: number;
  readonly isPaused: boolean;
  /** After this long without a settlement the broker hands a message over again, ms. */
  readonly ackWaitMs: number;
  /** Age of the oldest message that is not settled; 0 where there is none, undefined where it was not asked. */
  readonly lagSeconds: number | undefined;
}

export interface ConsumerFacts extends ConsumerReading {
  /** From how it moved over the last polls; undefined while there are too few. */
  readonly status: QueueStatus | undefined;
}

/** What a broker said in its last complete answer. */
export interface BrokerFacts {
  /** As in `messaging.system`. */
  readonly system: string;
  readonly asOf: UnixNanos;
  readonly consumers: readonly ConsumerFacts[];
}

export interface BrokerStatus {
  /** Without credentials. */
  readonly url: string;
  readonly connected: boolean;
  /** What is wrong or missing, and what to do. */
  readonly message?: string;
}

/** A broker that is asked in the background. */
export interface Broker {
  status(): BrokerStatus;
  /** Undefined before the first complete answer. They may be old: see `asOf`. */
  facts(): BrokerFacts | undefined;
  close(): Promise<void>;
}
