import { describe, expect, it } from 'vitest';
import { chance } from '../../test/spans.ts';
import type { Relation } from './ast.ts';
import { RELATIONS } from './ast.ts';
import { compileMatcher } from './evaluate.ts';
import { familyOf, related } from './family.ts';
import { parseQuery } from './parse.ts';
import type { TraceView } from './view.ts';

/** A trace of which only the parents are known; any other question fails. */
const viewOf = (parents: readonly number[]): TraceView =>
  new Proxy({} as TraceView, {
    get: (_, question) => {
      if (question === 'count') return parents.length;
      if (question === 'parent') return (span: number) => parents[span];
      if (question === 'durationNanos') return (span: number) => span;
      throw new Error(`nothing is known of ${String(question)}`);
    },
  });

const ancestorsOf = (parents: readonly number[], span: number): Set<number> => {
  const above = new Set<number>();
  for (let next = parents[span] as number; next >= 0 && !above.has(next); next = parents[next] as number)
    above.add(next);
  above.delete(span);
  return above;
};

/** The definition, span by span. */
const stands = (parents: readonly number[], relation: Relation, left: number, right: number): boolean => {
  if (left === right) return false;
  switch (relation) {
    case '>':
      return parents[right] === left;
    case '<':
      return parents[left] === right;
    case '>>':
      return ancestorsOf(parents, right).has(left);
    case '<<':
      return ancestorsOf(parents, left).has(right);
    case '~':
      return parents[left] === parents[right] && (parents[left] as number) >= 0;
  }
};

describe('the relations of spans', () => {
  it('are what their definition says, in trees, among orphans and in cycles', () => {
    const random = chance(7);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let round = 0; round < 2_000; round += 1) {
      const size = 1 + below(9);
      const parents = Array.from({ length: size }, (_, span) => {
        const parent = below(size + 2) - 2;
        return parent === span ? -1 : Math.max(parent, -1);
      });
      const subset = (): number[] => parents.map((_, span) => span).filter(() => random() < 0.5);
      const [left, right] = [subset(), subset()];
      const family = familyOf(viewOf(parents));
      for (const relation of RELATIONS) {
        const expected = right.filter((b) => left.some((a) => stands(parents, relation, a, b)));
        expect(related(relation, left, right, family), `${parents} ${left} ${relation} ${right}`).toEqual(
          expected,
        );
      }
    }
  });

  it('hold between all spans of a cycle', () => {
    // 0 → 1 → 2 → 0, and 3 below 2
    const family = familyOf(viewOf([2, 0, 1, 2]));
    expect(family.cycles).toHaveLength(1);
    expect(related('>>', [3], [0, 1, 2, 3], family)).toEqual([]);
    expect(related('<<', [3], [0, 1, 2, 3], family)).toEqual([0, 1, 2]);
    expect(related('>>', [0], [0, 1, 2, 3], family)).toEqual([1, 2, 3]);
  });

  it.each([
    ['a chain', (span: number) => span - 1],
    ['a fan', (span: number) => (span === 0 ? -1 : 0)],
    ['a ring', (span: number) => (span === 0 ? 99_999 : span - 1)],
    ['a forest of orphans', () => -1],
    ['a binary tree', (span: number) => (span === 0 ? -1 : (span - 1) >> 1)],
  ])('are found in %s of 100 000 spans without recursion and without looking at pairs', (_, parent) => {
    const view = viewOf(Array.from({ length: 100_000 }, (_, span) => parent(span)));
    const started = performance.now();
    for (const relation of ['>', '>>', '<', '<<', '~', '!>>', '&<<', '&~']) {
      compileMatcher(parseQuery(`{} ${relation} {}`).spans).matchedSpans(view);
    }
    // 10^10 pairs would take minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('reach from one end of a long chain to the other', () => {
    const view = viewOf(Array.from({ length: 100_000 }, (_, span) => span - 1));
    const matched = (query: string) => compileMatcher(parseQuery(query).spans).matchedSpans(view);
    expect(matched('{ duration < 1ns } >> { duration >= 99999ns }')).toEqual([99_999]);
    expect(matched('{ duration >= 99999ns } << { duration < 1ns }')).toEqual([0]);
    expect(matched('{ duration >= 99999ns } >> {}')).toEqual([]);
  });
});
