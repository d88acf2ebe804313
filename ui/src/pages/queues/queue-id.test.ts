import { describe, expect, it } from 'vitest';
import { isSameQueue, queueId, queueOf, seriesFilter } from './queue-id.ts';

const odd = { system: 'nats', destination: 'a/b:c,%d.>', consumerGroup: '' };

describe('a queue in the URL', () => {
  it('survives the way there and back, whatever its name', () => expect(queueOf(queueId(odd))).toEqual(odd));
  it('is one part of a path', () => expect(queueId(odd)).not.toContain('/'));
  it('that is broken is none', () => {
    expect(queueOf('nats')).toBeUndefined();
    expect(queueOf('a:%:c')).toBeUndefined();
  });
  it('is asked for by what the filter can say, and told apart by its labels', () => {
    expect(seriesFilter({ system: 'nats', destination: 'orders.created', consumerGroup: 'shipping' })).toBe(
      'destination:orders.created,consumerGroup:shipping',
    );
    expect(seriesFilter(odd)).toBe('');
    expect(
      isSameQueue(
        { destination: 'a', consumerGroup: 'b' },
        { system: 'nats', destination: 'a', consumerGroup: 'b' },
      ),
    ).toBe(true);
    expect(isSameQueue({ destination: 'a' }, { system: 'nats', destination: 'a', consumerGroup: 'b' })).toBe(
      false,
    );
  });
});
