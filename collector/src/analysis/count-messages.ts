import type { LaidDelivery } from '../flow/index.ts';
import type { Delivery } from '../flow/types.ts';
import { destinationOf, nanosBetween } from '../model/index.ts';
import { LIMITS } from './limits.ts';
import { keyOf, microsOf } from './rollup.ts';
import { count, observe, record, remember } from './stat.ts';
import type { Counting } from './trace.ts';

/** Published messages by destination, and deliveries by consumer group. */
export const countMessages = (counting: Counting): void => {
  countPublished(counting);
  for (const laid of counting.reading.deliveries) {
    if (counting.isOwn(laid.consumer)) countDelivery(counting, laid);
  }
};

const countPublished = ({ reading, isOwn, rollup }: Counting): void => {
  const { graph, forest } = reading.layout;
  for (const i of forest.order) {
    const { messaging, role, failed } = graph.facts[i]!;
    if (messaging === undefined || role !== 'send' || messaging.temporary || !isOwn(i)) continue;
    // A publish around another one (create and send) is counted by the inner span alone.
    if (forest.children[i]!.some((child) => graph.facts[child]!.role === 'send')) continue;
    const span = graph.spans[i]!;
    const stat = rollup.at('queue', keyOf([messaging.system, destinationOf(messaging)]), span.end);
    if (failed) count(stat, 'failed');
    else count(stat, 'published', messaging.batchCount ?? 1);
    // From its start: the broker may hand the message over before it has confirmed the publish.
    observe(stat, 'published', microsOf(span.start), 0);
    remember(stat, span.traceId, nanosBetween(span.start, span.end));
  }
};

/** Where no group is named, the consuming service stands for it. */
export const groupOf = (delivery: Delivery): string => delivery.consumerGroup ?? delivery.consumerService;

const countDelivery = (counting: Counting, laid: LaidDelivery): void => {
  const { rollup, signs, reading } = counting;
  const { delivery, consumer } = laid;
  const { traceId } = reading.layout.graph.spans[consumer]!;
  if (reading.layout.graph.facts[consumer]!.messaging?.temporary === true) return;
  const key = keyOf([delivery.system, delivery.destination, groupOf(delivery)]);
  const waited = delivery.timeInQueue;

  const started = rollup.at('group', key, delivery.processingStart);
  count(started, 'delivered');
  if (delivery.attempt > 1) {
    count(started, 'redelivered');
    signs.add('redelivery');
  } else if (waited !== undefined) {
    // Later attempts have waited for the handling before them too: not the queue's doing.
    record(started, 'wait', waited);
    observe(started, 'wait', microsOf(delivery.processingStart), waited);
    if (waited > LIMITS.slowQueue) signs.add('slow-queue');
  }
  if (delivery.brokerWait !== undefined) record(started, 'brokerWait', delivery.brokerWait);
  if (delivery.clientWait !== undefined) record(started, 'clientWait', delivery.clientWait);
  if (delivery.pending !== undefined) {
    observe(started, 'pending', microsOf(delivery.processingStart), delivery.pending);
  }
  observe(started, 'delivered', microsOf(delivery.processingStart), delivery.attempt);
  remember(started, traceId, Math.max(0, waited ?? 0));

  const ended = rollup.at('group', key, delivery.processingEnd);
  const settled = delivery.settlement === undefined || delivery.settlement === 'ack';
  count(ended, 'handled');
  record(ended, 'work', Math.max(0, nanosBetween(delivery.processingStart, delivery.processingEnd)));
  if (delivery.error) count(ended, 'errors');
  if (settled && !delivery.error) {
    count(ended, 'processed');
    observe(ended, 'processed', microsOf(delivery.processingEnd), 0);
  }
  if (delivery.settlement === 'none') count(ended, 'unsettled');
  if (delivery.settlement === 'term') count(ended, 'terminated');
  if (delivery.duplicateOf !== undefined) {
    count(ended, 'duplicates');
    countDuplicate(counting, laid, key);
  }
};

const countDuplicate = (
  { rollup, signs, reading }: Counting,
  { delivery, consumer }: LaidDelivery,
  group: string,
): void => {
  const first = reading.deliveries.find((other) => other.delivery.id === delivery.duplicateOf)?.delivery;
  const key = keyOf(['duplicate-processing', group]);
  const stat = rollup.at('finding', key, delivery.processingStart);
  count(stat, 'count');
  if (first !== undefined) {
    record(stat, 'firstWork', Math.max(0, nanosBetween(first.processingStart, first.processingEnd)));
    record(stat, 'gap', Math.max(0, nanosBetween(first.processingStart, delivery.processingStart)));
  }
  remember(
    stat,
    reading.layout.graph.spans[consumer]!.traceId,
    nanosBetween(delivery.processingStart, delivery.processingEnd),
  );
  signs.add('duplicate-processing');
};
