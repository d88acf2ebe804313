import { describe, expect, it } from 'vitest';
import { destinationName, hasWildcard, learnApiPrefix, subjectKind } from './subjects.ts';

describe('subjectKind', () => {
  it.each([
    ['orders.created', 'user'],
    ['INBOX.orders', 'user'],
    ['_INBOX.abc.def', 'inbox'],
    ['_R_.x.y', 'inbox'],
    ['$KV.settings.customer.1', 'store'],
    ['$O.files.C.abc', 'store'],
    ['$JS.API.STREAM.INFO.ORDERS', 'internal'],
    ['$JS.hub.API.CONSUMER.MSG.NEXT.ORDERS.billing', 'internal'],
    ['$JS.ACK.ORDERS.billing.1.1.1.1.0', 'internal'],
    ['$SRV.PING', 'internal'],
    ['$SYS.REQ.USER.INFO', 'internal'],
  ])('takes %s for %s traffic', (subject, kind) => {
    expect(subjectKind(subject)).toBe(kind);
  });

  it('knows the inbox prefix of the connection', () => {
    expect(subjectKind('_mine.x')).toBe('user');
    expect(subjectKind('_mine.x', '_mine')).toBe('inbox');
    expect(subjectKind('_mineral.x', '_mine')).toBe('user');
  });

  it('learns where a JetStream client with its own prefix asks for messages', () => {
    const subject = 'imported.api.CONSUMER.MSG.NEXT.ORDERS.billing';
    expect(subjectKind(subject)).toBe('user');
    learnApiPrefix('imported.api');
    expect(subjectKind(subject)).toBe('internal');
    expect(subjectKind('imported.apis')).toBe('user');
  });
});

describe('names', () => {
  it('are subjects, but buckets without their keys', () => {
    expect(destinationName('orders.created', 'user')).toBe('orders.created');
    expect(destinationName('$KV.settings.customer.4711', 'store')).toBe('$KV.settings');
  });

  it('are patterns where a subscription has wildcards', () => {
    expect(['orders.*', 'orders.>', 'a.*.b'].map(hasWildcard)).toEqual([true, true, true]);
    expect(hasWildcard('orders.created')).toBe(false);
  });
});
