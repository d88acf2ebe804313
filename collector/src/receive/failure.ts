import { MalformedError, RPC_CODE, type RpcCode } from '../otlp/index.ts';
import { StoreFullError, StoreUnavailableError } from '../store/index.ts';

/** How a failed request is answered: the one table from errors to statuses of both transports. */
export interface Failure {
  readonly httpStatus: number;
  readonly rpcCode: RpcCode;
  readonly message: string;
  /** Seconds after which the sender should try again; only for what passes by itself. */
  readonly retryAfter?: number;
}

/** A request that was refused before anything of it was read. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const RETRY_SECONDS = 1;

export const failureOf = (error: unknown): Failure => {
  if (error instanceof RefusedError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MalformedError) return { httpStatus: 400, rpcCode: RPC_CODE.invalidArgument, message };
  if (error instanceof StoreFullError || error instanceof StoreUnavailableError) {
    return { httpStatus: 503, rpcCode: RPC_CODE.unavailable, message, retryAfter: RETRY_SECONDS };
  }
  return { httpStatus: 500, rpcCode: RPC_CODE.internal, message: 'the collector failed; its log says more' };
};

export const overloaded = (): RefusedError =>
  new RefusedError({
    httpStatus: 503,
    rpcCode: RPC_CODE.unavailable,
    message: 'more requests wait to be stored than fit in memory: send again later',
    retryAfter: RETRY_SECONDS,
  });

/** 64 MiB: exporters send a few at most, and a batch of this size still decodes well within a second. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

export const tooLarge = (): RefusedError =>
  new RefusedError({
    httpStatus: 413,
    rpcCode: RPC_CODE.resourceExhausted,
    message: `the request is larger than ${MAX_BODY_BYTES} bytes after decompression: send smaller batches`,
  });
