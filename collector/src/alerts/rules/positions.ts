import { type Document, isMap, isPair, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { RulesProblem } from './error.ts';

export interface Positions {
  /** Of the value at the path, or of the nearest thing around it that exists. */
  value(path: readonly PropertyKey[]): Omit<RulesProblem, 'message'>;
  /** Of a key in the mapping at the path. */
  key(path: readonly PropertyKey[], key: string): Omit<RulesProblem, 'message'>;
  /** Of a place in the text. */
  offset(offset: number): Omit<RulesProblem, 'message'>;
}

const pairOf = (node: unknown, key: PropertyKey): Pair | undefined =>
  isMap(node)
    ? node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key))
    : undefined;

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

/** Where things stand in the file, for messages that name line and column. */
export const positionsIn = (document: Document, lines: LineCounter): Positions => {
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  const walk = (path: readonly PropertyKey[]): { node: unknown; start: number } => {
    let node: unknown = document.contents;
    let start = startOf(node) ?? 0;
    for (const step of path) {
      const next = isSeq(node) ? node.items[Number(step)] : pairOf(node, step)?.value;
      if (next === undefined) break;
      start = startOf(next) ?? startOf(pairOf(node, step)?.key) ?? start;
      node = next;
    }
    return { node, start };
  };

  return {
    offset: at,
    value: (path) => at(walk(path).start),
    key: (path, key) => {
      const { node, start } = walk(path);
      return at(startOf(pairOf(node, key)?.key) ?? start);
    },
  };
};
