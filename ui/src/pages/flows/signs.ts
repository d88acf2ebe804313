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

const SHORT: Readonly<Record<string, string>> = {
  'duplicate-processing': 'duplicate',
  'retry-amplification': 'retries',
  'n-plus-one': 'N+1',
  'sync-over-queue': 'sync over queue',
};

/** A finding type as a pill of a row says it. */
export const signLabel = (type: string): string => SHORT[type] ?? type.replaceAll('-', ' ');

export const signTone = (type: string): Tone =>
  GRAVE.has(type) ? 'bad' : type === 'n-plus-one' ? 'plain' : 'warn';
