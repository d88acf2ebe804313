import { performance } from 'node:perf_hooks';
import { analyseTrace } from '../src/analysis/index.ts';
import { buildFlow } from '../src/flow/index.ts';
import type { Span } from '../src/model/index.ts';
import { grpc, http, httpOut, jetStream, nats, span } from '../test/spans.ts';

/** One order: 10 spans in two traces, joined by a queue. `under` is the span that it hangs below. */
const order = (n: number, under: string | undefined): Span[] => {
  const at = n * 3;
  const id = (name: string) => `${name}${n}`;
  const parent = under === undefined ? {} : { parent: under };
  return [
    span({
      id: id('g'),
      ...parent,
      service: 'gateway',
      kind: 'server',
      at,
      for: 100,
      attributes: http('POST', '/orders'),
    }),
    span({
      id: id('go'),
      parent: id('g'),
      service: 'gateway',
      kind: 'client',
      at: at + 1,
      for: 90,
      attributes: grpc('shop.Orders', 'Create'),
    }),
    span({
      id: id('o'),
      parent: id('go'),
      service: 'orders',
      kind: 'server',
      at: at + 2,
      for: 88,
      attributes: grpc('shop.Orders', 'Create'),
    }),
    span({ id: id('v'), parent: id('o'), service: 'orders', at: at + 3, for: 5 }),
    span({
      id: id('op'),
      parent: id('o'),
      service: 'orders',
      kind: 'client',
      at: at + 10,
      for: 40,
      attributes: httpOut('POST', 'payment', '/charges'),
    }),
    span({
      id: id('p'),
      parent: id('op'),
      service: 'payment',
      kind: 'server',
      at: at + 12,
      for: 36,
      attributes: http('POST', '/charges'),
    }),
    span({
      id: id('pd'),
      parent: id('p'),
      service: 'payment',
      kind: 'client',
      at: at + 15,
      for: 10,
      attributes: { 'db.system': 'sqlite', 'db.operation.name': 'INSERT', 'db.collection.name': 'charges' },
    }),
    span({
      id: id('e'),
      parent: id('o'),
      service: 'orders',
      kind: 'producer',
      at: at + 60,
      for: 3,
      attributes: nats('publish', 'orders.created'),
    }),
    span({
      id: id('s'),
      trace: 'u',
      links: [['t', id('e')]],
      service: 'shipping',
      kind: 'consumer',
      at: at + 900,
      for: 30,
      attributes: nats('process', 'orders.created', jetStream({ sequence: n, group: 'shipping' })),
    }),
    span({
      id: id('sd'),
      trace: 'u',
      parent: id('s'),
      service: 'shipping',
      kind: 'client',
      at: at + 905,
      for: 10,
      attributes: { 'db.system': 'sqlite', 'db.operation.name': 'UPDATE', 'db.collection.name': 'orders' },
    }),
  ];
};

/** Orders below one job span. */
const wide = (spans: number): Span[] => [
  span({ id: 'job', service: 'job', at: 0, for: spans }),
  ...Array.from({ length: spans / 10 }, (_, n) => order(n, 'job')).flat(),
];

/** Internal spans, each the child of the former. */
const deep = (spans: number): Span[] =>
  Array.from({ length: spans }, (_, n) =>
    span({ id: `d${n}`, ...(n === 0 ? {} : { parent: `d${n - 1}` }), at: n / 1_000, for: 1_000 - n / 1_000 }),
  );

export interface FlowFigure {
  readonly what: string;
  readonly spans: number;
  /** Median of the runs. */
  readonly milliseconds: number;
}

const median = (work: () => unknown, runs: number): number => {
  const times = Array.from({ length: runs }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  return times[Math.floor(runs / 2)]!;
};

/** How long flows and trace analyses take, after warming up: median of several runs each. */
export const benchFlow = (): FlowFigure[] => {
  const figure = (
    what: string,
    spans: readonly Span[],
    work: (spans: readonly Span[]) => unknown,
  ): FlowFigure => {
    const runs = spans.length > 10_000 ? 5 : 51;
    median(() => work(spans), 3);
    return { what, spans: spans.length, milliseconds: median(() => work(spans), runs) };
  };
  const usual = order(0, undefined);
  return [
    figure('flow, wide', wide(1_000), (spans) => buildFlow(spans)),
    figure('flow, wide', wide(100_000), (spans) => buildFlow(spans)),
    figure('flow, deep', deep(100_000), (spans) => buildFlow(spans)),
    figure('analysis of a usual trace', usual, (spans) => analyseTrace(spans)),
    figure('analysis, wide', wide(1_000), (spans) => analyseTrace(spans)),
    figure('analysis, wide', wide(100_000), (spans) => analyseTrace(spans)),
    figure('analysis, deep', deep(100_000), (spans) => analyseTrace(spans)),
  ];
};
