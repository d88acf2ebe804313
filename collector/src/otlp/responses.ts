/** Codes of `google.rpc.Code` that a receiver answers with. */
export const RPC_CODE = {
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;
export type RpcCode = (typeof RPC_CODE)[keyof typeof RPC_CODE];

export type Encoding = 'protobuf' | 'json';

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
};

const varintField = (field: number, value: number): Uint8Array =>
  value === 0 ? new Uint8Array() : Uint8Array.from([(field << 3) | 0, ...varint(value)]);

const lengthField = (field: number, bytes: Uint8Array): Uint8Array =>
  bytes.length === 0
    ? bytes
    : Buffer.concat([Uint8Array.from([(field << 3) | 2, ...varint(bytes.length)]), bytes]);

const utf8 = new TextEncoder();

/** Body of `google.rpc.Status`, which every 4xx and 5xx of OTLP/HTTP carries. */
export const encodeStatus = (encoding: Encoding, code: RpcCode, message: string): Uint8Array =>
  encoding === 'json'
    ? utf8.encode(JSON.stringify({ code, message }))
    : Buffer.concat([varintField(1, code), lengthField(2, utf8.encode(message))]);

/** Body of `ExportTraceServiceResponse`: empty where everything was taken. */
export const encodeExportResponse = (
  encoding: Encoding,
  rejectedSpans: number,
  errorMessage: string,
): Uint8Array => {
  const isFull = rejectedSpans === 0 && errorMessage === '';
  if (encoding === 'json') {
    const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage };
    return utf8.encode(JSON.stringify(isFull ? {} : { partialSuccess }));
  }
  if (isFull) return new Uint8Array();
  const partial = Buffer.concat([varintField(1, rejectedSpans), lengthField(2, utf8.encode(errorMessage))]);
  return lengthField(1, partial);
};
