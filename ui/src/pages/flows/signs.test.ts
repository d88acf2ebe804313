import { expect, it } from 'vitest';
import { byGravity, signLabel } from './signs.ts';

it('puts what went wrong before what is risky, and that before what is only worth knowing', () => {
  expect(byGravity(['deep-sync-chain', 'slow-queue', 'duplicate-processing', 'redelivery'])).toEqual([
    'duplicate-processing',
    'slow-queue',
    'deep-sync-chain',
    'redelivery',
  ]);
  expect(byGravity(['new-in-some-later-version', 'n-plus-one'])[0]).toBe('new-in-some-later-version');
});

it('names signs in few words', () =>
  expect(['n-plus-one', 'slow-queue'].map(signLabel)).toEqual(['N+1', 'slow queue']));
