import type { Messaging, MessagingRole, Span } from '../model/index.ts';
import { isFailed, messagingOf, serviceOf } from '../model/index.ts';
import { messageKeys } from './keys.ts';

/** What the analyses ask of a span again and again, read once. */
export interface Facts {
  readonly service: string;
  readonly messaging: Messaging | undefined;
  /** As emitted, set right by what the span's parent does. */
  role: MessagingRole | undefined;
  readonly failed: boolean;
}

export const NONE = -1;
/** The span names a parent that is not among the spans. */
export const MISSING = -2;

/** All given spans and everything that may have caused each; spans are known by their index here. */
export interface Graph {
  readonly spans: readonly Span[];
  readonly facts: readonly Facts[];
  /** Index of the parent, NONE or MISSING. */
  readonly parent: Int32Array;
  /** Indices of known link targets and of the producers found by message key. */
  readonly links: readonly (readonly number[])[];
  /** Links whose target is not among the spans. */
  readonly danglingLinks: Uint32Array;
  /** Copies of spans that came more than once. */
  readonly duplicates: number;
}

const NO_LINKS: readonly number[] = [];

export const identityOf = (span: { traceId: string; spanId: string }): string => span.traceId + span.spanId;

/** Consumers take messages from a queue; nobody waits for them. */
export const isConsumer = (facts: Facts): boolean => facts.role === 'receive' || facts.role === 'process';

/** One receive for the messages of several producers. */
export const isBatch = (graph: Graph, i: number): boolean =>
  isConsumer(graph.facts[i]!) && graph.links[i]!.length + graph.danglingLinks[i]! > 1;

/** Reads spans of one or several traces, in any order. */
export const readGraph = (given: readonly Span[]): Graph => {
  const { spans, index } = distinct(given);
  const resources = new Map<Span['resource'], string>();
  const facts = spans.map((span): Facts => {
    let service = resources.get(span.resource);
    if (service === undefined) {
      service = serviceOf(span);
      resources.set(span.resource, service);
    }
    const messaging = messagingOf(span);
    return { service, messaging, role: messaging?.role, failed: isFailed(span) };
  });
  const parent = Int32Array.from(spans, ({ traceId, parentSpanId }) =>
    parentSpanId === undefined ? NONE : (index.get(traceId + parentSpanId) ?? MISSING),
  );
  agreeOnRoles(spans, facts, parent);
  const danglingLinks = new Uint32Array(spans.length);
  const producers = producersByKey(spans, facts);
  const links = spans.map((span, i) => linksOf(i, span, facts, parent[i]!, index, producers, danglingLinks));
  return { spans, facts, parent, links, danglingLinks, duplicates: given.length - spans.length };
};

/** Of copies the one that tells most stays: the later end, then the more attributes. */
const distinct = (given: readonly Span[]): { spans: Span[]; index: Map<string, number> } => {
  const spans: Span[] = [];
  const index = new Map<string, number>();
  for (const span of given) {
    const id = identityOf(span);
    const known = index.get(id);
    if (known === undefined) {
      index.set(id, spans.length);
      spans.push(span);
    } else {
      const other = spans[known]!;
      const better =
        span.end !== other.end ? span.end > other.end : span.attributes.size > other.attributes.size;
      if (better) spans[known] = span;
    }
  }
  return { spans, index };
};

/** A request over a broker is one whatever kinds were emitted, and a publish stays one even to a server. */
const agreeOnRoles = (spans: readonly Span[], facts: readonly Facts[], parent: Int32Array): void => {
  for (let i = 0; i < spans.length; i++) {
    if (parent[i]! < 0) continue;
    const own = facts[i]!;
    const above = facts[parent[i]!]!;
    const serves = own.role === 'respond';
    if (serves && above.role === 'send' && spans[parent[i]!]!.kind === 'client') above.role = 'request';
    if (serves && above.role === 'send') own.role = 'process';
    if (above.role === 'request' && own.role === 'process') own.role = 'respond';
  }
};

/** The earliest producer of each message: a repeated publish of the same message is not its cause. */
const producersByKey = (spans: readonly Span[], facts: readonly Facts[]): Map<string, number> => {
  const producers = new Map<string, number>();
  spans.forEach((span, i) => {
    const { messaging, role } = facts[i]!;
    if (messaging === undefined || role !== 'send') return;
    for (const key of messageKeys(messaging)) {
      const known = producers.get(key);
      if (known === undefined || isEarlier(span, spans[known]!)) producers.set(key, i);
    }
  });
  return producers;
};

/** The order of siblings: by start, then the longer first, then by id so that arrival never matters. */
export const isEarlier = (a: Span, b: Span): boolean => compareSpans(a, b) < 0;

export const compareSpans = (a: Span, b: Span): number => {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  if (a.end !== b.end) return a.end > b.end ? -1 : 1;
  const [left, right] = [identityOf(a), identityOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const linksOf = (
  i: number,
  span: Span,
  facts: readonly Facts[],
  parent: number,
  index: ReadonlyMap<string, number>,
  producers: ReadonlyMap<string, number>,
  dangling: Uint32Array,
): readonly number[] => {
  const own = facts[i]!;
  const consumer = isConsumer(own);
  if (span.links.length === 0 && !consumer) return NO_LINKS;
  const targets = new Set<number>();
  for (const link of span.links) {
    const target = index.get(identityOf(link));
    if (target === undefined) dangling[i]! += 1;
    // A link to the parent or to itself says nothing new.
    else if (target !== i && target !== parent) targets.add(target);
  }
  const fromProducer = parent >= 0 && facts[parent]!.role === 'send';
  if (consumer && own.messaging !== undefined && targets.size === 0 && !fromProducer) {
    for (const key of messageKeys(own.messaging)) {
      const producer = producers.get(key);
      if (producer !== undefined && producer !== parent) targets.add(producer);
    }
  }
  return targets.size === 0 ? NO_LINKS : [...targets];
};
