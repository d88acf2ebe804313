import type { Tone } from '../../components/Pill.tsx';

/** Finding types that mean that something went wrong, not only that it is risky or slow. */
const GRAVE = new Set([
  'duplicate-processing',
  'dead-letter',
  'stalled-consumer',
  'stopped-consumer',
  'cascade-in-progress',
  'saga-incomplete',
  'retry-amplification',
]);

/** Those that are worth knowing and no reason to hurry: half of all flows may have them. */
const HARMLESS = new Set(['n-plus-one', 'deep-sync-chain', 'clock-skew', 'redelivery']);

const SHORT: Readonly<Record<string, string>> = {
  'duplicate-processing': 'duplicate',
  'retry-amplification': 'retries',
  'n-plus-one': 'N+1',
  'sync-over-queue': 'sync over queue',
};

/** A finding type as a pill of a row says it. */
export const signLabel = (type: string): string => SHORT[type] ?? type.replaceAll('-', ' ');

export const signTone = (type: string): Tone =>
  GRAVE.has(type) ? 'bad' : HARMLESS.has(type) ? 'plain' : 'warn';

const ORDER: readonly Tone[] = ['bad', 'warn', 'plain'];

/** Finding types, the gravest first: there is room for few. */
export const byGravity = (types: readonly string[]): string[] =>
  [...types].sort((a, b) => ORDER.indexOf(signTone(a)) - ORDER.indexOf(signTone(b)));
