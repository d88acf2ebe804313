import { describe, expect, it } from 'vitest';
import { type Motion, moveTo, POSITIONS, type Position, statusOf } from './motion.ts';

type Move = Partial<Omit<Position, 'at'>>;

/** Polls every 5 s, each as the one before with what changed. */
const polls = (moves: readonly Move[]): Motion => {
  let position: Position = { at: 0, delivered: 0, ackFloor: 0, pending: 0, ackPending: 0, redelivered: 0 };
  let motion: Motion | undefined;
  for (const [n, move] of moves.entries()) {
    position = { ...position, ...move, at: n * 5_000 };
    motion = moveTo(motion, position);
  }
  return motion as Motion;
};

const times = (count: number, move: (n: number) => Move): Move[] =>
  Array.from({ length: count }, (_, n) => move(n));

const ACK_WAIT = 30_000;
const status = (moves: readonly Move[], ackWaitMs = ACK_WAIT) => statusOf(polls(moves), ackWaitMs);

describe('the state of a consumer', () => {
  it('is unknown before ten polls', () => {
    expect(status(times(POSITIONS - 1, () => ({ pending: 5 })))).toBeUndefined();
    expect(status(times(POSITIONS, () => ({})))).toBe('ok');
  });

  it('is ok where it had nothing to do at one poll, however much there is now', () => {
    expect(status(times(10, (n) => ({ pending: n * 100, delivered: n, ackFloor: n })))).toBe('ok');
  });

  it('is ok while it catches up', () => {
    expect(status(times(10, (n) => ({ pending: 100 - n, delivered: n, ackFloor: n })))).toBe('ok');
  });

  it('is a warning while it works and the backlog only grows', () => {
    expect(status(times(10, (n) => ({ pending: 5 + n, delivered: n, ackFloor: n })))).toBe('warning');
  });

  it('is ok with a backlog that neither grows nor falls', () => {
    expect(status(times(10, (n) => ({ pending: 5, delivered: n, ackFloor: n })))).toBe('ok');
  });

  it('is stalled where messages were handed over and none is settled', () => {
    expect(status(times(10, () => ({ pending: 5, delivered: 2, ackPending: 2 })))).toBe('stalled');
  });

  it('is stalled where it is handed more and more and settles nothing', () => {
    expect(status(times(10, (n) => ({ pending: 5, delivered: n, ackPending: n })))).toBe('stalled');
  });

  it('is stalled where the last message is handed over again and again', () => {
    expect(status(times(10, () => ({ delivered: 1, ackPending: 1, redelivered: 1 })))).toBe('stalled');
  });

  it('is only slow with one message in work and none behind it', () => {
    expect(status(times(10, () => ({ delivered: 1, ackPending: 1 })))).toBe('ok');
  });

  it('is not stalled where one message holds the floor and those behind it are settled', () => {
    const moves = times(10, (n) => ({ pending: 5, delivered: 2 + n, ackPending: 1, redelivered: 1 }));
    expect(status(moves)).toBe('ok');
  });

  it('is given as long as a handler may take', () => {
    const stuck = (count: number) => times(count, () => ({ pending: 5, delivered: 1, ackPending: 1 }));
    expect(status(stuck(20), 120_000)).toBe('ok');
    expect(status(stuck(26), 120_000)).toBe('stalled');
  });

  it('is stopped where nobody takes anything and messages come', () => {
    expect(status(times(11, (n) => ({ pending: n })))).toBe('stopped');
  });

  it('stays stopped when no more messages come', () => {
    const moves = [...times(10, (n) => ({ pending: n })), ...times(10, () => ({}))];
    expect(status(moves)).toBe('stopped');
  });

  it('is stalled where nobody takes anything of what has long been there', () => {
    expect(status(times(10, () => ({ pending: 5 })))).toBe('stalled');
  });

  it('is ok again as soon as it has settled something', () => {
    const moves = [...times(20, (n) => ({ pending: n })), { pending: 15, delivered: 5, ackFloor: 5 }];
    expect(status(moves)).toBe('ok');
  });

  it('does not count the time in which there was nothing to do', () => {
    const idle = times(20, () => ({}));
    expect(status([...idle, ...times(5, (n) => ({ pending: 1 + n }))])).toBe('ok');
  });

  it('is rewound where its position went back', () => {
    const moves = [...times(9, (n) => ({ delivered: n, ackFloor: n, pending: 1 })), { ackFloor: 0 }];
    expect(status(moves)).toBe('rewound');
  });
});
