import { describe, expect, it } from 'vitest';
import { parseAckSubject } from './ack-subject.ts';

const info = {
  stream: 'ORDERS',
  consumer: 'billing',
  deliveryCount: 2,
  streamSequence: 17,
  storedAt: '1795199688652128584',
  pending: 5,
};

describe('parseAckSubject', () => {
  it('reads the form with nine tokens', () => {
    expect(parseAckSubject('$JS.ACK.ORDERS.billing.2.17.3.1795199688652128584.5')).toEqual(info);
  });

  it('reads the form with domain and account, with and without the random end', () => {
    const subject = '$JS.ACK.hub.ABCDEF.ORDERS.billing.2.17.3.1795199688652128584.5';
    expect(parseAckSubject(subject)).toEqual(info);
    expect(parseAckSubject(`${subject}.rnd`)).toEqual(info);
  });

  it.each([
    undefined,
    '',
    '_INBOX.abc',
    '$JS.ACK.ORDERS',
    '$JS.ACK.a.b.c.d.e.f.g',
    '$JS.ACK.ORDERS.billing.2.17.3.when.5',
    '$JS.ACK.hub.ABCDEF.ORDERS.billing.2.17.3.17',
  ])('takes %s for no delivery', (subject) => {
    expect(parseAckSubject(subject)).toBeUndefined();
  });
});
