import type { Chain, ChainHop, Finding, MapEdge, Queue } from '../analysis/index.ts';
import { addNanos, type TraceId, traceId, type UnixNanos, unixNanos } from '../model/index.ts';
import type { Observations } from './measure/index.ts';
import { parseRules, type RuleSet } from './rules/index.ts';

/** Values for the tests of this folder. */
export const SECOND = 1_000_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const START: UnixNanos = unixNanos(1_790_000_000_000_000_000n);
export const after = (nanos: number): UnixNanos => addNanos(START, nanos);

export const trace = (digit: string): TraceId => traceId(digit.repeat(32))!;

export const rules = (yaml: string): RuleSet => parseRules(yaml, 'test.yaml');

export const hop = (service: string, extra: Partial<ChainHop> = {}): ChainHop => ({
  service,
  operation: 'call',
  protocol: 'http',
  calls: 100,
  errors: 0,
  p50: 10_000_000,
  p99: 20_000_000,
  ownP99: 5_000_000,
  blockedShare: 0.2,
  attempts: 1,
  ...extra,
});

export const chain = (services: readonly string[], extra: Partial<Chain> = {}): Chain => ({
  signature: services.join(' > '),
  entry: { service: services[0]!, operation: 'POST /checkout' },
  hops: services.map((service) => hop(service)),
  depth: services.length - 1,
  count: 100,
  requestsPerSecond: 1,
  p50: 100_000_000,
  p99: 300_000_000,
  availability: 1,
  availabilityProduct: 1,
  p99Sum: 400_000_000,
  blockedShare: 0.5,
  retryAmplification: 1,
  worstCaseAttempts: 1,
  blastRadius: 0.5,
  score: 1,
  weakestHop: 1,
  exemplars: [trace('a')],
  ...extra,
});

export const queue = (extra: Partial<Queue> = {}): Queue => ({
  system: 'nats',
  destination: 'orders.created',
  consumerGroup: 'shipping',
  status: 'ok',
  backlog: null,
  lagSeconds: null,
  timeInQueue: { p50: 1_000_000, p95: 2_000_000, p99: 3_000_000, max: 4_000_000 },
  publishedPerSecond: 20,
  processedPerSecond: 12,
  redeliveryRate: 0,
  duplicateRate: 0,
  deadLetters: 0,
  exemplars: [trace('b')],
  ...extra,
});

export const edge = (from: string, to: string, extra: Partial<MapEdge> = {}): MapEdge => ({
  from: `service:${from}`,
  to: `service:${to}`,
  protocol: 'http',
  mode: 'sync',
  count: 14,
  callsPerSecond: 0.1,
  errorRate: 0,
  p50: 100_000_000,
  p99: 210_000_000,
  ...extra,
});

export const finding = (extra: Partial<Finding> = {}): Finding => ({
  id: 'stalled-consumer:nats/orders.created/shipping',
  type: 'stalled-consumer',
  severity: 'critical',
  title: 'shipping is stalled',
  sentence: 'shipping has not moved for 40 s while 1,200 messages wait.',
  where: { system: 'nats', destination: 'orders.created', consumerGroup: 'shipping' },
  evidence: { flows: [trace('c')], figures: { waiting: 1_200 } },
  recommendation: 'Look at shipping.',
  firstSeen: START,
  lastSeen: START,
  count: 3,
  ...extra,
});

/** Everything was asked, and only what is given was found. */
export const observed = (found: Partial<Observations> = {}): Observations => ({
  chains: [],
  queues: [],
  edges: [],
  findings: [],
  window: 5 * MINUTE,
  ...found,
});
