import { COUNTRIES, CUSTOMERS, PRODUCTS } from './catalog.ts';

/** How often each journey is taken, in shares of any sum. */
export interface Mix {
  readonly checkout: number;
  readonly lookup: number;
  readonly received: number;
  readonly return: number;
  readonly quote: number;
}

export type Journey = keyof Mix;

export const DEFAULT_MIX: Mix = { checkout: 40, lookup: 25, received: 12, return: 8, quote: 15 };

/** Numbers in [0, 1). */
export type Random = () => number;

/** The same seed gives the same traffic: Marsaglia's xorshift, 32 bits. */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
};

const pick = <Item>(items: readonly Item[], random: Random): Item => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

export const pickJourney = (mix: Mix, random: Random): Journey => {
  const shares = Object.entries(mix) as [Journey, number][];
  let left = random() * shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [journey, share] of shares) {
    left -= share;
    if (left < 0) return journey;
  }
  return 'checkout';
};

/** The orders that later journeys can look up, receive or return. Bounded: old ones are forgotten. */
export class KnownOrders {
  readonly #ids: string[] = [];
  readonly #limit: number;

  constructor(limit = 100) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#ids.length;
  }

  add(id: string): void {
    this.#ids.push(id);
    if (this.#ids.length > this.#limit) this.#ids.shift();
  }

  any(random: Random): string {
    return pick(this.#ids, random);
  }

  /** Takes one out, so that nobody asks for an order that is being returned. */
  take(random: Random): string {
    const id = this.any(random);
    this.#ids.splice(this.#ids.indexOf(id), 1);
    return id;
  }
}

export interface ShopRequest {
  readonly journey: Journey;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

const request = (journey: Journey, orders: KnownOrders, random: Random): ShopRequest => {
  switch (journey) {
    case 'checkout': {
      const product = pick(PRODUCTS, random);
      const body = {
        customer: pick(CUSTOMERS, random),
        product: product.id,
        priceCents: product.priceCents,
        quantity: 1 + Math.floor(random() * 3),
        country: pick(COUNTRIES, random),
      };
      return { journey, method: 'POST', path: '/checkout', body };
    }
    case 'lookup':
      return { journey, method: 'GET', path: `/orders/${orders.any(random)}` };
    case 'received':
      return { journey, method: 'POST', path: `/orders/${orders.take(random)}/received`, body: {} };
    case 'return':
      return {
        journey,
        method: 'POST',
        path: `/orders/${orders.take(random)}/return`,
        body: { country: pick(COUNTRIES, random) },
      };
    case 'quote':
      return {
        journey,
        method: 'GET',
        path: `/quote?country=${pick(COUNTRIES, random)}&parcels=${1 + Math.floor(random() * 3)}`,
      };
  }
};

/** The next request of the steady traffic. Without any order yet, customers order first. */
export const nextRequest = (mix: Mix, orders: KnownOrders, random: Random): ShopRequest => {
  const journey = pickJourney(mix, random);
  const needsOrder = journey !== 'checkout' && journey !== 'quote';
  return request(needsOrder && orders.size === 0 ? 'checkout' : journey, orders, random);
};
