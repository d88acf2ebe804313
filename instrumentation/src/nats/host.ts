import type { Tracer } from '@opentelemetry/api';
import type { InstrumentationConfig } from '@opentelemetry/instrumentation';

export interface NatsInstrumentationConfig extends InstrumentationConfig {
  /**
   * Turns a subject into a low-cardinality name for spans (`orders.42.paid` -> `orders.{id}.paid`), emitted as
   * `messaging.destination.template`. Subscriptions with wildcards have their subject as template anyway.
   */
  destinationTemplate?: (subject: string) => string | undefined;
  /**
   * How long a span waits for an ack, where the consumer's own ack wait is not known, after its handler
   * returned. Milliseconds, default 30000 (the server's default ack wait).
   */
  ackWait?: number;
  /** How long a span waits for the answer to a request after its handler returned. Milliseconds, default 10000. */
  respondWait?: number;
}

/** What the patches need to know of the instrumentation that put them in. */
export interface Host {
  tracer(): Tracer;
  enabled(): boolean;
  config(): NatsInstrumentationConfig;
  /** Told of each message that arrives, where classes can only be reached through their objects. */
  sawMessage?(message: object): void;
}

export const DEFAULT_ACK_WAIT = 30_000;
export const DEFAULT_RESPOND_WAIT = 10_000;

/** Runs bookkeeping of ours: whatever goes wrong in it must not reach the client or the application. */
export const quietly = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};
