/** From a notebook to the one script that the runner gets, in which every line and column is that of the file. */
import { blank } from './lines.ts';
import { type CellNames, duplicatesIn, namesOfScript, ownersOf, PREAMBLE } from './names.ts';
import type { Notebook } from './notebook-format.ts';
import { ScriptSyntaxError } from './script-syntax-error.ts';
import { stripTypes } from './strip.ts';

/** The code cells to run, by index in `notebook.cells`; Markdown cells among them are nothing to run. */
export type Selection = 'all' | readonly number[];

export interface NotebookScript {
  /**
   * JavaScript: the text before the first cell and all code cells down to the last one to run, without types. All else
   * is blank. As long as the file's text without byte order mark, with the same line breaks.
   */
  readonly code: string;
  /** First and last line of each cell to run: experiments in them run, others only define. Null: all run. */
  readonly lines: readonly (readonly [number, number])[] | null;
}

/**
 * The script that runs `selection`. ScriptSyntaxError, at its place in the file, for the first cell that is no complete
 * program and for the first name that two cells define; RangeError for an index that names no cell.
 */
export function scriptFor(notebook: Notebook, selection: Selection): NotebookScript {
  const { cells, preamble } = notebook;
  const chosen = selection === 'all' ? [...cells.keys()] : [...new Set(selection)].sort((a, b) => a - b);
  const unknown = chosen.find((index) => cells[index] === undefined);
  if (unknown !== undefined) throw new RangeError(`there is no cell ${unknown + 1}: the notebook has ${cells.length}`);
  const toRun = chosen.filter((index) => cells[index]?.kind === 'code');
  const last = toRun.at(-1) ?? PREAMBLE;

  const names: CellNames[] = [];
  const strip = (cell: number, body: string, firstLine: number): string => {
    const stripped = stripTypes(body, firstLine);
    names.push(namesOfScript(cell, stripped, body, firstLine));
    return stripped.code;
  };
  const parts = [strip(PREAMBLE, preamble, 1)];
  for (const [index, { kind, marker, body, bodyFirstLine }] of cells.entries()) {
    if (kind === 'markdown' || index > last) parts.push(blank(marker), blank(body));
    // The semicolon keeps a cell that begins with a bracket from becoming part of the last statement above it.
    else parts.push(`;${blank(marker.slice(1))}`, strip(index, body, bodyFirstLine));
  }
  refuseDuplicates(notebook, names);
  const lines = toRun.map((index) => linesOfCell(notebook, index));
  return { code: parts.join(''), lines: selection === 'all' ? null : lines };
}

/** Index of the cell that holds a line of the file; PREAMBLE above the first, the last cell beyond the end. */
export function cellAtLine({ cells }: Notebook, line: number): number {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cells[middle]?.firstLine ?? Number.POSITIVE_INFINITY) <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function linesOfCell({ cells }: Notebook, index: number): readonly [number, number] {
  const cell = cells[index];
  return cell === undefined ? [0, 0] : [cell.firstLine, cell.firstLine + cell.lineCount - 1];
}

function refuseDuplicates(notebook: Notebook, names: readonly CellNames[]): void {
  const [duplicate] = duplicatesIn(notebook, names, ownersOf(names));
  if (duplicate === undefined) return;
  const { line, column } = duplicate.again;
  throw new ScriptSyntaxError(duplicate.message, line, column);
}
