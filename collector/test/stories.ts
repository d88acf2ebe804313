import type { Span } from '../src/model/index.ts';
import { grpc, http, httpOut, jetStream, nats, span } from './spans.ts';

/** One service's part in a request: what it calls, in order, and how long it works by itself. All times ms. */
export interface Work {
  readonly service: string;
  /** `POST /orders` is HTTP; `shop.Orders/Create` is gRPC; `SELECT quotes` with `database` a query. */
  readonly operation: string;
  readonly database?: boolean;
  readonly own?: number;
  readonly error?: boolean;
  readonly calls?: readonly Work[];
}

const attributesOf = ({ operation, service, database, error }: Work, client: boolean) => {
  if (database) {
    const [verb, table] = operation.split(' ');
    return { 'db.system': service, 'db.operation.name': verb!, 'db.collection.name': table! };
  }
  if (operation.startsWith('/') || operation.includes(' ')) {
    const [method, route] = operation.split(' ');
    const status = { 'http.response.status_code': error ? 500n : 200n };
    return client ? httpOut(method!, service, route, status) : http(method!, route!, status);
  }
  const [name, method] = operation.split('/');
  return grpc(name!, method!, error ? 14 : 0);
};

const durationOf = (work: Work): number =>
  (work.own ?? 4) +
  (work.calls ?? []).reduce((sum, call) => sum + durationOf(call) + (call.database ? 0 : 2), 0);

/**
 * The spans of one request: half of each service's own time comes before its calls, half after them.
 *
 *   |work  |call >|server ...|  |call >|server ...|  work|
 */
export const request = (trace: string, at: number, entry: Work): Span[] => {
  const spans: Span[] = [];
  const serve = (work: Work, id: string, parent: string | undefined, from: number): void => {
    spans.push(
      span({
        trace,
        id,
        ...(parent === undefined ? {} : { parent }),
        service: work.service,
        kind: 'server',
        at: from,
        for: durationOf(work),
        error: work.error ?? false,
        attributes: attributesOf(work, false),
      }),
    );
    let cursor = from + (work.own ?? 4) / 2;
    work.calls?.forEach((call, n) => {
      const time = durationOf(call);
      const client = `${id}.${n}`;
      spans.push(
        span({
          trace,
          id: client,
          parent: id,
          service: work.service,
          kind: 'client',
          at: cursor,
          for: call.database ? time : time + 2,
          error: call.error ?? false,
          attributes: attributesOf(call, true),
        }),
      );
      if (!call.database) serve(call, `${client}s`, client, cursor + 1);
      cursor += call.database ? time : time + 2;
    });
  };
  serve(entry, `${trace}-e`, undefined, at);
  return spans;
};

/** A message published at `at` (by a span of its own trace) and delivered once for each entry of `deliveries`. */
export const message = (
  trace: string,
  sequence: number,
  at: number,
  deliveries: readonly {
    at: number;
    for?: number;
    group?: string;
    pending?: number;
    count?: number;
    settle?: string;
    error?: boolean;
  }[],
  destination = 'orders.created',
): Span[] => [
  span({
    trace,
    id: `${trace}-p`,
    service: 'orders',
    kind: 'producer',
    at,
    for: 2,
    attributes: nats('publish', destination),
  }),
  ...deliveries.map((delivery, n) =>
    span({
      trace,
      id: `${trace}-c${n}`,
      parent: `${trace}-p`,
      links: [`${trace}-p`],
      service: delivery.group ?? 'billing',
      kind: 'consumer',
      at: delivery.at,
      for: delivery.for ?? 5,
      error: delivery.error ?? false,
      attributes: nats(
        'process',
        destination,
        jetStream({
          sequence,
          group: delivery.group ?? 'billing',
          ...(delivery.pending === undefined ? {} : { pending: delivery.pending }),
          ...(delivery.count === undefined ? {} : { count: delivery.count }),
        }),
      ),
      events:
        delivery.settle === undefined
          ? []
          : [
              {
                name: 'messaging.nats.settle',
                at: delivery.at,
                attributes: { 'messaging.nats.settle': delivery.settle },
              },
            ],
    }),
  ),
];
