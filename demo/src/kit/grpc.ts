import { fileURLToPath } from 'node:url';
import {
  type CallOptions,
  type ClientReadableStream,
  credentials,
  type GrpcObject,
  type handleUnaryCall,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { RunningService } from './service.ts';
import { settings } from './settings.ts';

const PROTO_FOLDER = fileURLToPath(new URL('../../proto', import.meta.url));

/** The service `shop.Orders` of `proto/orders.proto`, for clients and servers alike. */
export const loadService = (file: string, fullName: string): ServiceClientConstructor => {
  const definition = loadSync(file, {
    includeDirs: [PROTO_FOLDER],
    longs: Number,
    enums: String,
    defaults: true,
  });
  const found = fullName
    .split('.')
    .reduce<GrpcObject[string] | undefined>(
      (scope, part) => (scope as GrpcObject | undefined)?.[part],
      loadPackageDefinition(definition),
    );
  if (!found) throw new Error(`${file} has no service ${fullName}`);
  return found as ServiceClientConstructor;
};

/** A refusal that the caller should see as this gRPC status. */
export class GrpcFailure extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.name = 'GrpcFailure';
    this.code = code;
  }
}

type UnaryMethod<Request, Answer> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, answer?: Answer) => void,
) => void;

type StreamMethod<Request, Answer> = (
  request: Request,
  metadata: Metadata,
  options: CallOptions,
) => ClientReadableStream<Answer>;

/** A connection to one gRPC service; every call has a deadline. */
export class GrpcClient {
  readonly #client: InstanceType<ServiceClientConstructor>;

  constructor(service: ServiceClientConstructor, address: string) {
    this.#client = new service(address, credentials.createInsecure());
  }

  /** Rejects with grpc-js' `ServiceError`, which carries the status as `code`. */
  call<Request, Answer>(method: string, request: Request, timeoutMs = 5_000): Promise<Answer> {
    const unary = this.#method(method) as UnaryMethod<Request, Answer>;
    return new Promise((resolve, reject) => {
      unary(request, new Metadata(), { deadline: Date.now() + timeoutMs }, (error, answer) =>
        error ? reject(error) : resolve(answer as Answer),
      );
    });
  }

  stream<Request, Answer>(method: string, request: Request, timeoutMs = 5_000): AsyncIterable<Answer> {
    const open = this.#method(method) as StreamMethod<Request, Answer>;
    return open(request, new Metadata(), { deadline: Date.now() + timeoutMs });
  }

  close(): void {
    this.#client.close();
  }

  #method(name: string): unknown {
    const method = this.#client[name];
    if (!method) throw new Error(`no gRPC method ${name}`);
    return method.bind(this.#client);
  }
}

/** Turns an async function into a unary handler. */
export const unary =
  <Request, Answer>(answer: (request: Request) => Promise<Answer>): handleUnaryCall<Request, Answer> =>
  (call, callback) => {
    answer(call.request).then(
      (value) => callback(null, value),
      (error: unknown) => callback(asStatus(error)),
    );
  };

/** What a handler's error looks like on the wire. */
export const asStatus = (error: unknown): { code: status; details: string } => {
  const details = error instanceof Error ? error.message : String(error);
  console.error(details);
  return { code: error instanceof GrpcFailure ? error.code : status.INTERNAL, details };
};

/** Serves on loopback at `PORT`, with the standard health service beside it. */
export const serveGrpc = async (
  service: ServiceClientConstructor,
  handlers: UntypedServiceImplementation,
): Promise<RunningService> => {
  const server = new Server();
  server.addService(service.service, handlers);
  server.addService(loadService('health.proto', 'grpc.health.v1.Health').service, {
    Check: unary(async () => ({ status: 'SERVING' })),
  });
  const address = `127.0.0.1:${settings.number('PORT', 0)}`;
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        server.tryShutdown((error) => (error ? reject(error) : resolve()));
      }),
  };
};
