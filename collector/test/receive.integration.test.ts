import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { otlpJson, postJson } from './otlp-json.ts';
import { span, traceIdOf } from './spans.ts';

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await startCollectorProcess();
});
afterAll(() => collector.stop());

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
}

const post = async (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  path = '/v1/traces',
  method = 'POST',
): Promise<Answer> => {
  const response = await fetch(`${collector.otlpHttp}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body } : {}),
  });
  const type = response.headers.get('content-type');
  return { status: response.status, type, headers: response.headers, text: await response.text() };
};

const spanCount = async (trace: string): Promise<number> => {
  const response = await fetch(`${collector.ui}/api/v1/traces/${traceIdOf(trace)}`);
  return response.status === 404 ? 0 : ((await response.json()) as { spans: unknown[] }).spans.length;
};

const bodyOf = (trace: string): string =>
  otlpJson([span({ id: 'a', trace }), span({ id: 'b', trace, parent: 'a' })]);

describe('OTLP over HTTP', () => {
  it('shows a span as soon as it was acknowledged', async () => {
    expect(await post(bodyOf('plain'))).toMatchObject({ status: 200, type: 'application/json', text: '{}' });
    expect(await spanCount('plain')).toBe(2);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('takes %s', async (encoding, compress) => {
    const body = new Uint8Array(compress(bodyOf(encoding)));
    expect(await post(body, { 'content-encoding': encoding })).toMatchObject({ status: 200 });
    expect(await spanCount(encoding)).toBe(2);
  });

  it('takes concatenated gzip members and any casing of the type', async () => {
    const text = bodyOf('members');
    const body = new Uint8Array(Buffer.concat([gzipSync(text.slice(0, 100)), gzipSync(text.slice(100))]));
    const headers = { 'content-encoding': 'GZIP', 'content-type': 'Application/JSON; charset=utf-8' };
    expect(await post(body, headers)).toMatchObject({ status: 200 });
    expect(await spanCount('members')).toBe(2);
  });

  it('takes an empty request in both encodings', async () => {
    expect(await post('{}')).toMatchObject({ status: 200, text: '{}' });
    const protobuf = await post('', { 'content-type': 'application/x-protobuf' });
    expect(protobuf).toMatchObject({ status: 200, type: 'application/x-protobuf', text: '' });
  });

  it('keeps the good spans of a request and counts the bad ones', async () => {
    const body = bodyOf('partly').replace(/"spanId":"[0-9a-f]{16}"/, '"spanId":"00"');
    const answer = await post(body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'span_id must be 8 bytes, not all zero' },
    });
    expect(await spanCount('partly')).toBe(1);
  });

  it.each([
    ['JSON that is cut off', '{"resourceSpans":[', {}, 400, 3],
    ['protobuf that is none', 'no protobuf', { 'content-type': 'application/x-protobuf' }, 400, 3],
    ['gzip that is none', 'no gzip', { 'content-encoding': 'gzip' }, 400, 3],
    ['another type', 'a=b', { 'content-type': 'text/plain' }, 415, 3],
    ['another encoding', 'x', { 'content-encoding': 'br' }, 415, 3],
  ])('answers %s with a status and its reason', async (_what, body, headers, httpStatus, code) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(httpStatus);
    if (answer.type === 'application/json') {
      expect(JSON.parse(answer.text)).toMatchObject({ code, message: expect.stringMatching(/\w+/) });
    } else expect(answer.text.charCodeAt(0)).toBe(0x08);
  });

  it('names the right way on a wrong path or method', async () => {
    const wrongPath = await post('{}', {}, '/v1/nothing');
    expect(wrongPath).toMatchObject({ status: 404, text: expect.stringContaining('POST /v1/traces') });
    const wrongMethod = await post('', {}, '/v1/traces', 'GET');
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers.get('allow')).toBe('POST');
  });

  it('refuses what inflates beyond the limit without inflating it whole', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(200 * 1024 * 1024)));
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const stream = new ReadableStream({
      start: (controller) => {
        for (let i = 0; i < 70; i++) controller.enqueue(chunk);
        controller.close();
      },
    });
    const response = await fetch(`${collector.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    } as RequestInit).catch((error: Error) => error);
    // The answer may be lost where the sender is still writing when the connection ends.
    if (response instanceof Response) expect(response.status).toBe(413);
    expect((await post(bodyOf('after bomb'))).status).toBe(200);
  });

  it('goes on after a sender that hangs up in the middle', async () => {
    const { hostname, port } = new URL(collector.otlpHttp);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"res',
        );
        setTimeout(() => socket.destroy(), 50);
      });
      socket.once('close', () => resolve());
    });
    expect((await post(bodyOf('after hang-up'))).status).toBe(200);
  });

  it('shows a retried request once', async () => {
    const body = bodyOf('retried');
    await Promise.all([postJson(collector.otlpHttp, body), postJson(collector.otlpHttp, body)]);
    expect(await spanCount('retried')).toBe(2);
  });
});

describe('OTLP over gRPC', () => {
  const call = (path: string, body: Buffer, compress = false): Promise<Buffer> => {
    const client = new Client(collector.otlpGrpc, credentials.createInsecure(), {
      'grpc.max_send_message_length': -1,
      ...(compress ? { 'grpc.default_compression_algorithm': 2 } : {}),
    });
    return new Promise<Buffer>((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        body,
        new Metadata(),
        (error, answer) => (error ? reject(error) : resolve(answer as Buffer)),
      );
    }).finally(() => client.close());
  };
  const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const bytes = (trace: string): Buffer => protobufOf(trace);

  it.each([false, true])('takes spans (gzip: %s)', async (compress) => {
    const trace = `grpc ${compress}`;
    expect(await call(EXPORT, bytes(trace), compress)).toHaveLength(0);
    expect(await spanCount(trace)).toBe(1);
  });

  it('answers many calls at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => call(EXPORT, bytes(`many ${i}`))));
    expect(await spanCount('many 19')).toBe(1);
  });

  it('says what is wrong by its codes', async () => {
    const code = (promise: Promise<Buffer>) =>
      promise.then(
        () => 0,
        (error: ServiceError) => error.code,
      );
    expect(await code(call(EXPORT, Buffer.from('no protobuf')))).toBe(status.INVALID_ARGUMENT);
    expect(
      await code(call(EXPORT.replace('trace', 'metrics').replace('Trace', 'Metrics'), Buffer.alloc(0))),
    ).toBe(status.UNIMPLEMENTED);
    expect(await code(call(EXPORT, Buffer.alloc(65 * 1024 * 1024)))).toBe(status.RESOURCE_EXHAUSTED);
  });
});

/** One span in protobuf, by hand: trace id, span id and name. */
const protobufOf = (trace: string): Buffer => {
  const field = (number: number, ...content: Uint8Array[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body]);
  };
  const ids = [
    field(1, Buffer.from(traceIdOf(trace), 'hex')),
    field(2, Buffer.from('00f067aa0ba902b7', 'hex')),
  ];
  return field(1, field(2, field(2, ...ids, field(5, Buffer.from('by hand')))));
};
