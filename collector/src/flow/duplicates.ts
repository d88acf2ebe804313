import type { LaidDelivery } from './deliveries.ts';
import { NONE } from './graph.ts';

/**
 * Marks every successful processing of a message after the first one by the same consumer group.
 * A core NATS subscription without a queue group gets every message by right, so there only a repeated
 * delivery of the same one counts.
 */
export const markDuplicates = (deliveries: readonly LaidDelivery[]): LaidDelivery[] => {
  const groups = new Map<string, LaidDelivery[]>();
  for (const laid of deliveries) {
    const key = handledOnceKey(laid);
    if (key === undefined || !isSuccess(laid)) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [laid]);
    else group.push(laid);
  }
  const originals = new Map<LaidDelivery, string>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    group.sort(byProcessing);
    for (const later of group.slice(1)) originals.set(later, group[0]!.delivery.id);
  }
  if (originals.size === 0) return [...deliveries];
  return deliveries.map((laid) => {
    const duplicateOf = originals.get(laid);
    return duplicateOf === undefined ? laid : { ...laid, delivery: { ...laid.delivery, duplicateOf } };
  });
};

const isSuccess = ({ delivery }: LaidDelivery): boolean =>
  !delivery.error && delivery.settlement !== 'nak' && delivery.settlement !== 'term';

/** What must succeed only once, or undefined where nothing tells one message from another. */
const handledOnceKey = ({ delivery, producer }: LaidDelivery): string | undefined => {
  const message = delivery.messageId ?? (producer === NONE ? undefined : `#${producer}`);
  if (message === undefined) return undefined;
  const group = delivery.consumerGroup;
  if (group === undefined && delivery.system === 'nats' && delivery.attempt < 2) return undefined;
  return JSON.stringify([delivery.system, delivery.destination, group ?? delivery.consumerService, message]);
};

const byProcessing = (a: LaidDelivery, b: LaidDelivery): number => {
  const [left, right] = [a.delivery, b.delivery];
  if (left.processingStart !== right.processingStart)
    return left.processingStart < right.processingStart ? -1 : 1;
  return left.id < right.id ? -1 : 1;
};
