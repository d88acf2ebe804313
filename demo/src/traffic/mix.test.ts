import { describe, expect, it } from 'vitest';
import { DEFAULT_MIX, type Journey, KnownOrders, nextRequest, pickJourney, seededRandom } from './mix.ts';

describe('the traffic mix', () => {
  it('takes journeys as often as their shares say', () => {
    const random = seededRandom(7);
    const counts: Record<Journey, number> = { checkout: 0, lookup: 0, received: 0, return: 0, quote: 0 };
    for (let index = 0; index < 20_000; index += 1) counts[pickJourney(DEFAULT_MIX, random)] += 1;
    for (const [journey, share] of Object.entries(DEFAULT_MIX)) {
      expect(counts[journey as Journey] / 200).toBeCloseTo(share, -0.5);
    }
  });

  it('never takes a journey without a share', () => {
    const mix = { checkout: 0, lookup: 0, received: 0, return: 0, quote: 1 };
    for (const edge of [0, 0.5, 1 - Number.EPSILON]) expect(pickJourney(mix, () => edge)).toBe('quote');
  });

  it('is the same for the same seed', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => nextRequest(DEFAULT_MIX, new KnownOrders(), random));
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(new Set(draw(0).map(({ path }) => path)).size).toBeGreaterThan(1);
  });

  it('orders first where there is no order to ask for', () => {
    const onlyReturns = { checkout: 0, lookup: 0, received: 0, return: 1, quote: 0 };
    expect(nextRequest(onlyReturns, new KnownOrders(), seededRandom(1)).journey).toBe('checkout');
  });

  it('asks no more for an order that is being returned', () => {
    const orders = new KnownOrders();
    orders.add('order-1');
    const onlyReturns = { checkout: 0, lookup: 0, received: 0, return: 1, quote: 0 };
    expect(nextRequest(onlyReturns, orders, seededRandom(1)).path).toBe('/orders/order-1/return');
    expect(orders.size).toBe(0);
  });

  it('forgets the oldest orders, so that a long run does not grow', () => {
    const orders = new KnownOrders(3);
    for (const id of ['a', 'b', 'c', 'd']) orders.add(id);
    expect([orders.take(() => 0), orders.take(() => 0), orders.take(() => 0), orders.size]).toEqual([
      'b',
      'c',
      'd',
      0,
    ]);
  });
});
