import { describe, expect, it } from 'vitest';
import { chooseFolds, idleGaps, isShown, timeScale } from './fold.ts';

const MS = 1e6;
const stretch = (from: number, to: number) => ({ from: from * MS, to: to * MS });

//   0    480 ms                      9,980 ms  10,390   12,480 12,890
//   |work|........ 9.5 s idle ........|work|....2 s ....|work|
const busy = [stretch(0, 480), stretch(20, 300), stretch(9_980, 10_390), stretch(12_480, 12_890)];
const total = 12_890 * MS;

describe('folded time', () => {
  it('finds the stretches in which nothing works', () =>
    expect(idleGaps(busy, total)).toEqual([stretch(480, 9_980), stretch(10_390, 12_480)]));

  it('finds idleness at the end, and none in a busy flow', () => {
    expect(idleGaps([stretch(0, 5)], 9 * MS)).toEqual([stretch(5, 9)]);
    expect(idleGaps([stretch(0, 9)], 9 * MS)).toEqual([]);
  });

  it('folds a shorter wait too once the longer one is gone', () => {
    const folds = chooseFolds(idleGaps(busy, total), total);
    expect(folds).toHaveLength(2);
    expect(folds[0]!.from).toBeGreaterThan(480 * MS);
    expect(folds[0]!.to).toBeLessThan(9_980 * MS);
  });

  it('leaves a short gap alone', () => expect(chooseFolds([stretch(100, 105)], 1_000 * MS)).toEqual([]));

  it('never runs backwards, and uses the whole width', () => {
    const scale = timeScale({ from: 0, to: total }, chooseFolds(idleGaps(busy, total), total), 700);
    let last = -1;
    for (let nanos = 0; nanos <= total; nanos += total / 997) {
      expect(scale.x(nanos)).toBeGreaterThanOrEqual(last);
      last = scale.x(nanos);
    }
    expect(scale.x(0)).toBe(0);
    expect(scale.x(total)).toBeCloseTo(700);
  });

  it('makes 5 ms readable beside 12 s', () => {
    const work = [stretch(0, 5), stretch(12_005, 12_010)];
    const end = 12_010 * MS;
    const folds = chooseFolds(idleGaps(work, end), end);
    expect(timeScale({ from: 0, to: end }, [], 700).x(5 * MS)).toBeLessThan(1);
    expect(timeScale({ from: 0, to: end }, folds, 700).x(5 * MS)).toBeGreaterThan(200);
  });

  it('keeps a place for a short request beside a consumer that works a hundred times as long', () => {
    const work = [stretch(0, 12), stretch(400_000, 401_200)];
    const end = 401_200 * MS;
    const scale = timeScale({ from: 0, to: end }, chooseFolds(idleGaps(work, end), end), 1_000);
    expect(scale.x(12 * MS)).toBeGreaterThan(150);
    expect(scale.x(401_200 * MS) - scale.x(400_000 * MS)).toBeGreaterThan(500);
  });

  it('gives every break the same width, and never more than half of the axis', () => {
    const many = Array.from({ length: 8 }, (_, index) => stretch(index * 100 + 10, index * 100 + 90));
    const scale = timeScale({ from: 0, to: 800 * MS }, many, 300);
    const widths = scale.pieces.filter((piece) => piece.folded).map((piece) => piece.x1 - piece.x0);
    expect(widths.every((width) => Math.abs(width - widths[0]!) < 1e-9)).toBe(true);
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(150.001);
  });

  it('shows a part of the flow, and knows what lies outside it', () => {
    const scale = timeScale(stretch(100, 300), [stretch(0, 50), stretch(150, 250)], 700);
    expect(scale.pieces.filter((piece) => piece.folded)).toHaveLength(1);
    expect([scale.x(100 * MS), scale.x(300 * MS)]).toEqual([0, 700]);
    expect(isShown(scale, stretch(0, 99))).toBe(false);
    expect(isShown(scale, stretch(0, 500))).toBe(true);
  });

  it('finds the time under a pixel', () => {
    const scale = timeScale({ from: 0, to: total }, chooseFolds(idleGaps(busy, total), total), 700);
    for (const nanos of [0, 100 * MS, 10_000 * MS, 12_500 * MS, total])
      expect(scale.time(scale.x(nanos))).toBeCloseTo(nanos, -3);
  });

  it('holds times outside the flow at its edges, and survives a flow of no duration', () => {
    const scale = timeScale({ from: 0, to: 100 }, [], 700);
    expect([scale.x(-5), scale.x(500), scale.x(Number.NaN)]).toEqual([0, 700, 0]);
    expect(timeScale({ from: 0, to: 0 }, [], 700).x(0)).toBe(0);
  });
});
