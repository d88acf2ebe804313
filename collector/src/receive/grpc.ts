import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { EngineClient } from '../engine/index.ts';
import { formatAddress, type ListenAddress, type Listener, listenError } from '../net/listener.ts';
import { encodeExportResponse } from '../otlp/index.ts';
import { admit } from './admission.ts';
import { failureOf, MAX_BODY_BYTES } from './failure.ts';

/** Messages stay bytes here: decoding is the engine's work, in its own thread. */
const TRACE_SERVICE = {
  export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
} as const;

/** Calls in flight get this long at shutdown. */
const DRAIN_MS = 5_000;

/** OTLP over gRPC: TraceService/Export. Other signals are UNIMPLEMENTED. */
export const listenGrpc = async (engine: EngineClient, address: ListenAddress): Promise<Listener> => {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_BODY_BYTES,
    // grpc-js would let two processes share a port, and each would get half of the spans.
    'grpc.so_reuseport': 0,
  });
  server.addService(TRACE_SERVICE, {
    export: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => {
      receive(engine, call.request).then(
        (body) => reply(null, body),
        (error: unknown) => reply(grpcError(error)),
      );
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      formatAddress(address.host, address.port),
      ServerCredentials.createInsecure(),
      (cause, bound) => (cause ? reject(listenError('otlp-grpc', address, withCode(cause))) : resolve(bound)),
    );
  });
  return { address: formatAddress(address.host, port), close: () => closeGrpc(server) };
};

const receive = async (engine: EngineClient, body: Buffer): Promise<Buffer> => {
  const result = await admit(engine, { transport: 'grpc', encoding: 'protobuf', body });
  return Buffer.from(encodeExportResponse('protobuf', result.rejected, result.reason));
};

const grpcError = (error: unknown) => {
  const failure = failureOf(error);
  const metadata = new Metadata();
  // gRPC's own way to say when to try again.
  if (failure.retryAfter) metadata.set('grpc-retry-pushback-ms', String(failure.retryAfter * 1_000));
  if (failure.httpStatus === 500) console.error('tailrace: receiving a call failed:', error);
  return { code: failure.rpcCode, details: failure.message, metadata };
};

/** grpc-js puts the system's error code only into the text. */
const withCode = (cause: Error): NodeJS.ErrnoException => {
  const code = /\b(EADDRINUSE|EACCES|EADDRNOTAVAIL|ENOTFOUND)\b/.exec(cause.message)?.[1];
  return code ? Object.assign(cause, { code }) : cause;
};

const closeGrpc = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
