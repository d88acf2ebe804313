import {
  AuthorizationError,
  ClosedConnectionError,
  ConnectionError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { SlowPollError, troubleOf } from './trouble.ts';

const URL = 'nats://127.0.0.1:4222';

const permission = () => {
  const text = `'Permissions Violation for Publish to "$JS.API.STREAM.LIST"'`;
  return new PermissionViolationError(text, 'publish', '$JS.API.STREAM.LIST');
};

const notEnabled = () =>
  Object.assign(new Error('jetstream is not enabled'), { name: 'JetStreamNotEnabled' });

describe('trouble with NATS', () => {
  it.each([
    [
      'unreachable',
      new ConnectionError('connection refused'),
      /is unreachable \(connection refused\).*--nats/,
    ],
    ['unreachable', new Error('getaddrinfo ENOTFOUND b'), /is unreachable \(getaddrinfo ENOTFOUND b\)/],
    ['unreachable', new ClosedConnectionError(), /\(the connection was closed\)/],
    ['unreachable', new TimeoutError(), /\(no answer in time\)/],
    ['login', new AuthorizationError('Authorization Violation'), /does not let us in .*password.* --nats/],
    ['jetstream', notEnabled(), /has no JetStream for us .* -js/],
    ['permission', permission(), /does not let us look .*Violation.*allow publishing/],
    ['permission', new RequestError('wrapped', { cause: permission() }), /does not let us look/],
    ['slow', new SlowPollError('10 s'), /too slowly \(10 s\)/],
    ['unreachable', 'nothing', /is unreachable \(nothing\)/],
  ])('is %s after %s, and the sentence says what to do', (kind, error, sentence) => {
    const trouble = troubleOf(error);
    expect(trouble.kind).toBe(kind);
    expect(trouble.sentence(URL)).toMatch(sentence);
    expect(trouble.sentence(URL)).toContain(`NATS at ${URL} `);
  });
});
