/**
 * The CPU0/CPU1 table that reviewers ask for: time runs down, one event a line, a column a CPU, callees indented under
 * callers, the counts on the right, the failing step underlined. See Documentation/process/maintainer-tip.rst.
 *
 * A table that is too wide is shortened in a fixed order: arguments go first, then nesting narrows to one blank, value
 * spans lose their blanks, the second state column goes, a prefix that names share is folded, calls that only pass on
 * are left out, and at last the cells are cut. With three CPUs and more, a CPU number on each line replaces the columns
 * before anything is cut.
 */
import type { Failure } from '../engine/result.ts';
import { stepCount, type Trace } from '../engine/trace.ts';
import { columnsOf, cut, padEnd, padStart, plain, WIDTH, wrap } from './columns.ts';
import { commonPrefix } from './prefix.ts';
import { elideRows, foldRows } from './race-fold.ts';
import { type RaceRow, raceRows, type StateSpan } from './race-rows.ts';
import { stateWords } from './race-words.ts';
import { at } from './steps.ts';
import { ownerName, valueText } from './values.ts';

export interface RaceTableOptions {
  readonly width?: number;
  /** Rows kept; those farthest from the failing step are left out first. */
  readonly maxRows?: number;
  /** Id of the kernel whose function names are used; the model's where there is none. */
  readonly kernel?: string;
}

/** What is broken, or null for a schedule that breaks nothing. */
export type Broken = Pick<Failure, 'failingStep' | 'message'> | null;

/** How much a table is shortened. Every field is one rung; {@link LADDER} has them in order. */
interface Fit {
  readonly args: boolean;
  readonly indent: number;
  readonly spans: string;
  readonly fold: boolean;
  readonly states: number;
  readonly cut: boolean;
}

const FULL: Fit = { args: true, indent: 2, spans: ' ... ', fold: false, states: 2, cut: false };
const LADDER: readonly Fit[] = [
  FULL,
  { ...FULL, args: false },
  { ...FULL, args: false, indent: 1 },
  { ...FULL, args: false, indent: 1, spans: '..' },
  { ...FULL, args: false, indent: 1, spans: '..', fold: true },
  { ...FULL, args: false, indent: 1, spans: '..', states: 1 },
  { ...FULL, args: false, indent: 1, spans: '..', states: 1, fold: true },
  { ...FULL, args: false, indent: 1, spans: '..', states: 1, cut: true },
];

/** Room that the first of two columns takes when there is enough: the second starts at column 34, as tip asks. */
const FIRST_OF_TWO = 30;
const INDENT = 2;
const GAP = 2;
const MIN_CELL = 12;
/** What the head of a state column and a value may take once cells are cut: two counts of an int and their dots. */
const CUT_HEAD = 16;
const CUT_STATE = 24;

/** The rows of a schedule and the heads of its columns, before they are fitted. */
interface Content {
  readonly trace: Trace;
  readonly rows: readonly RaceRow[];
  readonly words: readonly number[];
  readonly roles: readonly string[];
  readonly broken: Broken;
}

function contentOf(trace: Trace, broken: Broken, maxRows: number, how: { thin: boolean; kernel: string }): Content {
  const last = broken ?? { failingStep: stepCount(trace) - 1, message: '' };
  const words = stateWords(trace, last, FULL.states);
  const { rows, cpus } = raceRows(trace, words, broken?.failingStep ?? -1, how);
  const roles = cpus.map((actors) => actors.map((actor) => plain(at(trace.actors, actor, 'actor').name)).join(', '));
  return { trace, rows: withInitial(trace, words, elideRows(foldRows(rows), maxRows)), words, roles, broken };
}

/** Puts the values before the first step on the first row, or on a row of their own where that has values itself. */
function withInitial(trace: Trace, words: readonly number[], rows: readonly RaceRow[]): RaceRow[] {
  const states = words.map((word): StateSpan => {
    const text = valueText(trace, word, trace.initial[word] ?? 0);
    return { first: text, last: text };
  });
  const first = rows[0];
  if (first !== undefined && first.cpu >= 0 && first.step === null) return [{ ...first, states }, ...rows.slice(1)];
  return [{ cpu: -1, depth: 0, text: '', short: '', count: 1, states, step: null, failing: false }, ...rows];
}

/** A row's cell under a rung of the ladder, without its count. */
function cellText(row: RaceRow, fit: Fit, prefix: string): string {
  const text = fit.args ? row.text : row.short;
  return fit.fold && prefix !== '' ? text.split(prefix).join('~') : text;
}

function counted(row: RaceRow, text: string): string {
  return row.count > 1 ? `${text} x ${row.count}` : text;
}

function stateText(state: StateSpan | null | undefined, fit: Fit): string {
  if (state == null) return '';
  const text = state.first === state.last ? state.first : `${state.first}${fit.spans}${state.last}`;
  // An entry's value names its page, and a name may be as long as its author liked.
  return fit.cut ? cut(text, CUT_STATE) : text;
}

/** A table with every width decided. */
interface Layout {
  readonly fit: Fit;
  readonly prefix: string;
  /** Heads of the state columns: the field, and below it the object it belongs to. */
  readonly titles: readonly string[];
  readonly owners: readonly string[];
  /** Widths of the CPU columns; one entry in the layout with a CPU number a line. */
  readonly cells: readonly number[];
  readonly states: readonly number[];
  /** True where a CPU number stands before each line instead of a column a CPU. */
  readonly lanes: boolean;
}

function laneTag(row: RaceRow): string {
  return row.cpu < 0 ? '      ' : padEnd(`CPU${row.cpu}`, 6);
}

/** Tries one rung; null where it is still too wide. */
function layoutFor(content: Content, fit: Fit, lanes: boolean, width: number): Layout | null {
  const { rows, words, trace } = content;
  const shownWords = words.slice(0, fit.states);
  const longest = fit.cut ? CUT_HEAD : WIDTH;
  const titles = shownWords.map((word) => cut(plain(at(trace.words, word, 'word').field), longest));
  const owners = shownWords.map((word) => cut(ownerName(trace, word), longest));
  const states = titles.map((title, w) =>
    Math.max(
      columnsOf(title),
      columnsOf(owners[w] ?? ''),
      ...rows.map((row) => columnsOf(stateText(row.states[w], fit))),
    ),
  );
  const prefix = fit.fold ? commonPrefix(rows.map((row) => row.text)) : '';
  const columns = lanes ? 1 : Math.max(1, content.roles.length);
  const need = Array.from({ length: columns }, (_, cpu) =>
    Math.max(
      lanes ? 3 : 6,
      ...rows
        .filter((row) => row.cpu >= 0 && (lanes || row.cpu === cpu))
        .map((row) => row.depth * fit.indent + columnsOf(counted(row, cellText(row, fit, prefix))) + (lanes ? 6 : 0)),
    ),
  );
  const room = width - INDENT - states.reduce((sum, w) => sum + w + GAP, 0) - GAP * (columns - 1);
  let cells = need;
  const total = need.reduce((sum, w) => sum + w, 0);
  if (total > room) {
    if (!fit.cut) return null;
    cells = shrink(need, room);
  } else if (columns === 2) {
    const first = need[0] ?? 0;
    cells = [Math.max(first, Math.min(FIRST_OF_TWO, first + room - total)), ...need.slice(1)];
  }
  const used = cells.reduce((sum, w) => sum + w, 0);
  const lastCell = cells.at(-1) ?? 0;
  const wide = Math.min(lastCell + room - used, Math.max(lastCell, columns === 1 ? 40 : 21));
  return { fit, prefix, titles, owners, cells: [...cells.slice(0, -1), wide], states, lanes };
}

/** Takes columns from the widest cells until they fit. */
function shrink(need: readonly number[], room: number): number[] {
  const cells = [...need];
  const floor = Math.min(MIN_CELL, Math.floor(room / cells.length));
  for (let over = cells.reduce((sum, w) => sum + w, 0) - room; over > 0; over--) {
    const widest = cells.indexOf(Math.max(...cells));
    if ((cells[widest] ?? 0) <= floor) break;
    cells[widest] = (cells[widest] ?? 0) - 1;
  }
  return cells;
}

/** The first layout that fits: all rungs with all calls, then without the calls that only pass on, then cut cells. */
function chooseLayout(contents: readonly Content[], width: number): { content: Content; layout: Layout } {
  const many = contents.some((content) => content.roles.length > 2);
  for (const cut of [false, true]) {
    for (const lanes of many ? [false, true] : [false]) {
      for (const content of contents) {
        for (const fit of LADDER) {
          if (fit.cut !== cut || (cut && many && !lanes)) continue;
          const layout = layoutFor(content, fit, lanes, width);
          if (layout !== null) return { content, layout };
        }
      }
    }
  }
  throw new Error('a race table with cut cells fits any width'); // the last rung never returns null
}

/** Assembles one line: indent, CPU cells, state cells. */
function lineOf(layout: Layout, cells: readonly string[], states: readonly string[]): string {
  const left = layout.cells.map((w, i) => padEnd(cells[i] ?? '', w)).join(' '.repeat(GAP));
  const right = layout.states.map((w, i) => ' '.repeat(GAP) + padStart(states[i] ?? '', w)).join('');
  return (' '.repeat(INDENT) + left + right).trimEnd();
}

function headLines(content: Content, layout: Layout): string[] {
  const rules = layout.titles.map((title, w) =>
    '-'.repeat(Math.max(columnsOf(title), columnsOf(layout.owners[w] ?? ''))),
  );
  if (layout.lanes) {
    const roles = content.roles.map((role, cpu) => `CPU${cpu} is ${role || 'idle'}`).join(', ');
    const legend = wrap(roles, WIDTH, ' '.repeat(INDENT));
    return [
      ...legend,
      '',
      lineOf(layout, ['CPU'], layout.titles),
      lineOf(layout, [], layout.owners),
      lineOf(layout, ['----'], rules),
    ];
  }
  const names = content.roles.map((_, cpu) => `CPU${cpu}`);
  const roles = content.roles.map((role, cpu) => cut(role, layout.cells[cpu] ?? 0));
  return [
    lineOf(layout, names, layout.titles),
    lineOf(layout, roles, layout.owners),
    lineOf(
      layout,
      names.map(() => '----'),
      rules,
    ),
  ];
}

/** One row, and under a failing one the `^^^^` with what is broken. */
function rowLines(content: Content, layout: Layout, row: RaceRow, width: number): string[] {
  const { fit, prefix } = layout;
  const states = layout.titles.map((_, w) => stateText(row.states[w], fit));
  if (row.cpu < 0) {
    if (row.text !== '') return [' '.repeat(INDENT) + row.text];
    return [lineOf(layout, [], states)];
  }
  const column = layout.lanes ? 0 : row.cpu;
  const room = layout.cells[column] ?? 0;
  const indent = ' '.repeat(Math.min(row.depth * fit.indent, Math.max(0, room - MIN_CELL)));
  const tag = layout.lanes ? laneTag(row) : '';
  const bare = cut(cellText(row, fit, prefix), room - indent.length - tag.length - counted(row, '').length);
  const cells = layout.cells.map((_, i) => (i === column ? tag + indent + counted(row, bare) : ''));
  const line = lineOf(layout, cells, states);
  if (!row.failing || content.broken === null) return [line];
  const start =
    INDENT + layout.cells.slice(0, column).reduce((sum, w) => sum + w + GAP, 0) + tag.length + indent.length;
  return [line, ...underline(start, columnsOf(bare), plain(content.broken.message), width)];
}

function underline(start: number, length: number, message: string, width: number): string[] {
  const carets = ' '.repeat(start) + '^'.repeat(length);
  if (message === '') return [carets];
  if (columnsOf(carets) + 1 + columnsOf(message) <= width) return [`${carets} ${message}`];
  const left = ' '.repeat(Math.min(start, width - 36));
  return [carets, ...wrap(message, width, left)];
}

/**
 * The table as lines of at most `width` columns, each indented by two: nothing at column 0, no tab.
 * @throws RangeError if the trace points outside its own tables.
 */
export function raceTable(trace: Trace, broken: Broken, options: RaceTableOptions = {}): string[] {
  const width = options.width ?? WIDTH;
  const maxRows = options.maxRows ?? 40;
  const contents = [false, true].map((thin) =>
    contentOf(trace, broken, maxRows, { thin, kernel: options.kernel ?? '' }),
  );
  const { content, layout } = chooseLayout(contents, width);
  const folded = layout.prefix === '' ? [] : wrap(`~ stands for "${layout.prefix}"`, width, ' '.repeat(INDENT));
  return [
    ...folded,
    ...headLines(content, layout),
    ...content.rows.flatMap((row) => rowLines(content, layout, row, width)),
  ];
}
