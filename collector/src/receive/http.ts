import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { EngineClient } from '../engine/index.ts';
import { type ListenAddress, type Listener, listenOn } from '../net/listener.ts';
import { type Encoding, encodeExportResponse, encodeStatus, RPC_CODE } from '../otlp/index.ts';
import { admit } from './admission.ts';
import { failureOf, RefusedError } from './failure.ts';
import { readBody } from './read-body.ts';

const CONTENT_TYPE: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** A sender that says nothing for this long has gone: honest ones send a request in one go. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Exporters keep connections between batches that are seconds apart. */
const KEEP_ALIVE_MS = 60_000;

/** OTLP over HTTP on `POST /v1/traces`. Plain `node:http`, since this is the hottest path of the process. */
export const listenHttp = (engine: EngineClient, address: ListenAddress): Promise<Listener> => {
  const server: Server = createServer({
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.on('request', (request, response) => {
    receive(engine, request)
      .then((answer) => send(response, answer))
      .catch((error: unknown) => {
        const failure = failureOf(error);
        if (failure.httpStatus === 500) console.error('tailrace: receiving a request failed:', error);
        // What is left of a refused body is not read: the connection ends with the answer.
        send(response, failed(request, error), !request.complete);
      });
  });
  return listenOn(server, address, 'otlp-http');
};

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const receive = async (engine: EngineClient, request: IncomingMessage): Promise<Answer> => {
  const encoding = checkRequest(request);
  const body = await readBody(request);
  const result = await admit(engine, { transport: 'http', encoding, body });
  return {
    status: 200,
    headers: { 'content-type': CONTENT_TYPE[encoding] },
    body: encodeExportResponse(encoding, result.rejected, result.reason),
  };
};

/** Throws `RefusedError` for what is no export of traces; returns the encoding of one that is. */
const checkRequest = (request: IncomingMessage): Encoding => {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/v1/traces') {
    throw new RefusedError({
      httpStatus: 404,
      rpcCode: RPC_CODE.notFound,
      message: `${path} is not served: traces go to POST /v1/traces`,
    });
  }
  if (request.method !== 'POST') {
    throw new RefusedError({
      httpStatus: 405,
      rpcCode: RPC_CODE.unimplemented,
      message: `${request.method} is not allowed: traces go to POST /v1/traces`,
    });
  }
  const encoding = encodingOf(request);
  if (encoding) return encoding;
  throw new RefusedError({
    httpStatus: 415,
    rpcCode: RPC_CODE.invalidArgument,
    message: `Content-Type "${request.headers['content-type'] ?? ''}" is not supported: send application/x-protobuf or application/json`,
  });
};

const encodingOf = (request: IncomingMessage): Encoding | undefined => {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === CONTENT_TYPE.protobuf) return 'protobuf';
  if (type === CONTENT_TYPE.json) return 'json';
  return undefined;
};

const failed = (request: IncomingMessage, error: unknown): Answer => {
  const { httpStatus, rpcCode, message, retryAfter } = failureOf(error);
  // In the request's encoding; JSON, which people can read, where that is unknown.
  const encoding = encodingOf(request) ?? 'json';
  return {
    status: httpStatus,
    headers: {
      'content-type': CONTENT_TYPE[encoding],
      ...(retryAfter ? { 'retry-after': String(retryAfter) } : {}),
      ...(httpStatus === 405 ? { allow: 'POST' } : {}),
    },
    body: encodeStatus(encoding, rpcCode, message),
  };
};

const send = (response: ServerResponse, answer: Answer, close = false): void => {
  if (close) response.once('finish', () => response.socket?.destroySoon());
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': answer.body.length,
    ...(close ? { connection: 'close' } : {}),
  });
  response.end(answer.body);
};
