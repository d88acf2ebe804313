import type { Span, UnixNanos } from '../model/index.ts';
import { addNanos, destinationOf, hostOf, nanosBetween, settlementOf } from '../model/index.ts';
import { markDuplicates } from './duplicates.ts';
import { isBatch, isConsumer, NONE } from './graph.ts';
import type { Layout } from './layout.ts';
import type { Delivery } from './types.ts';

export interface LaidDelivery {
  readonly delivery: Delivery;
  readonly consumer: number;
  /** Index of the producer's span, or NONE. */
  readonly producer: number;
}

/**
 * What two hosts' clocks leave open if nothing better is known. Hosts under NTP in one network stay within
 * some milliseconds of each other; 10 ms covers nearly all of them without hiding real waits.
 */
const HOSTS_APART = 10_000_000;
/** On one host: Node's clock is fixed at process start and drifts up to about a millisecond from its peers'. */
const SAME_HOST = 1_000_000;

/** Every hand-over of a message to a consumer, in the order of the forest. */
export const findDeliveries = (layout: Layout): LaidDelivery[] => {
  const { graph, forest } = layout;
  const found: LaidDelivery[] = [];
  const processed = new Set<string>();
  const receives: number[] = [];
  const visit = (i: number) => {
    const producers = producersOf(layout, i);
    const fetched = graph.facts[i]!.role === 'receive';
    for (const producer of producers.length > 0 ? producers : [NONE]) {
      const handled =
        producer === NONE ? isHandledBelow(layout, i) : processed.has(handKey(layout, producer, i));
      if (fetched && handled) continue;
      if (!fetched && producer !== NONE) processed.add(handKey(layout, producer, i));
      found.push({ delivery: deliveryOf(layout, i, producer), consumer: i, producer });
    }
  };
  for (const i of forest.order) {
    const facts = graph.facts[i]!;
    if (!isConsumer(facts)) continue;
    // A receive span counts only for messages that no process span handled.
    if (facts.role === 'receive') receives.push(i);
    else if (!isPartOfReceive(layout, i)) visit(i);
  }
  for (const i of receives) visit(i);
  return markDuplicates(found);
};

const handKey = (layout: Layout, producer: number, consumer: number): string =>
  `${producer} ${layout.graph.facts[consumer]!.service}`;

/** The producers in this forest of the messages that the span handles. */
const producersOf = (layout: Layout, i: number): number[] => {
  const { graph, forest } = layout;
  const member = (target: number) => graph.facts[target]!.role === 'send' && isMember(layout, target);
  const linked = graph.links[i]!.filter(member);
  if (linked.length > 0) return linked.sort((a, b) => layout.start[a]! - layout.start[b]! || a - b);
  const by = forest.cause[i]!;
  if (by === NONE) return [];
  if (graph.facts[by]!.role === 'send') return [by];
  return isConsumer(graph.facts[by]!) && !isBatch(graph, by) ? producersOf(layout, by) : [];
};

const isMember = (layout: Layout, i: number): boolean => layout.segmentRoot[i] !== NONE;

/** A process span that names no message of its own, below a receive of several: the receive tells them. */
const isPartOfReceive = (layout: Layout, i: number): boolean => {
  const { graph, forest } = layout;
  const by = forest.cause[i]!;
  return (
    by !== NONE && isConsumer(graph.facts[by]!) && isBatch(graph, by) && producersOf(layout, i).length === 0
  );
};

const isHandledBelow = (layout: Layout, i: number): boolean =>
  layout.forest.children[i]!.some((child) => layout.graph.facts[child]!.role === 'process');

const deliveryOf = (layout: Layout, i: number, by: number): Delivery => {
  const { spans, facts } = layout.graph;
  const span = spans[i]!;
  const own = facts[i]!;
  const messaging = own.messaging;
  const producer = by === NONE ? undefined : spans[by]!;
  const fetched = own.role === 'receive';
  // A poll may begin long before the message exists; what it fetched is in hand when it ends.
  const processingStart = fetched ? span.end : span.start;
  const storedAt = messaging?.storedAt;
  const clocks = clocksOf(layout, i, by, storedAt);
  const waited = timeInQueue(storedAt, producer, addNanos(processingStart, clocks));
  const clientWait = messaging?.clientWait;
  const deliveredAt =
    clientWait === undefined ? receivedAt(layout, i) : addNanos(processingStart, -clientWait);
  const brokerWait =
    storedAt === undefined || deliveredAt === undefined
      ? undefined
      : nanosBetween(storedAt, addNanos(deliveredAt, clocks));
  const settlement = settlementOf(span);
  const sender = producer === undefined ? undefined : facts[by]!;
  const named = messaging ?? sender?.messaging;
  const messageId = messaging?.messageId ?? messaging?.streamPosition ?? messaging?.logPosition;
  return {
    id: `delivery-${span.spanId}${producer === undefined ? '' : `-${producer.spanId}`}`,
    system: named?.system ?? 'unknown',
    destination: named === undefined ? 'unknown' : destinationOf(named),
    consumerSpan: span.spanId,
    consumerService: own.service,
    processingStart,
    processingEnd: span.end,
    attempt: Math.max(1, messaging?.deliveryCount ?? 1),
    uncertainty: uncertaintyOf(span, producer, storedAt, waited),
    clock: clocks !== 0 ? 'corrected' : storedAt === undefined ? 'producer' : 'broker',
    error: own.failed,
    ...defined('consumerGroup', messaging?.consumerGroup),
    ...defined('messageId', messageId),
    ...defined('producerSpan', producer?.spanId),
    ...defined('producerService', sender?.service),
    ...defined('publishedAt', producer?.end),
    ...defined('storedAt', storedAt),
    ...defined('deliveredAt', deliveredAt),
    ...defined('settlement', settlement),
    ...defined('timeInQueue', waited),
    ...defined('brokerWait', brokerWait),
    ...defined('clientWait', clientWait),
    ...defined('pending', messaging?.pending),
  };
};

const defined = <K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [k in K]: V });

/**
 * The broker's own time is best; else the end of the publish. A consumer that started before the publish
 * returned (its acknowledgement was slow) is measured from the publish's start. What is negative even then
 * stays so: it says that the clocks disagree.
 */
const timeInQueue = (
  storedAt: UnixNanos | undefined,
  producer: Span | undefined,
  processingStart: UnixNanos,
): number | undefined => {
  if (storedAt !== undefined) return nanosBetween(storedAt, processingStart);
  if (producer === undefined) return undefined;
  const sinceEnd = nanosBetween(producer.end, processingStart);
  return sinceEnd >= 0 ? sinceEnd : nanosBetween(producer.start, processingStart);
};

/** When the receive span above handed the message over. */
const receivedAt = (layout: Layout, i: number): UnixNanos | undefined => {
  const { graph, forest } = layout;
  if (graph.facts[i]!.role === 'receive') return graph.spans[i]!.end;
  const by = forest.cause[i]!;
  if (by === NONE || graph.facts[by]!.role !== 'receive') return undefined;
  const { end } = graph.spans[by]!;
  return end <= graph.spans[i]!.start ? end : undefined;
};

/** Clocks that differ by less are left alone: calls show an offset no better than by their network time. */
const WORTH_CORRECTING = 20_000_000;

/**
 * What must be added to the consumer's times to read them by the clock that dated the message: the
 * producer's, or the broker's. How far the two processes are apart, their calls have shown; the broker is
 * apart from the producer where it stored the message outside of the publish. 0 where nothing is worth it.
 */
const clocksOf = (
  layout: Layout,
  consumer: number,
  producer: number,
  storedAt: UnixNanos | undefined,
): number => {
  if (producer === NONE) return 0;
  const { graph, shift } = layout;
  const apart = shift[consumer]! - shift[producer]!;
  if (storedAt === undefined) return Math.abs(apart) < WORTH_CORRECTING ? 0 : apart;
  const { start, end } = graph.spans[producer]!;
  const stored =
    storedAt < start ? nanosBetween(start, storedAt) : storedAt > end ? nanosBetween(end, storedAt) : 0;
  const total = apart + stored;
  return apart === 0 || Math.abs(total) < WORTH_CORRECTING ? 0 : total;
};

/** A message cannot be handled before it was sent: a negative wait shows how far the clocks are apart at least. */
const uncertaintyOf = (
  consumer: Span,
  producer: Span | undefined,
  storedAt: UnixNanos | undefined,
  waited: number | undefined,
): number => {
  const host = hostOf(consumer);
  const together =
    storedAt === undefined && producer !== undefined && host !== undefined && host === hostOf(producer);
  return Math.max(together ? SAME_HOST : HOSTS_APART, -(waited ?? 0));
};
