import { decodeJsonSpans } from './json.ts';
import { decodeProtobufSpans } from './protobuf.ts';
import type { Encoding } from './responses.ts';
import type { DecodedSpans } from './spans.ts';

/** Reads an `ExportTraceServiceRequest` in either encoding; throws `MalformedError`. */
export const decodeSpans = (encoding: Encoding, body: Uint8Array): DecodedSpans =>
  encoding === 'json' ? decodeJsonSpans(body) : decodeProtobufSpans(body);

export * from './responses.ts';
export type { DecodedSpans } from './spans.ts';
export { MalformedError } from './wire.ts';
