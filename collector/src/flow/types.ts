import type { Span, SpanId, TraceId, UnixNanos } from '../model/index.ts';

export type Protocol = 'http' | 'grpc' | 'messaging' | 'database' | 'internal';
/** `sync`: the caller waits for the callee. */
export type Mode = 'sync' | 'async';

/** One side of a hop: a service, a queue, or a remote that sent no spans (its `name` is the peer's). */
export interface Party {
  readonly kind: 'service' | 'queue' | 'remote';
  readonly name: string;
}

/** A span in its place in the flow. */
export interface FlowSpan {
  readonly span: Span;
  /** The span that caused it in this flow: parent, link target or producer of its message. */
  readonly causedBy?: SpanId;
  /** The hop that this span takes part in, as caller or callee. */
  readonly hopId?: string;
  readonly segmentId: string;
  readonly warnings: readonly string[];
}

/** One interaction between two parties: caller span(s) and callee span(s). */
export interface Hop {
  readonly id: string;
  readonly protocol: Protocol;
  readonly mode: Mode;
  readonly from: Party;
  readonly to: Party;
  /** Low-cardinality name of what was called: `POST /orders`, `orders.v1.Orders/Create`, `orders.created`. */
  readonly operation: string;
  readonly callerSpan?: SpanId;
  readonly calleeSpan?: SpanId;
  readonly start: UnixNanos;
  readonly duration: number;
  /** Calls to the same target for the same purpose, this one included; 1 without retries. */
  readonly attempts: number;
  readonly error: boolean;
}

/** A maximal synchronous part of a flow. Queue hops join segments. */
export interface Segment {
  readonly id: string;
  readonly rootSpan: SpanId;
  readonly service: string;
  readonly name: string;
  readonly start: UnixNanos;
  readonly duration: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** The delivery that started this segment; none for the entry. */
  readonly deliveryId?: string;
}

/** One hand-over of a message to one consumer group. Times as good as the spans tell; durations in ns. */
export interface Delivery {
  readonly id: string;
  readonly system: string;
  readonly destination: string;
  readonly consumerGroup?: string;
  readonly messageId?: string;
  readonly producerSpan?: SpanId;
  readonly consumerSpan: SpanId;
  readonly producerService?: string;
  readonly consumerService: string;
  readonly publishedAt?: UnixNanos;
  readonly storedAt?: UnixNanos;
  readonly deliveredAt?: UnixNanos;
  readonly processingStart: UnixNanos;
  readonly processingEnd: UnixNanos;
  readonly settlement?: 'ack' | 'nak' | 'term' | 'none';
  /** 1 for the first delivery, from the broker's count where known. */
  readonly attempt: number;
  /** Consumer start - publish end (or the broker's stored time); undefined where no publish time is known. */
  readonly timeInQueue?: number;
  readonly brokerWait?: number;
  readonly clientWait?: number;
  /** Half-width in ns of what the clocks leave open. */
  readonly uncertainty: number;
  readonly clock: 'broker' | 'producer' | 'corrected';
  /** Messages that still waited behind this one when it was delivered, if the broker said so. */
  readonly pending?: number;
  readonly error: boolean;
  readonly duplicateOf?: string;
}

/** A step of a critical path; the steps of a path partition its duration exactly. */
export interface PathStep {
  readonly spanId?: SpanId;
  readonly service: string;
  readonly label: string;
  readonly kind: 'self' | 'call' | 'queue' | 'network';
  readonly start: UnixNanos;
  readonly duration: number;
}

export type FlowGrade = 'complete' | 'orphaned' | 'dangling' | 'unprocessed';

/** Everything that one entry caused, across traces. */
export interface Flow {
  readonly entry: {
    readonly traceId: TraceId;
    readonly spanId: SpanId;
    readonly service: string;
    readonly name: string;
  };
  readonly start: UnixNanos;
  /** Of the entry span: what the user waited. */
  readonly responseDuration: number;
  /** From the entry's start to the end of the last span. */
  readonly completionDuration: number;
  readonly traceIds: readonly TraceId[];
  /** In depth-first order of cause, then start. */
  readonly spans: readonly FlowSpan[];
  readonly hops: readonly Hop[];
  readonly segments: readonly Segment[];
  readonly deliveries: readonly Delivery[];
  readonly responsePath: readonly PathStep[];
  readonly completionPath: readonly PathStep[];
  /** Sync changes of service on the longest path. */
  readonly syncDepth: number;
  /** What happened, in one or two plain sentences. */
  readonly sentence: string;
  readonly grade: FlowGrade;
  readonly warnings: readonly string[];
}
