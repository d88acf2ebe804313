import { expect, test } from 'vitest';
import { after, SECOND } from './fixtures.ts';
import { type Notice, pendingNotice } from './outbox.ts';
import type { AlertRecord } from './step.ts';

const record = (state: AlertRecord['state']): AlertRecord => ({
  id: 'lag/1',
  rule: 'lag',
  state,
  since: after(0),
  severity: 'warning',
  where: {},
  value: 1,
  bound: 0,
  unit: 'ns',
  sentence: '',
  exemplars: [],
  held: 0,
});

const told = (extra: Partial<Notice> = {}): Notice => ({
  since: after(0),
  state: 'firing',
  ok: true,
  again: false,
  at: after(10 * SECOND),
  message: 'HTTP 200',
  ...extra,
});

const now = after(100 * SECOND);

test.each([
  ['a pending alert is not told', 'pending', false, undefined, undefined],
  ['a firing alert is told', 'firing', false, undefined, 'firing'],
  ['and not twice', 'firing', false, told(), undefined],
  ['a silenced one is not told', 'firing', true, undefined, undefined],
  ['one that was refused is not tried again', 'firing', false, told({ ok: false }), undefined],
  ['one that failed is tried again later', 'firing', false, told({ ok: false, again: true }), 'firing'],
  ['but not at once', 'firing', false, told({ ok: false, again: true, at: after(90 * SECOND) }), undefined],
  ['one that fires a second time is told again', 'firing', false, told({ since: after(-SECOND) }), 'firing'],
  ['the end of a fire is told', 'resolved', false, told(), 'resolved'],
  ['also where it was silenced meanwhile', 'resolved', true, told(), 'resolved'],
  [
    'also where it is not sure that the fire was heard of',
    'resolved',
    false,
    told({ ok: false }),
    'resolved',
  ],
  ['but not where the fire was never told', 'resolved', false, undefined, undefined],
  ['nor twice', 'resolved', false, told({ state: 'resolved' }), undefined],
] as const)('%s', (_name, state, silenced, last, expected) => {
  expect(pendingNotice(record(state), silenced, last, now)).toBe(expected);
});
