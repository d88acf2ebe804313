import type { Queue } from '../../../../collector/src/contract/index.ts';
import { nanosToMillis } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/duration.ts';
import { formatCount } from '../../lib/figures.ts';

type Broker = NonNullable<Queue['broker']>;

const MS = 1e6;

const age = (millis: number): string =>
  !Number.isFinite(millis) || millis < 1_000
    ? 'just now'
    : `${formatDuration(Math.round(millis / 1_000) * 1_000 * MS)} old`;

/** `stream ORDERS · 12 to hand over · 5 waiting for ack · broker facts 2 s old`, as of `now` (Unix ms). */
export const brokerFacts = (broker: Broker, now: number): string => {
  const known = age(now - nanosToMillis(broker.asOf));
  return [
    `stream ${broker.stream}`,
    ...(broker.paused ? ['consumer paused'] : []),
    `${formatCount(broker.pending)} to hand over`,
    `${formatCount(broker.ackPending)} waiting for ack`,
    ...(broker.redelivered > 0 ? [`${formatCount(broker.redelivered)} of them handed over again`] : []),
    known === 'just now' ? 'broker facts of just now' : `broker facts ${known}`,
  ].join(' · ');
};
