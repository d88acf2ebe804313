import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { isStatusMessage, runHandler } from './handler.ts';
import type { Host } from './host.ts';
import { beginProcessing } from './subscribe.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const host: Host = { tracer: () => provider.getTracer('test'), enabled: () => true, config: () => ({}) };
const message = () => ({ subject: 'a', data: new Uint8Array(1) });
const begin = () => beginProcessing({ host, protocol: undefined }, message());

beforeEach(() => exporter.reset());

describe('runHandler', () => {
  it('throws on the very error of the handler, after ending the span', () => {
    const failure = new Error('of the handler');
    const run = () =>
      runHandler(begin, () => {
        throw failure;
      });
    expect(run).toThrow(failure);
    expect(exporter.getFinishedSpans().map((span) => span.status.message)).toEqual(['of the handler']);
  });

  it('runs the handler although the bookkeeping fails', () => {
    const broken = () => {
      throw new Error('of ours');
    };
    expect(runHandler(broken, () => 'done')).toBe('done');
  });

  it('survives a message that throws at every touch', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('hostile');
        },
      },
    );
    const started = () => beginProcessing({ host, protocol: undefined }, hostile as never);
    expect(runHandler(started, () => 'done')).toBe('done');
  });

  it('returns what the handler returned, and follows a promise', async () => {
    expect(runHandler(begin, () => 7)).toBe(7);
    await expect(runHandler(begin, () => Promise.resolve(8))).resolves.toBe(8);
    await expect(runHandler(begin, () => Promise.reject('no'))).rejects.toBe('no');
    expect(exporter.getFinishedSpans().length).toBe(3);
  });
});

it('tells the messages of the server from those of applications', () => {
  const headers = { keys: () => [], values: () => [], code: 503 };
  expect(isStatusMessage({ ...message(), data: new Uint8Array(0), headers })).toBe(true);
  expect(isStatusMessage({ ...message(), headers })).toBe(false);
  expect(isStatusMessage({ ...message(), data: new Uint8Array(0) })).toBe(false);
});
