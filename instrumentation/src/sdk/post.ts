import type { Agent } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

export type PostResult =
  | { readonly kind: 'accepted' }
  /** Worth another try; `retryAfter` in milliseconds where the collector named it. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfter?: number }
  | { readonly kind: 'refused'; readonly reason: string };

export interface PostOptions {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly agent: Agent;
  readonly gzip: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Statuses that OTLP/HTTP calls retryable. */
const RETRYABLE = new Set([429, 502, 503, 504]);

const retryAfterOf = (header: string | undefined): number | undefined => {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
};

const classify = (status: number, retryAfter: string | undefined): PostResult => {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const reason = `status ${status}`;
  if (!RETRYABLE.has(status)) return { kind: 'refused', reason };
  const wait = retryAfterOf(retryAfter);
  return { kind: 'unavailable', reason, ...(wait === undefined ? {} : { retryAfter: wait }) };
};

/**
 * Posts one OTLP request. Never rejects. Its socket does not keep the process alive: telling about a service
 * must not make it live longer.
 */
export const post = async (body: Uint8Array, options: PostOptions): Promise<PostResult> => {
  const bytes = options.gzip ? await compress(body) : body;
  const send = options.url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(options.url, {
      method: 'POST',
      agent: options.agent,
      timeout: options.timeout,
      headers: {
        ...options.headers,
        'content-length': bytes.byteLength,
        ...(options.gzip ? { 'content-encoding': 'gzip' } : {}),
      },
    });
    request.once('socket', (socket) => socket.unref());
    request.once('response', (response) => {
      response.resume();
      response.once('close', () =>
        resolve(classify(response.statusCode ?? 0, response.headers['retry-after'])),
      );
    });
    request.once('timeout', () => request.destroy(new Error(`no answer in ${options.timeout} ms`)));
    request.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'unavailable', reason: error.code ?? error.message }),
    );
    request.end(bytes);
  });
};
