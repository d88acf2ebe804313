/**
 * The parts of the NATS clients (`nats` 2.x, `@nats-io/nats-core` and `@nats-io/jetstream` 3.x) that the
 * patches touch, described by shape: both generations share it, and neither is a dependency of this package.
 */
export interface HeadersLike {
  keys(): string[];
  values(key: string): string[];
  readonly code?: number;
  readonly description?: string;
}

export interface MessageLike {
  readonly subject: string;
  readonly reply?: string | undefined;
  readonly data: Uint8Array;
  readonly headers?: HeadersLike | undefined;
  /** Of a JetStream message: true once it got its final answer. */
  readonly didAck?: boolean;
}

export interface PublishOptionsLike {
  reply?: string;
  headers?: HeadersLike | undefined;
  [key: string]: unknown;
}

export type Payload = Uint8Array | string;

export interface ProtocolLike {
  readonly options?: { readonly inboxPrefix?: string };
  readonly info?: { readonly max_payload?: number; readonly headers?: boolean };
  getServer?(): { readonly hostname?: string; readonly port?: number } | undefined;
}

export interface ConnectionLike {
  readonly protocol: ProtocolLike;
}

/** An iterator of the client; only those that hand out messages to the application are traced. */
export interface QueuedIteratorLike {
  readonly iterClosed: Promise<unknown>;
}

export interface ConsumerConfigLike {
  readonly durable_name?: string;
  readonly deliver_group?: string;
  readonly ack_policy?: string;
  /** Nanoseconds. */
  readonly ack_wait?: number;
  readonly filter_subject?: string;
}

export interface ConsumerMessagesLike extends QueuedIteratorLike {
  callback?: ((message: MessageLike) => unknown) | null;
  readonly consumer: {
    readonly api: { readonly nc: ConnectionLike; readonly prefix?: string };
    readonly _info?: { readonly name?: string; readonly config?: ConsumerConfigLike };
  };
}

export interface PubAckLike {
  readonly stream: string;
  readonly seq: number;
  readonly duplicate?: boolean;
}
