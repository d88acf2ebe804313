import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { UnknownAlertError } from '../alerts/index.ts';
import type { ApiError } from '../contract/index.ts';
import { QueryError } from '../query/index.ts';
import { StoreFullError, StoreUnavailableError } from '../store/index.ts';

/** The request is wrong in itself; the message says how. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly code: string;
  readonly status: ContentfulStatusCode;

  constructor(code: string, message: string, status: ContentfulStatusCode = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const apiError = (code: string, message: string, hint?: string): ApiError => ({
  error: { code, message, ...(hint ? { hint } : {}) },
});

/** The one table from errors to answers of the API. */
export const answerError = (error: Error, c: Context): Response => {
  if (error instanceof RequestError) return c.json(apiError(error.code, error.message), error.status);
  if (error instanceof QueryError) {
    return c.json(
      apiError(
        'invalid_query',
        error.message,
        'for example: service=orders error=true minDuration=300ms, or { status = error && duration > 300ms }',
      ),
      400,
    );
  }
  // Hono's own refusals, such as a body that is no JSON.
  if (error instanceof HTTPException)
    return c.json(apiError('invalid_request', error.message), error.status as ContentfulStatusCode);
  if (error instanceof UnknownAlertError) return c.json(apiError('not_found', error.message), 404);
  if (error instanceof StoreFullError || error instanceof StoreUnavailableError) {
    return c.json(apiError('store_unavailable', error.message), 503);
  }
  console.error('tailrace: answering a request failed:', error);
  return c.json(apiError('internal', 'the collector failed; its log says more'), 500);
};
