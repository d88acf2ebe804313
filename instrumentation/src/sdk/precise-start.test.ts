import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from 'vitest';
import { makePreciseClock, PreciseStart } from './precise-start.ts';

describe('the precise clock', () => {
  it('fills in the fractions of a millisecond and stays inside the one that the wall clock shows', () => {
    let wall = 1_000;
    let steady = 5.25;
    const now = makePreciseClock(
      () => wall,
      () => steady,
    );
    steady = 5.75;
    expect(now()).toBe(1_000.5);
    [wall, steady] = [1_001, 6.5];
    expect(now()).toBe(1_001.25);
  });

  it('follows the wall clock through jumps in both directions', () => {
    let wall = 1_000;
    let steady = 0;
    const now = makePreciseClock(
      () => wall,
      () => steady,
    );
    for (const jump of [60_000, 30_000]) {
      wall = jump;
      steady += 1;
      expect(Math.floor(now())).toBe(jump);
      steady += 0.0005;
      expect(Math.floor(now())).toBe(jump);
    }
  });
});

describe('PreciseStart', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new PreciseStart(), new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('test');

  it('starts spans finer than at whole milliseconds, and never before their parents', () => {
    const starts: number[] = [];
    for (let i = 0; i < 50; i += 1) tracer.startSpan('s').end();
    for (const span of exporter.getFinishedSpans()) {
      const [seconds, nanoseconds] = span.startTime;
      starts.push(seconds * 1e9 + nanoseconds);
      expect(span.duration[0]).toBe(0);
    }
    expect(starts.some((start) => start % 1e6 > 1_000)).toBe(true);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });

  it('leaves a start alone that was given', () => {
    exporter.reset();
    tracer.startSpan('s', { startTime: [1_000, 5_000_000] }).end([1_001, 0]);
    expect(exporter.getFinishedSpans()[0]?.startTime).toEqual([1_000, 5_000_000]);
  });
});
