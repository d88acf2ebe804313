/** What tests look at in an exported span. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly resource: Readonly<Record<string, string>>;
}

type Field = { readonly number: number; readonly value: bigint | Buffer };

const varint = (bytes: Buffer, at: number): [value: bigint, next: number] => {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at] as number;
    at += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
};

/** The fields of one protobuf message, by the wire format. */
function* fields(bytes: Buffer): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const [key, afterKey] = varint(bytes, at);
    const number = Number(key >> 3n);
    const wireType = Number(key & 7n);
    if (wireType === 0) {
      const [value, next] = varint(bytes, afterKey);
      yield { number, value };
      at = next;
    } else if (wireType === 1) {
      yield { number, value: bytes.readBigUInt64LE(afterKey) };
      at = afterKey + 8;
    } else if (wireType === 2) {
      const [length, start] = varint(bytes, afterKey);
      yield { number, value: bytes.subarray(start, start + Number(length)) };
      at = start + Number(length);
    } else {
      yield { number, value: bytes.subarray(afterKey, afterKey + 4) };
      at = afterKey + 4;
    }
  }
}

const messages = (bytes: Buffer, number: number): Buffer[] =>
  [...fields(bytes)].filter((field) => field.number === number).map((field) => field.value as Buffer);

const stringValue = (anyValue: Buffer | undefined): string => {
  for (const { value } of fields(anyValue ?? Buffer.alloc(0))) return String(value);
  return '';
};

const attributes = (resource: Buffer | undefined): Record<string, string> =>
  Object.fromEntries(
    (resource ? messages(resource, 1) : []).map((pair) => [
      String(messages(pair, 1)[0]),
      stringValue(messages(pair, 2)[0]),
    ]),
  );

const decodeSpan = (bytes: Buffer, resource: Record<string, string>): ReceivedSpan => {
  const found = new Map([...fields(bytes)].map(({ number, value }) => [number, value]));
  const hex = (number: number) =>
    ((found.get(number) as Buffer | undefined) ?? Buffer.alloc(0)).toString('hex');
  return {
    traceId: hex(1),
    spanId: hex(2),
    parentSpanId: hex(4),
    name: String(found.get(5)),
    kind: Number(found.get(6) ?? 0),
    startTimeUnixNano: found.get(7) as bigint,
    resource,
  };
};

/** Reads an ExportTraceServiceRequest, by the field numbers of OTLP's trace.proto. */
export const decodeTraces = (request: Buffer): ReceivedSpan[] =>
  messages(request, 1).flatMap((resourceSpans) => {
    const resource = attributes(messages(resourceSpans, 1)[0]);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => decodeSpan(span, resource)),
    );
  });
