import type { FlowModel, Group, Item, SpanItem, WaitItem } from './model.ts';

interface RowBase {
  readonly key: string;
  /** For `aria-level`, from 1. */
  readonly level: number;
  /** undefined where there is nothing to fold away. */
  readonly expanded: boolean | undefined;
}

export interface GroupRow extends RowBase {
  readonly kind: 'group';
  readonly group: Group;
}

export interface ItemRow extends RowBase {
  readonly kind: 'item';
  readonly item: Item;
}

export type Row = GroupRow | ItemRow;

/** The rows that show: everything but what lies below a collapsed group or span. */
export const visibleRows = (model: FlowModel, collapsed: ReadonlySet<string>): Row[] => {
  const rows: Row[] = [];
  for (const group of model.groups) {
    const open = !collapsed.has(group.key);
    rows.push({ kind: 'group', key: group.key, level: 1, expanded: open, group });
    if (!open) continue;
    for (let index = 0; index < group.items.length; index++) {
      const item = group.items[index]!;
      const expanded = item.below > 0 ? !collapsed.has(item.key) : undefined;
      rows.push({ kind: 'item', key: item.key, level: item.depth + 2, expanded, item });
      if (expanded === false) index += item.below;
    }
  }
  return rows;
};

/** The keys of everything that has something below it, from this depth on: collapsing them all leaves an outline. */
export const collapsible = (model: FlowModel, fromDepth: number): Set<string> => {
  const keys = new Set<string>();
  for (const group of model.groups)
    for (const item of group.items) if (item.below > 0 && item.depth >= fromDepth) keys.add(item.key);
  return keys;
};

/** `collapsed` without what hides the row with this key. */
export const revealed = (
  model: FlowModel,
  collapsed: ReadonlySet<string>,
  key: string,
): ReadonlySet<string> => {
  if (collapsed.size === 0) return collapsed;
  for (const group of model.groups) {
    const place = group.items.findIndex((item) => item.key === key);
    if (place < 0) continue;
    const hiding = group.items.filter((item, index) => index < place && index + item.below >= place);
    const keys = [group.key, ...hiding.map((item) => item.key)].filter((hider) => collapsed.has(hider));
    return keys.length > 0 ? new Set([...collapsed].filter((kept) => !keys.includes(kept))) : collapsed;
  }
  return collapsed;
};

/** The item a link means: `span` holds a span id, or a row's own key. */
export const itemOf = (model: FlowModel, wanted: string | null): SpanItem | WaitItem | undefined =>
  wanted === null
    ? undefined
    : (model.spans.get(wanted.toLowerCase()) ?? model.waits.find((wait) => wait.key === wanted));

/** What the URL calls an item. */
export const linkOf = (item: Item): string => (item.kind === 'span' ? item.span.spanId : item.key);
