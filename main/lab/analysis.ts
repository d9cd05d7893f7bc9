/** What the window asks of a notebook's text as it is typed: who depends on whom, and what could be asked "what if". */
import type { CellAnalysis, NotebookAnalysis } from '../../preload/contract.ts';
import { type CellNames, namesFrom, namesOfScript, noNames, PREAMBLE } from './names.ts';
import { parse } from './notebook-format.ts';
import { ScriptSyntaxError } from './script-syntax-error.ts';
import { stripTypes } from './strip.ts';
import { controlsOf, type LooseControl } from './what-if.ts';

/** Bodies whose reading is remembered: an edit changes one cell, and reading all of a large notebook takes a while. */
const REMEMBERED = 2000;

/** A body read as if it began on this line: its first could hold `#!`, which only a file's first line may. */
const SOMEWHERE = 2;

interface Read {
  readonly names: CellNames;
  readonly controls: readonly LooseControl[];
}

/** Reads notebooks, and remembers the cells that it has read. */
export class Analyst {
  readonly #read = new Map<string, Read>();

  analyse(text: string): NotebookAnalysis {
    const notebook = parse(text);
    const preamble = this.#cell(PREAMBLE, notebook.preamble);
    const cells = notebook.cells.map((cell, index) =>
      cell.kind === 'code' ? this.#cell(index, cell.body) : { names: noNames(index), controls: [] },
    );
    const { dependsOn } = namesFrom(
      notebook,
      preamble.names,
      cells.map(({ names }) => names),
    );
    let at = notebook.bom.length;
    const place = (index: number, { controls }: Read, marker: number, length: number): CellAnalysis => {
      const from = at + marker;
      at = from + length;
      return {
        cell: index,
        needs: needsOf(dependsOn, index),
        controls: controls.map((one) => placed(one, index, from)),
      };
    };
    const first = place(PREAMBLE, preamble, 0, notebook.preamble.length);
    const rest = notebook.cells.map(({ marker, body }, index) => {
      const read = cells[index] ?? { names: noNames(index), controls: [] };
      return place(index, read, marker.length, body.length);
    });
    return { cells: [first, ...rest] };
  }

  #cell(index: number, body: string): Read {
    const known = this.#read.get(body);
    const read = known ?? readBody(body);
    // Asked for last, forgotten last.
    this.#read.delete(body);
    this.#read.set(body, read);
    for (const oldest of this.#read.keys()) {
      if (this.#read.size <= REMEMBERED) break;
      this.#read.delete(oldest);
    }
    return { controls: read.controls, names: { ...read.names, cell: index } };
  }
}

function readBody(body: string): Read {
  try {
    const script = stripTypes(body, SOMEWHERE);
    return { names: namesOfScript(0, script, body, SOMEWHERE), controls: controlsOf(script.program) };
  } catch (error) {
    // TypeScript says what is wrong with it, at its place.
    if (error instanceof ScriptSyntaxError) return { names: noNames(0, error), controls: [] };
    throw error;
  }
}

/** The cells that a cell needs, at first or at second hand, in the order of the file. */
function needsOf(dependsOn: readonly ReadonlySet<number>[], cell: number): readonly number[] {
  const needs = new Set<number>();
  const add = (index: number) => {
    for (const above of dependsOn[index] ?? []) {
      if (needs.has(above) || above === index) continue;
      needs.add(above);
      add(above);
    }
  };
  add(cell);
  needs.delete(cell);
  return [...needs].sort((a, b) => a - b);
}

function placed(control: LooseControl, cell: number, from: number) {
  const edits = control.edits.map((edit) => ({ ...edit, from: edit.from + from, to: edit.to + from }));
  return { ...control, id: `${cell}/${control.label}`, edits };
}
