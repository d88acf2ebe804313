import { randomFillSync } from 'node:crypto';

/** A small protobuf writer: enough to make the requests that exporters make. */
const varint = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
};
const bytesField = (field: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
};
const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));
const varintField = (field: number, value: number): Buffer =>
  Buffer.from([...varint(field * 8), ...varint(value)]);
const timeField = (field: number, time: bigint): Buffer => {
  const buffer = Buffer.alloc(9);
  buffer[0] = field * 8 + 1;
  buffer.writeBigUInt64LE(time, 1);
  return buffer;
};
const attribute = (field: number, key: string, value: string | number): Buffer => {
  const any = typeof value === 'string' ? textField(1, value) : varintField(3, value);
  return bytesField(field, textField(1, key), bytesField(2, any));
};

const SERVICES = ['gateway', 'checkout', 'orders', 'inventory', 'payment', 'shipping', 'email', 'billing'];
const ROUTES = [
  '/checkout',
  '/orders/{id}',
  '/quote',
  '/returns',
  '/stock/{sku}',
  '/charges',
  '/parcels',
  '/mail',
];

const random = (length: number): Buffer => randomFillSync(Buffer.alloc(length));
const pick = (from: readonly string[], index: number): string => from[index % from.length] as string;

/** Twelve attributes of mixed cardinality, two of them high: about 470 bytes a span in all. */
const spanAttributes = (index: number): Buffer[] => [
  attribute(9, 'http.request.method', index % 3 ? 'GET' : 'POST'),
  attribute(9, 'http.route', pick(ROUTES, index)),
  attribute(9, 'http.response.status_code', index % 50 ? 200 : 500),
  attribute(9, 'server.address', `${pick(SERVICES, index)}.internal`),
  attribute(9, 'server.port', 8080),
  attribute(9, 'url.scheme', 'http'),
  attribute(9, 'network.protocol.version', '1.1'),
  attribute(9, 'user_agent.original', 'shop-client/4.2'),
  attribute(9, 'client.address', `10.0.${index % 4}.${index % 200}`),
  attribute(9, 'thread.id', index % 32),
  attribute(9, 'enduser.id', random(6).toString('hex')),
  attribute(9, 'request.id', random(12).toString('hex')),
];

/**
 * One export request of whole traces of 5 to 10 spans, each span a CLIENT or SERVER below the one before.
 * `onSpan` gets the random ids of each span.
 */
export const exportRequest = (
  spanCount: number,
  startNanos: bigint,
  onSpan?: (traceId: Buffer, spanId: Buffer) => void,
): Uint8Array => {
  const byService = new Map<string, Buffer[]>();
  for (let made = 0; made < spanCount; ) {
    const size = Math.min(5 + (made % 6), spanCount - made);
    const traceId = random(16);
    let parent: Buffer | undefined;
    for (let depth = 0; depth < size; depth++, made++) {
      const id = random(8);
      onSpan?.(traceId, id);
      const start = startNanos + BigInt(depth * 1_000_000 + made);
      const service = pick(SERVICES, depth);
      const span = bytesField(
        2,
        bytesField(1, traceId),
        bytesField(2, id),
        ...(parent ? [bytesField(4, parent)] : []),
        textField(5, `GET ${pick(ROUTES, depth)}`),
        varintField(6, depth % 2 ? 3 : 2),
        timeField(7, start),
        timeField(8, start + BigInt((size - depth) * 2_000_000)),
        ...spanAttributes(made),
        ...(made % 10 ? [] : [bytesField(11, timeField(1, start), textField(2, 'cache.miss'))]),
      );
      const spans = byService.get(service) ?? [];
      spans.push(span);
      byService.set(service, spans);
      parent = id;
    }
  }
  const requests = [...byService].map(([service, spans]) =>
    bytesField(
      1,
      bytesField(1, attribute(1, 'service.name', service), attribute(1, 'host.name', `${service}-1`)),
      bytesField(2, bytesField(1, textField(1, 'bench'), textField(2, '1.0')), ...spans),
    ),
  );
  return new Uint8Array(Buffer.concat(requests));
};
