import { describe, expect, it } from 'vitest';
import { timeScale } from './fold.ts';
import { niceStep, ticksOf } from './ticks.ts';

describe('the ticks of the axis', () => {
  it('stand at round times', () => {
    expect([niceStep(3), niceStep(120e6), niceStep(600e6), niceStep(45e9)]).toEqual([5, 200e6, 1e9, 60e9]);
    expect(ticksOf(timeScale({ from: 0, to: 480e6 }, [], 700)).map((tick) => tick.label)).toEqual([
      '0',
      '100 ms',
      '200 ms',
      '300 ms',
      '400 ms',
    ]);
  });
  it('tell times apart after a break', () => {
    const labels = ticksOf(timeScale({ from: 0, to: 10.9e9 }, [{ from: 0.5e9, to: 10e9 }], 900)).map(
      (tick) => tick.label,
    );
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toContain('10.5 s');
  });
  it('never stand inside a break', () => {
    const scale = timeScale({ from: 0, to: 13e9 }, [{ from: 1e9, to: 12e9 }], 800);
    const fold = scale.pieces.find((piece) => piece.folded)!;
    for (const { x } of ticksOf(scale)) expect(x <= fold.x0 || x >= fold.x1).toBe(true);
  });
  it('are few for a flow without duration', () =>
    expect(ticksOf(timeScale({ from: 0, to: 0 }, [], 700)).length).toBeLessThan(3));
});
