import type { Span } from '../src/model/index.ts';
import { http, httpOut, jetStream, nats, span } from './spans.ts';

/**
 * gateway  [== POST /checkout ==============]          0..50 ms
 *            [client POST orders           ]           5..45
 * orders      [== POST /orders           ]             8..42
 *                              [publish]               35..38, stored at 37
 *                                  ~~~ in queue ~~~
 * shipping                                      [==]   1037..1057, in a trace of its own that only links
 */
export const shopFlow = (name: string, at = 0): Span[] => {
  const trace = `${name}-entry`;
  return [
    span({
      trace,
      id: `${name}-gw`,
      service: 'gateway',
      kind: 'server',
      at,
      for: 50,
      attributes: http('POST', '/checkout'),
    }),
    span({
      trace,
      id: `${name}-call`,
      parent: `${name}-gw`,
      service: 'gateway',
      kind: 'client',
      at: at + 5,
      for: 40,
      attributes: httpOut('POST', 'orders', '/orders'),
    }),
    span({
      trace,
      id: `${name}-orders`,
      parent: `${name}-call`,
      service: 'orders',
      kind: 'server',
      at: at + 8,
      for: 34,
      attributes: http('POST', '/orders'),
    }),
    span({
      trace,
      id: `${name}-publish`,
      parent: `${name}-orders`,
      service: 'orders',
      kind: 'producer',
      at: at + 35,
      for: 3,
      attributes: nats('publish', 'orders.created'),
    }),
    shippingSpan(name, at),
  ];
};

export const shippingSpan = (name: string, at = 0): Span =>
  span({
    trace: `${name}-shipping`,
    id: `${name}-process`,
    links: [[`${name}-entry`, `${name}-publish`]],
    service: 'shipping',
    kind: 'consumer',
    at: at + 1_037,
    for: 20,
    attributes: {
      ...nats('process', 'orders.created'),
      ...jetStream({ sequence: 7, group: 'shipping', pending: 3, storedAt: at + 37 }),
    },
  });
