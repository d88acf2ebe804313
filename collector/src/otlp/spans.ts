import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanKind,
  type SpanLink,
  STATUS_CODES,
  type StatusCode,
  spanId,
  type TraceId,
  traceId,
} from '../model/index.ts';

/** What a request held: the good spans, and how many were refused and why. */
export interface DecodedSpans {
  readonly spans: readonly Span[];
  readonly rejected: number;
  /** English, for `partial_success.error_message`; empty where nothing was refused. */
  readonly reason: string;
}

/** A span as the wire had it: ids still unchecked hex text, enums still numbers. */
export type RawSpan = Omit<Span, 'traceId' | 'spanId' | 'parentSpanId' | 'kind' | 'status' | 'links'> & {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly kind: number;
  readonly status: { readonly code: number; readonly message: string };
  readonly links: readonly RawLink[];
};

export type RawLink = Omit<SpanLink, 'traceId' | 'spanId'> & {
  readonly traceId: string;
  readonly spanId: string;
};

/** A kind or status code that a later protocol adds reads as unspecified, so that the span is not lost. */
const kindOf = (value: number): SpanKind => SPAN_KINDS[value] ?? 'unspecified';
const statusCodeOf = (value: number): StatusCode => STATUS_CODES[value] ?? 'unset';

const ZERO_OR_EMPTY = /^0*$/;

/** Collects the spans of one request; refuses single spans without losing the others. */
export class SpanCollector {
  readonly #spans: Span[] = [];
  #rejected = 0;
  #reason = '';

  add(raw: RawSpan): void {
    const trace = traceId(raw.traceId);
    const id = spanId(raw.spanId);
    if (!trace || !id) {
      const what = trace ? 'span_id' : 'trace_id';
      this.#reject(`${what} must be ${trace ? 8 : 16} bytes, not all zero`);
      return;
    }
    const parent = ZERO_OR_EMPTY.test(raw.parentSpanId) ? undefined : spanId(raw.parentSpanId);
    if (parent === undefined && !ZERO_OR_EMPTY.test(raw.parentSpanId)) {
      this.#reject('parent_span_id must be 8 bytes or empty');
      return;
    }
    this.#spans.push(toSpan(raw, trace, id, parent));
  }

  result(): DecodedSpans {
    return { spans: this.#spans, rejected: this.#rejected, reason: this.#reason };
  }

  #reject(reason: string): void {
    this.#rejected++;
    if (this.#reason === '') this.#reason = reason;
  }
}

const toSpan = (raw: RawSpan, trace: TraceId, id: SpanId, parent: SpanId | undefined): Span => {
  const links: SpanLink[] = [];
  for (const link of raw.links) {
    const toTrace = traceId(link.traceId);
    const toId = spanId(link.spanId);
    if (toTrace && toId) links.push({ ...link, traceId: toTrace, spanId: toId });
  }
  return {
    ...raw,
    traceId: trace,
    spanId: id,
    parentSpanId: parent,
    kind: kindOf(raw.kind),
    status: { code: statusCodeOf(raw.status.code), message: raw.status.message },
    links,
    // A link to nowhere is counted with those that the sender dropped itself.
    droppedLinksCount: raw.droppedLinksCount + raw.links.length - links.length,
  };
};

export type { Resource, Scope, SpanEvent };
