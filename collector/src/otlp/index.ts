import { decodeJsonSpans } from './json.ts';
import { decodeProtobufSpans } from './protobuf.ts';
import type { Encoding } from './responses.ts';
import type { DecodedBatch } from './spans.ts';

/** Reads an `ExportTraceServiceRequest` in either encoding into columns; throws `MalformedError`. */
export const decodeSpans = (encoding: Encoding, body: Uint8Array): DecodedBatch =>
  encoding === 'json' ? decodeJsonSpans(body) : decodeProtobufSpans(body);

export * from './responses.ts';
export type { DecodedBatch } from './spans.ts';
export { MalformedError } from './wire.ts';
