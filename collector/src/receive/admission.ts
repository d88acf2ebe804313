import type { EngineClient, IngestRequest, IngestResult } from '../engine/index.ts';
import { overloaded } from './failure.ts';

/** Bytes that may wait between network and storage: two of the largest requests. */
const MAX_PENDING_BYTES = 128 * 1024 * 1024;

/** Hands a request to the engine unless too much waits there already; rejects like `Engine.ingest`. */
export const admit = (engine: EngineClient, request: IngestRequest): Promise<IngestResult> => {
  if (engine.pendingBytes + request.body.length > MAX_PENDING_BYTES) return Promise.reject(overloaded());
  return engine.ingest(request);
};
