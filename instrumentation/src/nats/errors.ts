import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { ATTR } from './attributes.ts';

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

const isErrorLike = (value: unknown): value is ErrorLike => typeof value === 'object' && value !== null;

const NO_RESPONDERS = new Set(['503', 'NoResponders', 'NoRespondersError']);
const TIMEOUTS = new Set(['TIMEOUT', 'TimeoutError']);

const classify = (error: ErrorLike): string | undefined => {
  for (const mark of [error.code, error.name]) {
    const text = String(mark);
    if (NO_RESPONDERS.has(text)) return 'no_responders';
    if (TIMEOUTS.has(text)) return 'timeout';
  }
  return undefined;
};

/** Causes are followed this far: 3.x wraps an error twice (JetStreamNotEnabled, RequestError, NoResponders). */
const MAX_CAUSES = 4;

const classifyWithCauses = (error: ErrorLike): string | undefined => {
  let at: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && isErrorLike(at); depth += 1) {
    const known = classify(at);
    if (known) return known;
    at = at.cause;
  }
  return undefined;
};

/**
 * One low-cardinality word for an error. The two client generations name the same failures differently (2.x by
 * code: `503`, `TIMEOUT`; 3.x by class), so the common ones are unified.
 */
export const errorType = (error: unknown): string => {
  if (!isErrorLike(error)) return typeof error;
  const known = classifyWithCauses(error);
  if (known) return known;
  if (typeof error.code === 'string' && error.code !== '') return error.code;
  return typeof error.name === 'string' && error.name !== '' ? error.name : 'Error';
};

export const markError = (span: Span, error: unknown): void => {
  const message = isErrorLike(error) && typeof error.message === 'string' ? error.message : String(error);
  span.setAttribute(ATTR.errorType, errorType(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
};

/** As `markError`, with the exception and its stack as an event: for errors of the application's own code. */
export const markException = (span: Span, error: unknown): void => {
  span.recordException(error instanceof Error ? error : String(error));
  markError(span, error);
};
