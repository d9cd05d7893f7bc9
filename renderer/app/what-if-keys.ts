/** Under which keys the answers to "what if" stand among the runs of cells. */

/** Between a cell's id and the number of a question about it. */
const MARK = '~';

/** The cell that a key of `cellRuns` is about: its own id, or that of the cell a question is about. */
export function cellOf(key: string): string {
  return key.split(MARK)[0] ?? key;
}

/** A key that no run has. */
export function nextKey(runs: ReadonlyMap<string, unknown>, cellId: string): string {
  let n = 1;
  while (runs.has(`${cellId}${MARK}${n}`)) n++;
  return `${cellId}${MARK}${n}`;
}
