import type { QueueStatus } from '../analysis/types.ts';
import type { ConsumerReading } from './types.ts';

/** Where a consumer stood at a poll. */
export interface Position
  extends Pick<ConsumerReading, 'delivered' | 'ackFloor' | 'pending' | 'ackPending' | 'redelivered'> {
  /** Unix milliseconds. */
  readonly at: number;
}

/** How a consumer moved: its last positions, and the one since which nothing was settled. */
export interface Motion {
  readonly positions: readonly Position[];
  readonly still: Position;
}

/** As many as Burrow looks at. */
export const POSITIONS = 10;

/** Something was settled: the floor rose, or new messages were handed over and no more are in flight than before. */
const hasSettled = (before: Position, now: Position): boolean =>
  now.ackFloor > before.ackFloor || (now.delivered > before.delivered && now.ackPending <= before.ackPending);

/** Nothing was in flight at that poll, and nothing is in the given one. */
const isIdle = (before: Position, now: Position): boolean =>
  now.delivered === before.delivered && now.ackPending === 0 && before.ackPending === 0;

const isEmpty = ({ pending, ackPending }: Position): boolean => pending + ackPending === 0;

const goesBack = (before: Position, now: Position): boolean =>
  now.ackFloor < before.ackFloor || now.delivered < before.delivered;

export const moveTo = (motion: Motion | undefined, now: Position): Motion => {
  if (motion === undefined) return { positions: [now], still: now };
  const before = motion.positions.at(-1) as Position;
  return {
    positions: [...motion.positions, now].slice(-POSITIONS),
    still: stillSince(motion.still, before, now),
  };
};

const stillSince = (still: Position, before: Position, now: Position): Position => {
  if (hasSettled(before, now) || goesBack(before, now)) return now;
  // While there is nothing to do, standing still means nothing.
  return isEmpty(before) ? before : still;
};

/**
 * The consumer's state after LinkedIn's Burrow: by how position and lag move over ten polls, without a bound on the lag.
 * Undefined while there are fewer. `ackWaitMs`: a handler may take this long, so nobody is called stuck sooner.
 */
export const statusOf = ({ positions, still }: Motion, ackWaitMs: number): QueueStatus | undefined => {
  if (positions.length < POSITIONS) return undefined;
  const first = positions[0] as Position;
  const last = positions.at(-1) as Position;
  if (positions.some((now, n) => n > 0 && goesBack(positions[n - 1] as Position, now))) return 'rewound';
  if (positions.some(isEmpty)) return 'ok';
  if (still.at <= first.at && last.at - still.at >= ackWaitMs) {
    if (isIdle(still, last)) return last.pending > still.pending ? 'stopped' : 'stalled';
    // One message that is worked on for long, with none behind it, is only slow.
    if (last.pending > 0 || last.redelivered > 0) return 'stalled';
  }
  return neverFalls(positions.map(({ pending }) => pending)) ? 'warning' : 'ok';
};

/** Always above 0, never below the value before, and higher at the end than at the start. */
const neverFalls = (values: readonly number[]): boolean =>
  values.every((value, n) => value > 0 && (n === 0 || value >= (values[n - 1] as number))) &&
  (values.at(-1) as number) > (values[0] as number);
