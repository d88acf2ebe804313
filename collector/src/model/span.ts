import type { Attributes } from './attributes.ts';
import { stringAttribute } from './attributes.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { UnixNanos } from './time.ts';

export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export const STATUS_CODES = ['unset', 'ok', 'error'] as const;
export type StatusCode = (typeof STATUS_CODES)[number];

/** Which attributes of a resource identify and describe one entity: a service, a host, a container. */
export interface EntityRef {
  readonly schemaUrl: string;
  readonly type: string;
  readonly idKeys: readonly string[];
  readonly descriptionKeys: readonly string[];
}

/** What sent the spans. One object serves all spans of a request that share it. */
export interface Resource {
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly entityRefs: readonly EntityRef[];
  readonly schemaUrl: string;
}

/** The instrumentation scope: the library that made the spans. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

export interface SpanEvent {
  readonly time: UnixNanos;
  readonly name: string;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}

export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceState: string;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly flags: number;
}

/** One OTLP span with every field of the protocol; identity is (traceId, spanId). */
export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: UnixNanos;
  /** May lie before `start` where the sender's clock stepped: shown, never repaired. */
  readonly end: UnixNanos;
  readonly status: { readonly code: StatusCode; readonly message: string };
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly SpanLink[];
  readonly droppedLinksCount: number;
  readonly resource: Resource;
  readonly scope: Scope;
}

/** OTLP's own name for a service that did not give one. */
export const UNKNOWN_SERVICE = 'unknown_service';

/** The service that sent the span, or `UNKNOWN_SERVICE`. */
export const serviceOf = (span: Pick<Span, 'resource'>): string =>
  stringAttribute(span.resource.attributes, 'service.name') ?? UNKNOWN_SERVICE;
