/** Which rows of a long list to draw. */
export interface RowWindow {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

/** The rows that show at this scroll position, with some more on both sides so that scrolling finds them drawn. */
export const windowOf = (
  count: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
  extra = 12,
): RowWindow => {
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - extra);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + extra);
  return { first, end: Math.max(first, end) };
};

/** The scroll position nearest to `scrollTop` at which the row shows whole below a head of `head` pixels. */
export const scrollToRow = (
  index: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
  head = 0,
): number => {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const lowest = top + rowHeight + head - height;
  return lowest > scrollTop ? lowest : scrollTop;
};
