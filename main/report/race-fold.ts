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

/** Rows of a scene that are always kept: who begins. */
const SCENE = 2;
/** A gap this small is not worth the line that tells of it. */
const SMALL_GAP = 1;

/** The row and the calls it happens in, outermost last. */
function withCallers(rows: readonly RaceRow[], index: number): number[] {
  const found = [index];
  let depth = rows[index]?.depth ?? 0;
  for (let i = index - 1; i >= 0 && depth > 0; i--) {
    const row = rows[i];
    if (row === undefined || row.cpu !== rows[index]?.cpu || row.depth >= depth) continue;
    found.push(i);
    depth = row.depth;
  }
  return found;
}

/**
 * Leaves rows out until about `limit` stay: first those that change no shown count, farthest from the failing row first,
 * then the others. A row is kept with the calls it happens in; every gap is told of.
 */
export function elideRows(rows: readonly RaceRow[], limit: number): RaceRow[] {
  if (rows.length <= limit) return [...rows];
  const failing = rows.findIndex((row) => row.failing);
  const target = failing < 0 ? rows.length - 1 : failing;
  const tells = (i: number) => rows[i]?.states.some((state) => state !== null) === true;
  const order = rows
    .map((_, i) => i)
    .sort((x, y) => Number(tells(y)) - Number(tells(x)) || Math.abs(x - target) - Math.abs(y - target) || x - y);
  const kept = new Set([target, ...rows.keys()].slice(0, 1 + SCENE));
  for (const i of order) {
    const wanted = withCallers(rows, i).filter((row) => !kept.has(row));
    if (kept.size + wanted.length > limit) continue;
    for (const row of wanted) kept.add(row);
  }
  const out: RaceRow[] = [];
  for (let i = 0; i < rows.length; ) {
    let gap = 0;
    while (i + gap < rows.length && !kept.has(i + gap)) gap++;
    if (gap > SMALL_GAP) out.push(remark(rows[i], gap));
    else out.push(...rows.slice(i, i + gap));
    i += gap;
    const row = rows[i];
    if (row !== undefined) out.push(row);
    i++;
  }
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
