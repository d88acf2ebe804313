import type { Delivery, Flow, FlowSpan, Segment } from '../../../../collector/src/contract/index.ts';

const ORIGIN = 1_790_000_000_000_000_000n;
const MS = 1e6;

/** Milliseconds from the flow's start as the API writes times. */
export const at = (ms: number): string => String(ORIGIN + BigInt(Math.round(ms * MS)));

export const span = (
  id: string,
  segmentId: string,
  fromMs: number,
  ms: number,
  more: Partial<FlowSpan> = {},
): FlowSpan => ({
  traceId: 't1',
  spanId: id,
  flags: 1,
  name: `work ${id}`,
  kind: 'internal',
  start: at(fromMs),
  duration: ms * MS,
  status: { code: 'unset' },
  service: 'orders',
  resource: { attributes: {} },
  scope: { name: '', version: '', attributes: {} },
  attributes: {},
  events: [],
  links: [],
  segmentId,
  ...more,
});

export const segment = (id: string, rootSpan: string, deliveryId?: string): Segment => ({
  id,
  rootSpan,
  service: 'orders',
  name: 'work',
  start: at(0),
  duration: 0,
  spanCount: 1,
  errorCount: 0,
  ...(deliveryId === undefined ? {} : { deliveryId }),
});

export const delivery = (
  id: string,
  consumerSpan: string,
  fromMs: number,
  toMs: number,
  more: Partial<Delivery> = {},
): Delivery => ({
  id,
  system: 'nats',
  destination: 'orders.created',
  consumerGroup: 'shipping',
  messageId: 'm1',
  consumerSpan,
  consumerService: 'shipping',
  publishedAt: at(fromMs),
  processingStart: at(toMs),
  processingEnd: at(toMs + 5),
  attempt: 1,
  timeInQueue: (toMs - fromMs) * MS,
  uncertainty: 0,
  clock: 'broker',
  error: false,
  ...more,
});

export const flow = (parts: Partial<Flow>): Flow => ({
  entry: { traceId: 't1', spanId: 'a', service: 'gateway', name: 'POST /checkout' },
  start: at(0),
  responseDuration: 0,
  completionDuration: 0,
  traceIds: ['t1'],
  spans: [],
  hops: [],
  segments: [],
  deliveries: [],
  responsePath: [],
  completionPath: [],
  syncDepth: 0,
  sentence: '',
  findings: [],
  grade: 'complete',
  warnings: [],
  ...parts,
});
