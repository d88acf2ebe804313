import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import * as contract from '../src/contract/index.ts';
import { type CollectorProcess, startCollectorProcess } from './collector-process.ts';
import { otlpJson, postJson } from './otlp-json.ts';
import { shopFlow } from './shop-flow.ts';
import { EPOCH, span, traceIdOf } from './spans.ts';

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await startCollectorProcess({ args: ['--settle', '200ms'] });
  const flows = Array.from({ length: 5 }, (_, i) => shopFlow(`flow ${i}`, i * 100)).flat();
  expect((await postJson(collector.otlpHttp, otlpJson(flows))).status).toBe(200);
  await vi.waitFor(
    async () => expect((await get('/status', contract.Status)).head).toMatchObject({ traces: 10, open: 0 }),
    {
      timeout: 10_000,
      interval: 100,
    },
  );
});
afterAll(() => collector.stop());

const RANGE = `start=${EPOCH - 60_000_000_000n}&end=${EPOCH + 60_000_000_000n}`;

const get = async <T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> => {
  const response = await fetch(`${collector.ui}/api/v1${path}`);
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return schema.parse(body);
};

const failing = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${collector.ui}/api/v1${path}`, init);
  const { error } = contract.ApiError.parse(await response.json());
  return { status: response.status, ...error };
};

describe('the API', () => {
  it('lists traces by its contract', async () => {
    const { traces } = await get(`/traces?${RANGE}&q=service%3Dgateway`, contract.Traces);
    expect(traces).toHaveLength(5);
    expect(traces[0]).toMatchObject({
      rootService: 'gateway',
      rootName: 'POST /checkout',
      spanCount: 4,
      errorCount: 0,
    });
  });

  it('finds traces by TraceQL over their spans', async () => {
    const query = (text: string) => get(`/traces?${RANGE}&q=${encodeURIComponent(text)}`, contract.Traces);
    expect((await query('{ resource.service.name = "gateway" } >> { kind = producer }')).traces).toHaveLength(
      5,
    );
    expect((await query('{ span.messaging.destination.name = "nothing" }')).traces).toEqual([]);
  });

  it('pages by cursor', async () => {
    const first = await get(`/traces?${RANGE}&limit=6`, contract.Traces);
    const second = await get(`/traces?${RANGE}&limit=6&cursor=${first.cursor}`, contract.Traces);
    const ids = [...first.traces, ...second.traces].map((trace) => trace.traceId);
    expect(new Set(ids).size).toBe(10);
    expect(second.cursor).toBeUndefined();
  });

  it('gives a trace, whatever the case of its id', async () => {
    const trace = await get(`/traces/${traceIdOf('flow 0-entry').toUpperCase()}`, contract.Trace);
    expect(trace.spans.map((one) => one.service)).toEqual(['gateway', 'gateway', 'orders', 'orders']);
  });

  it('gives a flow across traces and queues', async () => {
    const flow = await get(`/flows/${traceIdOf('flow 0-entry')}`, contract.Flow);
    expect(flow.traceIds).toHaveLength(2);
    expect(flow.responseDuration).toBe(50e6);
    expect(flow.completionDuration).toBe(1_057e6);
    expect(flow.sentence).toMatch(/50 ms/);
    expect(flow.deliveries[0]).toMatchObject({ destination: 'orders.created', timeInQueue: 1_000e6 });
  });

  it('gives map, chains, queues, findings and series by their contracts', async () => {
    const map = await get(`/map?${RANGE}`, contract.ServiceMap);
    expect(map.nodes.map((node) => node.id)).toEqual(
      expect.arrayContaining([
        'service:gateway',
        'service:orders',
        'service:shipping',
        'queue:nats/orders.created',
      ]),
    );
    expect(map.edges).toContainEqual(
      expect.objectContaining({
        from: 'service:gateway',
        to: 'service:orders',
        protocol: 'http',
        mode: 'sync',
        count: 5,
      }),
    );
    const { chains } = await get(`/chains?${RANGE}`, contract.Chains);
    expect(chains[0]).toMatchObject({
      entry: { service: 'gateway', operation: 'POST /checkout' },
      depth: 1,
      count: 5,
    });
    const { queues } = await get(`/queues?${RANGE}`, contract.Queues);
    expect(queues[0]).toMatchObject({ destination: 'orders.created', consumerGroup: 'shipping' });
    await get(`/findings?${RANGE}`, contract.Findings);
    const series = await get(`/series?metric=queue.lag&${RANGE}`, contract.Series);
    expect(series.series[0]?.labels).toMatchObject({
      destination: 'orders.created',
      consumerGroup: 'shipping',
    });
    expect(series.series[0]?.values).toHaveLength(series.times.length);
  });

  it('describes itself', async () => {
    const response = await fetch(`${collector.ui}/api/v1/openapi.json`);
    const { paths } = (await response.json()) as { paths: Record<string, unknown> };
    const expected = [
      'status',
      'traces',
      'traces/{traceId}',
      'flows/{traceId}',
      'map',
      'chains',
      'queues',
      'findings',
      'series',
      'alerts',
      'rules',
      'silences',
    ];
    expect(Object.keys(paths).sort()).toEqual(expected.map((path) => `/api/v1/${path}`).sort());
  });

  it.each([
    ['/traces/abc', 400, 'invalid_request', /32 hexadecimal digits/],
    [`/traces/${'0'.repeat(32)}`, 400, 'invalid_request', /not all zero/],
    [`/traces/${'1'.repeat(32)}`, 404, 'not_found', /may not have arrived yet/],
    [`/flows/${'1'.repeat(32)}`, 404, 'not_found', /no trace 1111/],
    ['/traces?q=service', 400, 'invalid_query', /character 1/],
    ['/traces?q=%7B%20span.a%20%3D%20', 400, 'invalid_query', /character/],
    ['/traces?limit=0', 400, 'invalid_request', /limit/],
    ['/traces?cursor=x', 400, 'invalid_cursor', /cursor/],
    ['/traces?start=yesterday', 400, 'invalid_request', /start: a time is Unix nanoseconds/],
    ['/map?start=2&end=1', 400, 'invalid_range', /start 2 lies after end 1/],
    ['/series?metric=nothing', 400, 'unknown_metric', /queue\.lag/],
    ['/series?metric=queue.lag&by=colour', 400, 'unknown_label', /destination/],
    ['/series?metric=queue.lag&step=15', 400, 'invalid_request', /multiple of 10/],
    ['/series?metric=queue.lag&step=10&start=0', 400, 'invalid_request', /5000 points/],
    ['/nothing', 404, 'not_found', /no route/],
  ])('answers %s with %i and what is wrong', async (path, status, code, message) => {
    expect(await failing(path)).toMatchObject({ status, code, message: expect.stringMatching(message) });
  });

  it('refuses to silence what does not exist, or with a wrong body', async () => {
    const post = (body: string) =>
      failing('/silences', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await post('{"rule":"none","minutes":5}')).toMatchObject({ status: 404 });
    expect(await post('{"rule":"none"}')).toMatchObject({
      status: 400,
      message: expect.stringMatching(/minutes/),
    });
    expect(
      (
        await fetch(`${collector.ui}/api/v1/silences`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{',
        })
      ).status,
    ).toBe(400);
  });

  it('streams new traces as they come', async () => {
    const aborter = new AbortController();
    const response = await fetch(`${collector.ui}/api/v1/live`, { signal: aborter.signal });
    expect(response.headers.get('content-type')).toMatch(/text\/event-stream/);
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    let text = (await reader.read()).value ?? '';
    expect(text).toMatch(/event: pulse\ndata: \{"spansPerSecond"/);
    await postJson(collector.otlpHttp, otlpJson([span({ id: 'live', trace: 'live', kind: 'server' })]));
    while (!/event: traces/.test(text)) text += (await reader.read()).value ?? '';
    while (!/event: traces\ndata: .*\n\n/.test(text)) text += (await reader.read()).value ?? '';
    const data = /event: traces\ndata: (.*)\n/.exec(text)?.[1] ?? '';
    const { traces } = contract.LiveEvents.traces.parse(JSON.parse(data));
    expect(traces[0]?.traceId).toBe(traceIdOf('live'));
    aborter.abort();
  });

  it('serves the explorer with a policy that allows only its own scripts', async () => {
    for (const path of ['/', '/flow/abc', '/..%2f..%2fpackage.json']) {
      const response = await fetch(`${collector.ui}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/text\/html/);
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    }
  });

  it('shows its own health in the format of Prometheus', async () => {
    const text = await (await fetch(`${collector.ui}/metrics`)).text();
    expect(text).toMatch(/^tailrace_ingest_spans_total\{transport="http"\} \d+$/m);
  });
});
