import { SpanBatch } from '../batch/index.ts';
import {
  SPAN_KINDS,
  type Span,
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
export interface DecodedBatch {
  readonly batch: SpanBatch;
  readonly rejected: number;
  /** English, for `partial_success.error_message`; empty where nothing was refused. */
  readonly reason: string;
}

/** Why a span is refused, for people. */
export const REASON = {
  traceId: 'trace_id must be 16 bytes, not all zero',
  spanId: 'span_id must be 8 bytes, not all zero',
  parent: 'parent_span_id must be 8 bytes or empty',
} as const;

/** A span as JSON had it: ids still unchecked hex text, enums still numbers. */
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
const MAX_UINT32 = 0xffff_ffff;

/** A link to nowhere is counted with those that the sender dropped itself. */
export const addDropped = (bySender: number, here: number): number => Math.min(bySender + here, MAX_UINT32);

/** Collects the spans of one request; refuses single spans without losing the others. */
export class SpanCollector {
  readonly batch = new SpanBatch();
  #rejected = 0;
  #reason = '';

  add(raw: RawSpan): void {
    const trace = traceId(raw.traceId);
    const id = spanId(raw.spanId);
    const parent = ZERO_OR_EMPTY.test(raw.parentSpanId) ? undefined : spanId(raw.parentSpanId);
    if (!trace) this.reject(REASON.traceId);
    else if (!id) this.reject(REASON.spanId);
    else if (!parent && !ZERO_OR_EMPTY.test(raw.parentSpanId)) this.reject(REASON.parent);
    else this.batch.add(toSpan(raw, trace, id, parent));
  }

  reject(reason: string): void {
    this.#rejected++;
    if (this.#reason === '') this.#reason = reason;
  }

  result(): DecodedBatch {
    return { batch: this.batch, rejected: this.#rejected, reason: this.#reason };
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
    droppedLinksCount: addDropped(raw.droppedLinksCount, raw.links.length - links.length),
  };
};
