import type { Mode, Party, Protocol } from '../flow/types.ts';
import type { TraceId, UnixNanos } from '../model/index.ts';

/** What the flows list shows of a trace. */
export interface TraceSummary {
  readonly traceId: TraceId;
  readonly rootService: string;
  readonly rootName: string;
  readonly start: UnixNanos;
  /** From the first start to the last end in the trace, ns: the completion of what it holds. */
  readonly duration: number;
  /** Of the entry span, ns. */
  readonly responseDuration: number;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly string[];
  readonly syncDepth: number;
  readonly queueHops: number;
  readonly maxTimeInQueue: number | null;
  /** False while spans may still arrive, or where a parent is missing. */
  readonly complete: boolean;
  /** The shape strip, in order of time: sync segments and waits; durations in ns. */
  readonly shape: readonly ShapePart[];
  /** Types of the findings in which this trace is evidence. */
  readonly signs: readonly string[];
}

export interface ShapePart {
  readonly kind: 'segment' | 'wait';
  readonly service: string;
  readonly duration: number;
  readonly error: boolean;
}

export interface MapNode {
  /** `service:orders`, `queue:nats/orders.created`, `remote:db.example` */
  readonly id: string;
  readonly kind: Party['kind'];
  readonly name: string;
  /** Messaging system or database system, where the node is one. */
  readonly system?: string;
  readonly requestsPerSecond: number;
  readonly errorRate: number;
  readonly p50: number;
  readonly p99: number;
}

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly mode: Mode;
  readonly count: number;
  readonly callsPerSecond: number;
  readonly errorRate: number;
  readonly p50: number;
  readonly p99: number;
}

export interface ChainHop {
  readonly service: string;
  readonly operation: string;
  /** How the caller reaches this hop; undefined for the entry. */
  readonly protocol?: Protocol;
  readonly calls: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  /** p99 of the time the hop spent on its own work, ns. */
  readonly ownP99: number;
  /** The hop's own share of the entry's time, 0 to 1. */
  readonly blockedShare: number;
  /** P(caller fails | callee fails), Laplace-smoothed; undefined for the entry. */
  readonly coupling?: number;
  /** Attempts / logical calls. */
  readonly attempts: number;
}

export interface Chain {
  readonly signature: string;
  readonly entry: { readonly service: string; readonly operation: string };
  readonly hops: readonly ChainHop[];
  /** Blocking hops: sync changes of service. */
  readonly depth: number;
  readonly count: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Measured share of entry requests without an error. */
  readonly availability: number;
  /** Product of the hops' own availabilities. */
  readonly availabilityProduct: number;
  /** Sum of the hops' own p99s, ns. */
  readonly p99Sum: number;
  /** Share of the entry's time spent waiting for the hops below it. */
  readonly blockedShare: number;
  readonly retryAmplification: number;
  readonly worstCaseAttempts: number;
  /** Share of entry requests that fail or stall if the weakest hop stops. */
  readonly blastRadius: number;
  readonly score: number;
  readonly weakestHop: number;
  readonly exemplars: readonly TraceId[];
}

export type QueueStatus = 'ok' | 'warning' | 'stalled' | 'stopped' | 'rewound' | 'unknown';

export interface Queue {
  readonly system: string;
  readonly destination: string;
  readonly consumerGroup: string;
  readonly status: QueueStatus;
  /** Messages that wait: the broker's own count, now or on the newest delivery; null where it is not known. */
  readonly backlog: number | null;
  readonly lagSeconds: number | null;
  readonly timeInQueue: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  readonly publishedPerSecond: number;
  readonly processedPerSecond: number;
  readonly redeliveryRate: number;
  readonly duplicateRate: number;
  readonly deadLetters: number;
  readonly drainSeconds?: number;
  readonly exemplars: readonly TraceId[];
  readonly broker?: BrokerSide;
}

/** What the broker says of a consumer. A consumer may span several queues, so its figures are not to be summed. */
export interface BrokerSide {
  readonly asOf: UnixNanos;
  readonly stream: string;
  /** Messages that were not handed over yet. */
  readonly pending: number;
  /** Handed over, and not settled yet. */
  readonly ackPending: number;
  /** Of those, handed over more than once. */
  readonly redelivered: number;
  readonly paused?: boolean;
}

export type Severity = 'info' | 'warning' | 'critical';

export interface Where {
  readonly service?: string;
  readonly operation?: string;
  readonly chain?: string;
  readonly from?: string;
  readonly to?: string;
  readonly system?: string;
  readonly destination?: string;
  readonly consumerGroup?: string;
}

export interface Finding {
  /** Stable: the same type at the same place has the same id. */
  readonly id: string;
  readonly type: string;
  readonly severity: Severity;
  readonly title: string;
  readonly sentence: string;
  readonly where: Where;
  readonly evidence: {
    readonly flows: readonly TraceId[];
    readonly figures: Readonly<Record<string, number>>;
  };
  readonly recommendation: string;
  readonly firstSeen: UnixNanos;
  readonly lastSeen: UnixNanos;
  readonly count: number;
}

/** Columns for uPlot: `times` in Unix seconds, one value per time and series. */
export interface Series {
  readonly times: readonly number[];
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly values: readonly (number | null)[];
  }[];
}

/** [start, end) */
export interface TimeRange {
  readonly start: UnixNanos;
  readonly end: UnixNanos;
}
