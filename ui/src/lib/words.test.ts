import { describe, expect, it } from 'vitest';
import { formatFigure, humanise } from './words.ts';

describe('the figures of a finding', () => {
  it('are named in words', () => {
    expect(humanise('ackWaitSeconds')).toBe('ack wait seconds');
    expect(humanise('p99_ms')).toBe('p99 ms');
  });
  it('read by what their name says', () => {
    expect(formatFigure('blastRadius', 0.62)).toBe('62 %');
    expect(formatFigure('requests', 7200)).toBe('7,200');
    expect(formatFigure('measured', 2.6)).toBe('2.6');
    expect(formatFigure('meanMs', 1234.5)).toBe('1,235');
  });
});
