declare const brand: unique symbol;

/** 32 lower-case hex digits, not all zero. */
export type TraceId = string & { readonly [brand]: 'TraceId' };
/** 16 lower-case hex digits, not all zero. */
export type SpanId = string & { readonly [brand]: 'SpanId' };

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const ZERO = /^0+$/;

/** The id in lower case, or undefined where the text is no valid trace id. */
export const traceId = (text: string): TraceId | undefined => {
  const id = text.toLowerCase();
  return TRACE_ID.test(id) && !ZERO.test(id) ? (id as TraceId) : undefined;
};

/** The id in lower case, or undefined where the text is no valid span id. */
export const spanId = (text: string): SpanId | undefined => {
  const id = text.toLowerCase();
  return SPAN_ID.test(id) && !ZERO.test(id) ? (id as SpanId) : undefined;
};
