import { describe, expect, it } from 'vitest';
import { covers } from './subjects.ts';

describe('a filter of a consumer', () => {
  it.each([
    ['orders.created', 'orders.created'],
    ['orders.*', 'orders.created'],
    ['orders.>', 'orders.created'],
    ['orders.>', 'orders.eu.created'],
    ['>', 'orders'],
    ['*.created', 'orders.created'],
    ['orders.*.paid', 'orders.*.paid'],
    ['orders.>', 'orders.*.paid'],
    ['orders.>', 'orders.>'],
  ])('%s covers %s', (filter, subject) => {
    expect(covers(filter, subject)).toBe(true);
  });

  it.each([
    ['orders.created', 'orders'],
    ['orders', 'orders.created'],
    ['orders.*', 'orders'],
    ['orders.*', 'orders.eu.created'],
    ['orders.>', 'orders'],
    ['*', '>'],
    ['orders.*', 'orders.>'],
    ['orders.paid', 'orders.*'],
    ['orders.created', 'Orders.created'],
  ])('%s does not cover %s', (filter, subject) => {
    expect(covers(filter, subject)).toBe(false);
  });
});
