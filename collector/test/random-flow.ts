import type { Span } from '../src/model/index.ts';
import type { SpanWords } from './spans.ts';
import { grpc, http, httpOut, jetStream, nats, span } from './spans.ts';

interface Joint {
  readonly producer: string;
  readonly consumer: string;
}

/** A flow in words, all of it in one trace, with the places where a queue joins its parts. */
export interface RandomFlow {
  readonly words: readonly SpanWords[];
  readonly joints: readonly Joint[];
}

const SERVICES = ['gateway', 'orders', 'payment', 'stock', 'mail', 'billing'];

/** A tree of HTTP, gRPC, database and queue hops, up to about `size` spans. */
export const randomFlow = (random: () => number, size: number): RandomFlow => {
  const words: SpanWords[] = [];
  const joints: Joint[] = [];
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const next = (prefix: string) => `${prefix}${words.length}`;

  /** Fills [at, at + time] of the parent with work of its service. */
  const work = (parent: string, service: string, at: number, time: number, depth: number): void => {
    let cursor = at;
    const end = at + time;
    while (words.length < size && cursor + 4 < end && random() < 0.8) {
      const length = Math.max(3, Math.round((end - cursor) * (0.2 + random() * 0.6)));
      const begin = cursor + Math.round(random() * 2);
      const choice = random();
      if (choice < 0.25) {
        const id = next('in');
        words.push({ id, parent, service, at: begin, for: length });
        work(id, service, begin, length, depth + 1);
      } else if (choice < 0.4) {
        words.push({
          id: next('db'),
          parent,
          service,
          kind: 'client',
          at: begin,
          for: length,
          error: random() < 0.2,
          attributes: {
            'db.system': 'sqlite',
            'db.operation.name': 'SELECT',
            'db.collection.name': 'orders',
          },
        });
      } else if (choice < 0.75 && depth < 8) call(parent, service, begin, length, depth);
      else publish(parent, service, begin, Math.min(3, length), depth);
      // Now and then two pieces of work overlap.
      cursor = random() < 0.2 ? begin + 1 : begin + length;
    }
  };

  const call = (parent: string, service: string, at: number, time: number, depth: number): void => {
    const callee = pick(SERVICES);
    const [client, server] = [next('c'), next('s')];
    const rpc = random() < 0.5;
    const error = random() < 0.2;
    words.push({
      id: client,
      parent,
      service,
      kind: 'client',
      at,
      for: time,
      error,
      attributes: rpc ? grpc(`shop.${callee}`, 'Do') : httpOut('GET', callee, `/${callee}/17`),
    });
    words.push({
      id: server,
      parent: client,
      service: callee,
      kind: 'server',
      at: at + 1,
      for: time - 2,
      error,
      attributes: rpc ? grpc(`shop.${callee}`, 'Do') : http('GET', `/${callee}/:id`),
    });
    work(server, callee, at + 1, time - 2, depth + 1);
  };

  const publish = (parent: string, service: string, at: number, time: number, depth: number): void => {
    const producer = next('p');
    const subject = `orders.${pick(['created', 'paid', 'sent'])}`;
    const sequence = words.length;
    const message = {
      'messaging.nats.stream.name': 'ORDERS',
      'messaging.nats.message.stream_sequence': BigInt(sequence),
    };
    words.push({
      id: producer,
      parent,
      service,
      kind: 'producer',
      at,
      for: time,
      attributes: nats('publish', subject, message),
    });
    const groups = Math.floor(random() * 3);
    for (let n = 0; n < groups && words.length < size; n++) {
      const consumer = next('m');
      const group = pick(SERVICES);
      const begin = at + time + Math.round(random() * 2_000);
      const length = 5 + Math.round(random() * 200);
      words.push({
        id: consumer,
        parent: producer,
        service: group,
        kind: 'consumer',
        at: begin,
        for: length,
        attributes: nats('process', subject, jetStream({ sequence, group: `${group}-${n}` })),
      });
      joints.push({ producer, consumer });
      work(consumer, group, begin, length, depth + 1);
    }
  };

  words.push({
    id: 'entry',
    service: 'gateway',
    kind: 'server',
    at: 0,
    for: 500,
    attributes: http('POST', '/orders'),
  });
  work('entry', 'gateway', 0, 500, 0);
  return { words, joints };
};

export const spansOf = (flow: RandomFlow): Span[] => flow.words.map(span);

/**
 * The same flow as other libraries would send it: at each queue the consumer keeps its parent, has a link
 * as well, starts a trace of its own with a link, or starts one and is known by its message alone.
 */
export const splitAtRandom = (flow: RandomFlow, random: () => number): Span[] => {
  const shapes = new Map<string, { producer: string; shape: 'both' | 'link' | 'key' }>();
  for (const { producer, consumer } of flow.joints) {
    const choice = random();
    if (choice > 0.25)
      shapes.set(consumer, { producer, shape: choice < 0.5 ? 'both' : choice < 0.75 ? 'link' : 'key' });
  }
  const traces = new Map<string, string>();
  const split = flow.words.map((words): SpanWords => {
    const joint = shapes.get(words.id);
    const inherited = words.parent === undefined ? 't' : traces.get(words.parent)!;
    const own = joint === undefined || joint.shape === 'both' ? inherited : `t-${words.id}`;
    traces.set(words.id, own);
    if (joint === undefined) return { ...words, trace: own };
    const link = [traces.get(joint.producer)!, joint.producer] as const;
    const { parent: _, ...rootless } = words;
    if (joint.shape === 'both') return { ...words, trace: own, links: [link] };
    return joint.shape === 'link' ? { ...rootless, trace: own, links: [link] } : { ...rootless, trace: own };
  });
  return split.map(span);
};
