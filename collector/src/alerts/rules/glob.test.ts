import { expect, test } from 'vitest';
import { applies, matchesGlob } from './glob.ts';

test.each([
  ['orders', 'orders', true],
  ['orders', 'orders2', false],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['orders.*', 'orders.created.eu', true],
  ['*.created', 'orders.created', true],
  ['*.created', 'orders.created.eu', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['**x**', 'x', true],
  ['POST /checkout*', 'POST /checkout/:id', true],
  ['or.ers', 'orders', false],
  ['orders', 'Orders', false],
])('%s on %s is %s', (pattern, text, expected) => expect(matchesGlob(pattern, text)).toBe(expected));

test('a pattern of many stars on a long text stays fast', () => {
  const started = performance.now();
  expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(10_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('a rule applies where every field matches', () => {
  const rule = { where: { system: ['nats'], destination: ['orders.*', 'payments.*'] } };
  expect(applies(rule, { system: 'nats', destination: 'payments.made' })).toBe(true);
  expect(applies(rule, { system: 'kafka', destination: 'payments.made' })).toBe(false);
  expect(applies(rule, { system: 'nats' })).toBe(false);
});

test('a rule applies to a field of many values where one of them matches', () => {
  expect(applies({ where: { through: ['loyalty'] } }, { through: ['checkout', 'loyalty'] })).toBe(true);
});

test('an exception needs all of its fields', () => {
  const rule = { except: { system: ['nats'], destination: ['*.dlq'] } };
  expect(applies(rule, { system: 'nats', destination: 'orders.dlq' })).toBe(false);
  expect(applies(rule, { system: 'kafka', destination: 'orders.dlq' })).toBe(true);
});
