/** Which rows of a long list of equal rows are drawn. Never more than a screen and a margin, whatever the length. */
export interface RowWindow {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Height of the rows left out above and below, in pixels. */
  readonly above: number;
  readonly below: number;
}

/** Rows drawn beyond each edge, so that a key press shows no gap. */
const MARGIN = 20;

export function rowWindow(count: number, rowHeight: number, scrollTop: number, viewHeight: number): RowWindow {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const visible = Math.ceil(Math.max(viewHeight, rowHeight) / rowHeight);
  const from = Math.max(0, Math.min(first, count - visible) - MARGIN);
  const to = Math.min(count, from + visible + 2 * MARGIN);
  return { from, to, above: from * rowHeight, below: (count - to) * rowHeight };
}

/** The scroll position that shows `row` with two rows around it, or the present one where it is in view already. */
export function reveal(row: number, rowHeight: number, scrollTop: number, viewHeight: number): number {
  const top = Math.max(0, (row - 2) * rowHeight);
  const bottom = (row + 3) * rowHeight;
  if (top < scrollTop) return top;
  if (bottom > scrollTop + viewHeight) return bottom - viewHeight;
  return scrollTop;
}
