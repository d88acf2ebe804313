import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeTraces, type ReceivedSpan } from './decode-traces.ts';

export interface OtlpReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Statuses to answer with first, before 200. */
  readonly refusals: number[];
  waitFor(name: string): Promise<ReceivedSpan>;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** A real OTLP/HTTP receiver that keeps what it gets. */
export const startReceiver = async (): Promise<OtlpReceiver> => {
  const spans: ReceivedSpan[] = [];
  const refusals: number[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const refusal = refusals.shift();
    if (refusal) return response.writeHead(refusal).end();
    if (request.url === '/v1/traces') spans.push(...decodeTraces(body));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const find = (name: string) => spans.find((span) => span.name === name);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    refusals,
    waitFor: async (name) => {
      const deadline = Date.now() + 10_000;
      while (Date.now() < deadline) {
        const span = find(name);
        if (span) return span;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no "${name}" among: ${spans.map((span) => span.name)}`);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
