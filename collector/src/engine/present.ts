import type { z } from 'zod';
import type { Finding } from '../analysis/index.ts';
import type {
  AttributeMap,
  Flow as WireFlow,
  FlowSpan as WireFlowSpan,
  Span as WireSpan,
} from '../contract/index.ts';
import type { Flow, FlowSpan } from '../flow/index.ts';
import { type Attributes, type AttributeValue, nanosBetween, type Span, serviceOf } from '../model/index.ts';

/** A value of the domain as JSON has it: times (bigint) become decimal strings, everything else stays. */
export type Wire<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer E)[]
      ? Wire<E>[]
      : { -readonly [K in keyof T]: Wire<T[K]> };

/** JSON text of a value of type `T`. */
export type Json<T> = string & { readonly json?: T };

export const toJson = <T>(value: T): Json<Wire<T>> =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  ) as Json<Wire<T>>;

const attributeJson = (value: AttributeValue): unknown => {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return attributesJson(value as Attributes);
  if (Array.isArray(value)) return value.map(attributeJson);
  return value;
};

/** Without a prototype, so that a key named `__proto__` is only a key. */
const attributesJson = (attributes: Attributes): z.infer<typeof AttributeMap> => {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of attributes) object[key] = attributeJson(value);
  return object;
};

const textOr = <K extends string>(key: K, text: string): { [P in K]?: string } =>
  (text === '' ? {} : { [key]: text }) as { [P in K]?: string };

export const presentSpan = (span: Span): WireSpan => {
  const { resource, scope } = span;
  const dropped = {
    attributes: span.droppedAttributesCount,
    events: span.droppedEventsCount,
    links: span.droppedLinksCount,
  };
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId ? { parentSpanId: span.parentSpanId } : {}),
    ...textOr('traceState', span.traceState),
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    start: String(span.start),
    duration: nanosBetween(span.start, span.end),
    status: { code: span.status.code, ...textOr('message', span.status.message) },
    service: serviceOf(span),
    resource: { attributes: attributesJson(resource.attributes), ...textOr('schemaUrl', resource.schemaUrl) },
    scope: {
      name: scope.name,
      version: scope.version,
      attributes: attributesJson(scope.attributes),
      ...textOr('schemaUrl', scope.schemaUrl),
    },
    attributes: attributesJson(span.attributes),
    events: span.events.map((event) => ({
      time: String(event.time),
      name: event.name,
      attributes: attributesJson(event.attributes),
    })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      ...textOr('traceState', link.traceState),
      attributes: attributesJson(link.attributes),
    })),
    ...(dropped.attributes + dropped.events + dropped.links > 0 ? { dropped } : {}),
  };
};

const presentFlowSpan = ({ span, causedBy, hopId, segmentId, warnings }: FlowSpan): WireFlowSpan => ({
  ...presentSpan(span),
  ...(causedBy ? { causedBy } : {}),
  ...(hopId ? { hopId } : {}),
  segmentId,
  ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
});

export const presentFlow = (flow: Flow, findings: readonly Finding[]): WireFlow => ({
  ...(wire({ ...flow, spans: [] }) as Omit<WireFlow, 'spans' | 'findings'>),
  spans: flow.spans.map(presentFlowSpan),
  findings: wire(findings) as WireFlow['findings'],
});

/** As `toJson`, but a value again: for parts that go into a larger answer. */
const wire = <T>(value: T): Wire<T> => JSON.parse(toJson(value)) as Wire<T>;
