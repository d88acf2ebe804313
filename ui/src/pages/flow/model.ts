import type { Delivery, Flow, FlowSpan, Hop, Segment } from '../../../../collector/src/contract/index.ts';
import { nanosSince } from '../../lib/clock.ts';
import type { Stretch } from './fold.ts';
import { spanNames } from './span-name.ts';

/** A span of the flow in its place in the waterfall; times in ns from the flow's start. */
export interface SpanItem extends Stretch {
  readonly kind: 'span';
  readonly key: string;
  /** Steps below the root of its segment. */
  readonly depth: number;
  /** How many of the following items lie below this one. */
  readonly below: number;
  readonly span: FlowSpan;
  /** What it did, in words that tell more than `GET`. */
  readonly label: string;
  /** `2 of 3` where this is one of several attempts. */
  readonly attempt: string | undefined;
}

/** The time a message lay in a queue before a consumer took it. */
export interface WaitItem extends Stretch {
  readonly kind: 'wait';
  readonly key: string;
  readonly depth: 0;
  readonly below: 0;
  readonly delivery: Delivery;
  /** Where broker wait ends and client wait begins; undefined where nobody said. */
  readonly handedOver: number | undefined;
}

export type Item = SpanItem | WaitItem;

/** One segment, or several where a message was delivered again. */
export interface Group extends Stretch {
  readonly key: string;
  readonly title: string;
  readonly items: readonly Item[];
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface FlowModel {
  readonly flow: Flow;
  readonly origin: bigint;
  /** From the first to the last moment, ns. */
  readonly total: number;
  readonly groups: readonly Group[];
  readonly spans: ReadonlyMap<string, SpanItem>;
  readonly waits: readonly WaitItem[];
}

const waitOf = (delivery: Delivery, origin: bigint): WaitItem | undefined => {
  const to = nanosSince(origin, delivery.processingStart);
  const published = delivery.publishedAt ?? delivery.storedAt;
  const from =
    published === undefined ? to - (delivery.timeInQueue ?? Number.NaN) : nanosSince(origin, published);
  if (!Number.isFinite(from) || !Number.isFinite(to)) return undefined;
  const handedOver = delivery.clientWait === undefined ? undefined : to - delivery.clientWait;
  return { kind: 'wait', key: `wait:${delivery.id}`, depth: 0, below: 0, from, to, delivery, handedOver };
};

/** The spans of one segment, depth first by cause and start. What a cycle or a double id cuts off comes last. */
const treeOf = (
  spans: readonly FlowSpan[],
  origin: bigint,
  names: (span: FlowSpan) => string,
  attempts: ReadonlyMap<FlowSpan, string>,
): SpanItem[] => {
  const present = new Set(spans.map((span) => span.spanId));
  const children = new Map<string, FlowSpan[]>();
  const roots: FlowSpan[] = [];
  for (const span of spans) {
    const cause = span.causedBy;
    if (cause === undefined || cause === span.spanId || !present.has(cause)) roots.push(span);
    else children.get(cause)?.push(span) ?? children.set(cause, [span]);
  }
  const start = new Map(spans.map((span) => [span, nanosSince(origin, span.start)]));
  const byStart = (a: FlowSpan, b: FlowSpan) => (start.get(a) ?? 0) - (start.get(b) ?? 0);
  for (const list of children.values()) list.sort(byStart);
  const items: (SpanItem & { below: number })[] = [];
  const seen = new Set<FlowSpan>();
  const visit = (root: FlowSpan) => {
    const stack = [{ span: root, depth: 0 }];
    while (stack.length > 0) {
      const { span, depth } = stack.pop()!;
      if (seen.has(span)) continue;
      seen.add(span);
      const from = start.get(span) ?? 0;
      const key = `${span.traceId}/${span.spanId}`;
      items.push({
        kind: 'span',
        key,
        depth,
        below: 0,
        span,
        label: names(span),
        from,
        to: from + span.duration,
        attempt: attempts.get(span),
      });
      for (const child of [...(children.get(span.spanId) ?? [])].reverse())
        stack.push({ span: child, depth: depth + 1 });
    }
  };
  for (const root of roots.sort(byStart)) visit(root);
  for (const span of spans) if (!seen.has(span)) visit(span);
  countBelow(items);
  return items;
};

const countBelow = (items: (SpanItem & { below: number })[]): void => {
  const open: number[] = [];
  for (let index = 0; index <= items.length; index++) {
    const depth = items[index]?.depth ?? -1;
    while (open.length > 0 && items[open.at(-1)!]!.depth >= depth) {
      const closed = open.pop()!;
      items[closed]!.below = index - closed - 1;
    }
    open.push(index);
  }
};

/** `1 of 2` for the calling spans of one purpose: same cause, same target, more than one attempt. */
const attemptsOf = (flow: Flow): Map<FlowSpan, string> => {
  const hops = new Map(flow.hops.map((hop) => [hop.id, hop]));
  const bySite = new Map<string, FlowSpan[]>();
  for (const span of flow.spans) {
    const hop: Hop | undefined = span.hopId === undefined ? undefined : hops.get(span.hopId);
    if (!hop || hop.attempts < 2 || hop.callerSpan !== span.spanId) continue;
    const site = JSON.stringify([span.causedBy, hop.to.name, hop.operation]);
    bySite.get(site)?.push(span) ?? bySite.set(site, [span]);
  }
  const attempts = new Map<FlowSpan, string>();
  for (const spans of bySite.values())
    if (spans.length > 1)
      for (const [index, span] of spans.entries()) attempts.set(span, `${index + 1} of ${spans.length}`);
  return attempts;
};

const titleOf = (segment: Segment, delivery: Delivery | undefined, entry: boolean): string => {
  if (delivery)
    return `After ${delivery.destination} · ${delivery.consumerGroup ?? delivery.consumerService}`;
  return entry ? 'Synchronous · answers the caller' : `Also ${segment.service} · ${segment.name}`;
};

/** Redeliveries of one message to one consumer group share a group. */
const groupKey = (segment: Segment, delivery: Delivery | undefined): string =>
  delivery
    ? JSON.stringify([
        delivery.system,
        delivery.destination,
        delivery.consumerGroup ?? delivery.consumerService,
        delivery.messageId ?? delivery.producerSpan ?? segment.id,
      ])
    : segment.id;

/** Lays out a flow: groups by segment in order of time, queue waits before what they led to, spans as a tree. */
export const flowModel = (flow: Flow): FlowModel => {
  const origin = /^\d{1,20}$/.test(flow.start) ? BigInt(flow.start) : 0n;
  const deliveries = new Map(flow.deliveries.map((delivery) => [delivery.id, delivery]));
  const bySegment = Map.groupBy(flow.spans, (span) => span.segmentId);
  const attempts = attemptsOf(flow);
  const names = spanNames(flow);
  const known = new Set(flow.segments.map((segment) => segment.id));
  const strays = flow.spans.filter((span) => !known.has(span.segmentId));
  const parts = flow.segments.map((segment) => {
    const delivery = segment.deliveryId === undefined ? undefined : deliveries.get(segment.deliveryId);
    const wait = delivery && waitOf(delivery, origin);
    const items: Item[] = [
      ...(wait ? [wait] : []),
      ...treeOf(bySegment.get(segment.id) ?? [], origin, names, attempts),
    ];
    const entry = (bySegment.get(segment.id) ?? []).some((span) => span.spanId === flow.entry.spanId);
    const title = titleOf(segment, delivery, entry);
    return { key: groupKey(segment, delivery), title, items, errorCount: segment.errorCount };
  });
  if (strays.length > 0)
    parts.push({
      key: 'strays',
      title: 'Outside every segment',
      items: treeOf(strays, origin, names, attempts),
      errorCount: strays.filter((span) => span.status.code === 'error').length,
    });
  const groups = [...Map.groupBy(parts, (part) => part.key)]
    .map(([key, same]): Group => {
      const items = same.flatMap((part) => part.items);
      return {
        key,
        title: same[0]!.title,
        items,
        from: items.reduce((start, item) => Math.min(start, item.from), Number.POSITIVE_INFINITY),
        to: items.reduce((end, item) => Math.max(end, item.to), 0),
        spanCount: items.filter((item) => item.kind === 'span').length,
        errorCount: same.reduce((sum, part) => sum + part.errorCount, 0),
      };
    })
    .filter((group) => group.items.length > 0)
    .sort((a, b) => a.from - b.from);
  const all = groups.flatMap((group) => group.items);
  const spans = new Map<string, SpanItem>();
  for (const item of all)
    if (item.kind === 'span' && !spans.has(item.span.spanId)) spans.set(item.span.spanId, item);
  const total = all.reduce((end, item) => Math.max(end, item.to), flow.completionDuration);
  return { flow, origin, total, groups, spans, waits: all.filter((item) => item.kind === 'wait') };
};
