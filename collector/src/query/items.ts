import type { SyntaxNode } from '@lezer/common';

/** An expression in a row: operands and the operators between them, parentheses as operands of their own. */
export type Item =
  | { readonly kind: 'operand'; readonly node: SyntaxNode; readonly from: number }
  | { readonly kind: 'group'; readonly node: SyntaxNode; readonly from: number }
  | { readonly kind: 'operator' | 'prefix'; readonly text: string; readonly from: number };

/**
 * The row of a `FieldExpression` or `SpansetPipelineExpression`, read without recursion: long rows are deep trees.
 *
 * The grammar binds operators otherwise than Tempo does (a minus takes in everything after it, structural operators
 * have five ranks), so the order of evaluation is decided on the row and not taken from the tree.
 */
export const rowOf = (expression: SyntaxNode, plain: string): readonly Item[] => {
  const row: Item[] = [];
  const rest: (SyntaxNode | Item)[] = [expression];
  while (rest.length > 0) {
    const next = rest.pop() as SyntaxNode | Item;
    if ('kind' in next) row.push(next);
    else rest.push(...partsOf(next, expression.name, plain).reverse());
  }
  return row;
};

const partsOf = (node: SyntaxNode, name: string, plain: string): (SyntaxNode | Item)[] => {
  const children = childrenOf(node);
  const [first, second] = children;
  if (first === undefined) return [{ kind: 'operand', node, from: node.from }];
  const parts = children.filter((child) => child.name === name);
  if (parts.length === 0) {
    const wrapped = first.name === 'WrappedSpansetPipeline';
    return [
      wrapped
        ? { kind: 'group', node: first, from: first.from }
        : { kind: 'operand', node: first, from: first.from },
    ];
  }
  if (parts.length === 1) {
    const mark = plain[node.from];
    if (mark === '(') return [{ kind: 'group', node: first, from: node.from }];
    return [{ kind: 'prefix', text: mark as string, from: node.from }, first];
  }
  const [left, right] = parts as [SyntaxNode, SyntaxNode];
  // The grammar gives `~` no node.
  const named = second === right ? undefined : second;
  const text = named ? plain.slice(named.from, named.to) : '~';
  const from = named ? named.from : plain.indexOf('~', left.to);
  return [left, { kind: 'operator', text, from }, right];
};

/** Comments are blanks in the plain text, so that no node is one. */
export const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
};

/** The rows between the operators of this text. */
export const splitAt = (row: readonly Item[], operator: string): readonly (readonly Item[])[] => {
  const parts: Item[][] = [[]];
  for (const item of row) {
    if (item.kind === 'operator' && item.text === operator) parts.push([]);
    else parts[parts.length - 1]?.push(item);
  }
  return parts;
};
