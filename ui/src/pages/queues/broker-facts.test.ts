import { expect, it } from 'vitest';
import { brokerFacts } from './broker-facts.ts';

const NOW = 1_790_000_010_000;
const broker = {
  asOf: '1790000008000000000',
  stream: 'ORDERS',
  pending: 1_200,
  ackPending: 5,
  redelivered: 0,
};

it('says what the broker knows of a consumer, and how old that is', () => {
  expect(brokerFacts(broker, NOW)).toBe(
    'stream ORDERS · 1,200 to hand over · 5 waiting for ack · broker facts 2 s old',
  );
  expect(brokerFacts({ ...broker, redelivered: 2, paused: true }, NOW + 120_000)).toBe(
    'stream ORDERS · consumer paused · 1,200 to hand over · 5 waiting for ack · 2 of them handed over again · broker facts 2 min 2 s old',
  );
});

it('does not put facts into the future where the clocks differ', () => {
  expect(brokerFacts(broker, NOW - 9_000)).toContain('broker facts of just now');
  expect(brokerFacts({ ...broker, asOf: 'soon' }, NOW)).toContain('broker facts of just now');
});
