/** Making a long schedule readable: equal calls in a row are counted, rows far from the failure left out. */
import type { RaceRow } from './race-rows.ts';

/** Longest block of rows that is recognised as one repeated call. */
const LONGEST_BLOCK = 8;
/** A call is written out twice before it is counted. */
const FEWEST = 3;

function sameRow(x: RaceRow, y: RaceRow): boolean {
  return x.cpu === y.cpu && x.depth === y.depth && x.text === y.text && !x.failing && !y.failing;
}

/** How often the block of `length` rows at `from` follows itself, itself included. */
function repeats(rows: readonly RaceRow[], from: number, length: number): number {
  const block = rows.slice(from, from + length);
  const first = block[0];
  // The count stands on the block's first row, so that must be the call all others happen in.
  if (first === undefined || block.length < length || block.some((row, i) => i > 0 && row.depth <= first.depth))
    return 1;
  if (block.some((row) => row.failing || row.cpu !== first.cpu)) return 1;
  let count = 1;
  while (
    block.every((row, i) => {
      const other = rows[from + count * length + i];
      return other !== undefined && sameRow(row, other);
    })
  )
    count++;
  return count;
}

/** Replaces runs of equal blocks by one block with a count and the first and last state of each row. */
export function foldRows(rows: readonly RaceRow[]): RaceRow[] {
  const out: RaceRow[] = [];
  for (let i = 0; i < rows.length; ) {
    let length = 1;
    let count = 1;
    for (let p = 1; p <= LONGEST_BLOCK && count < FEWEST; p++) {
      length = p;
      count = repeats(rows, i, p);
    }
    const row = rows[i];
    if (row === undefined) break;
    if (count < FEWEST) {
      out.push(row);
      i++;
      continue;
    }
    for (let k = 0; k < length; k++) {
      const first = rows[i + k];
      const last = rows[i + (count - 1) * length + k];
      if (first === undefined || last === undefined) continue;
      const states = first.states.map((state, w) => {
        const end = last.states[w];
        return state === null || end == null ? null : { first: state.first, last: end.last };
      });
      out.push({ ...first, count: k === 0 ? count : 1, states, step: last.step });
    }
    i += count * length;
  }
  return out;
}

/** Leaves out the rows farthest before the failing one (and after it), at most `limit` rows stay. */
export function elideRows(rows: readonly RaceRow[], limit: number): RaceRow[] {
  if (rows.length <= limit) return [...rows];
  const failing = rows.findIndex((row) => row.failing);
  const target = failing < 0 ? rows.length - 1 : failing;
  const scene = Math.floor(limit / 3);
  const to = Math.min(rows.length, target + Math.max(2, Math.floor(limit / 6)));
  const from = Math.max(scene, to - (limit - scene));
  const out = rows.slice(0, scene);
  if (from > scene) out.push(remark(rows[scene], from - scene));
  out.push(...rows.slice(from, to));
  if (to < rows.length) out.push(remark(rows[to], rows.length - to));
  return out;
}

function remark(model: RaceRow | undefined, left: number): RaceRow {
  return {
    cpu: -1,
    depth: 0,
    text: `... (${left} ${left === 1 ? 'row' : 'rows'} left out)`,
    short: '',
    count: 1,
    states: model?.states.map(() => null) ?? [],
    step: null,
    failing: false,
  };
}
