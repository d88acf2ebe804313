import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { BulkheadFull } from './bulkhead.ts';
import type { RunningService } from './service.ts';
import { settings } from './settings.ts';

/** A neighbour answered with an error status. */
export class UpstreamError extends Error {
  readonly status: number;

  constructor(url: string, status: number, reason: string) {
    super(`${new URL(url).pathname} answered ${status}: ${reason}`);
    this.name = 'UpstreamError';
    this.status = status;
  }
}

export interface JsonRequest {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** Throws `UpstreamError` for an error status, and a `TimeoutError` where no answer came in time. */
export const requestJson = async <Answer>(url: string, request: JsonRequest = {}): Promise<Answer> => {
  const response = await fetch(url, {
    method: request.method ?? 'GET',
    signal: AbortSignal.timeout(request.timeoutMs ?? 5_000),
    ...(request.body === undefined
      ? {}
      : { body: JSON.stringify(request.body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new UpstreamError(url, response.status, reasonIn(await response.text()));
  return (await response.json()) as Answer;
};

/** The shop's services answer `{ "error": string }`; whatever stands between them may answer anything. */
const reasonIn = (body: string): string => {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not JSON.
  }
  return body.slice(0, 200);
};

/** By gRPC's numbers, so that a service that only talks HTTP need not load a gRPC library. */
const STATUS_OF_GRPC: Readonly<Record<number, ContentfulStatusCode>> = {
  4: 504, // DEADLINE_EXCEEDED
  5: 404, // NOT_FOUND
  8: 503, // RESOURCE_EXHAUSTED
  9: 409, // FAILED_PRECONDITION
  14: 503, // UNAVAILABLE
};

/** The one table from what went wrong inside to what the caller is told. */
export const statusOf = (error: Error): ContentfulStatusCode => {
  if (error instanceof BulkheadFull) return 503;
  if (error.name === 'TimeoutError') return 504;
  if (error instanceof UpstreamError) {
    return [404, 409, 503, 504].includes(error.status) ? (error.status as ContentfulStatusCode) : 502;
  }
  if ('code' in error && typeof error.code === 'number') return STATUS_OF_GRPC[error.code] ?? 502;
  return 500;
};

/** A Hono app with the shop's health endpoint and error answers. */
export const createApp = (): Hono => {
  const app = new Hono();
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.onError((error, context) => {
    const status = statusOf(error);
    console.error(`${context.req.method} ${context.req.path} -> ${status}: ${error.message}`);
    return context.json({ error: error.message }, status);
  });
  return app;
};

/** Serves the app on loopback at `PORT`. */
export const serveApp = async (app: Hono): Promise<RunningService> => {
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(settings.number('PORT', 0), '127.0.0.1');
  await once(server, 'listening');
  return {
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
};
