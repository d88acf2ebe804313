import { expect, it } from 'vitest';
import { errorType } from './errors.ts';

const named = (name: string, fields: object = {}): Error =>
  Object.assign(new Error('x'), { name, ...fields });

it.each([
  [named('NatsError', { code: '503' }), 'no_responders'],
  [named('NatsError', { code: 'TIMEOUT' }), 'timeout'],
  [named('TimeoutError'), 'timeout'],
  [named('RequestError', { cause: named('NoResponders') }), 'no_responders'],
  [
    named('JetStreamNotEnabled', { cause: named('RequestError', { cause: named('NoRespondersError') }) }),
    'no_responders',
  ],
  [named('NatsError', { code: 'CONNECTION_CLOSED' }), 'CONNECTION_CLOSED'],
  [named('JetStreamApiError', { code: 10071 }), 'JetStreamApiError'],
  [named(''), 'Error'],
  ['thrown text', 'string'],
  [undefined, 'undefined'],
])('calls %o %s', (error, type) => {
  expect(errorType(error)).toBe(type);
});

it('does not get lost in causes that go in a circle', () => {
  const error = named('Loop');
  expect(errorType(Object.assign(error, { cause: error }))).toBe('Loop');
});
