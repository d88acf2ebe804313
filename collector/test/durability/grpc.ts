import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const asIs = (bytes: Buffer): Buffer => bytes;

/** Status code of an export over gRPC: 0 is OK. */
export const exportOverGrpc = (otlpGrpc: string, body: Uint8Array): Promise<number> => {
  const client = new Client(otlpGrpc, credentials.createInsecure());
  return new Promise<number>((resolve) => {
    const done = (error: ServiceError | null): void => resolve(error?.code ?? 0);
    client.makeUnaryRequest(EXPORT, asIs, asIs, Buffer.from(body), new Metadata(), done);
  }).finally(() => client.close());
};
