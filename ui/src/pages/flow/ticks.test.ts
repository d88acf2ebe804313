import { describe, expect, it } from 'vitest';
import { timeScale } from './fold.ts';
import { niceStep, tickLabel, ticksOf } from './ticks.ts';

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
  it('have the precision of their spacing, however late they are', () => {
    const labels = (from: number, step: number) => [0, 1, 2].map((n) => tickLabel(from + n * step, step));
    expect(labels(71e9, 0.1e9)).toEqual(['1 min 11.0 s', '1 min 11.1 s', '1 min 11.2 s']);
    expect(labels(59.98e9, 0.01e9)).toEqual(['59.98 s', '59.99 s', '1 min']);
    expect(labels(480e6, 0.05e6)).toEqual(['480.00 ms', '480.05 ms', '480.10 ms']);
    expect(labels(12.4e9, 10e3)).toEqual(['12.40000 s', '12.40001 s', '12.40002 s']);
    expect(labels(7_260e9, 5e9)).toEqual(['2 h 1 min', '2 h 1 min 5 s', '2 h 1 min 10 s']);
    expect(labels(100e3, 500)).toEqual(['100.0 µs', '100.5 µs', '101.0 µs']);
  });
  it.each([
    ['beside a fold', 71.9e9, [{ from: 0.2e9, to: 71.1e9 }], undefined],
    ['in a part of a long flow', 90e9, [], { from: 71.1e9, to: 71.104e9 }],
    ['hours after the start', 9_000e9, [{ from: 1e9, to: 8_990e9 }], undefined],
  ])('never read alike %s', (_, total, folds, shown) => {
    const scale = timeScale(shown ?? { from: 0, to: total }, folds, 900);
    const labels = ticksOf(scale).map((tick) => tick.label);
    expect(labels.length).toBeGreaterThan(2);
    expect(new Set(labels).size).toBe(labels.length);
  });
  it('leave each other room', () => {
    const ticks = ticksOf(timeScale({ from: 3_671.1e9, to: 3_671.1001e9 }, [], 900));
    for (const [index, { x, label }] of ticks.entries())
      expect(x + label.length * 6).toBeLessThan(ticks[index + 1]?.x ?? Number.POSITIVE_INFINITY);
  });
  it('never stand inside a break', () => {
    const scale = timeScale({ from: 0, to: 13e9 }, [{ from: 1e9, to: 12e9 }], 800);
    const fold = scale.pieces.find((piece) => piece.folded)!;
    for (const { x } of ticksOf(scale)) expect(x <= fold.x0 || x >= fold.x1).toBe(true);
  });
  it('are few for a flow without duration', () =>
    expect(ticksOf(timeScale({ from: 0, to: 0 }, [], 700)).length).toBeLessThan(3));
});
