/**
 * Which cell defines and uses which names: one name belongs to one cell, a cell uses names of the cells above it, and
 * is stale when one of those was edited. Types are not names here: they are gone when a script runs.
 */
import { positionAt } from './lines.ts';
import type { Cell, Notebook } from './notebook-format.ts';
import { type DefinedName, namesIn, type UsedName } from './scopes.ts';
import { ScriptSyntaxError } from './script-syntax-error.ts';
import { type StrippedScript, stripTypes } from './strip.ts';

/** Index of the text before the first cell, which is run as if it were a cell. */
export const PREAMBLE = -1;

export interface Place {
  /** Index in `notebook.cells`, or PREAMBLE. */
  readonly cell: number;
  /** 1-based, in the file. */
  readonly line: number;
  readonly column: number;
}
export interface Definition extends Omit<DefinedName, 'offset'>, Place {}
export interface Reference extends Omit<UsedName, 'offset'>, Place {}

export interface CellNames {
  readonly cell: number;
  readonly definitions: readonly Definition[];
  /** Names that the cell does not define itself: those of other cells and of the interface. */
  readonly references: readonly Reference[];
  /** What keeps the cell from being read; it has no names then. */
  readonly error: ScriptSyntaxError | null;
}

/** A name that two cells define. */
export interface Duplicate {
  readonly first: Definition;
  readonly again: Definition;
  readonly message: string;
}

/** A name that only a cell further down defines. */
export interface EarlyUse {
  readonly reference: Reference;
  readonly definition: Definition;
  readonly message: string;
}

export interface NotebookNames {
  readonly preamble: CellNames;
  /** One for each cell; Markdown cells have no names. */
  readonly cells: readonly CellNames[];
  readonly duplicates: readonly Duplicate[];
  readonly usedBeforeDefinition: readonly EarlyUse[];
  /**
   * For each cell, the cells above (PREAMBLE among them) that define or assign a name that it uses. What a cell changes
   * inside an object is not seen.
   */
  readonly dependsOn: readonly ReadonlySet<number>[];
}

/** Reads the names of all cells. A cell that cannot be read does not hinder the others. */
export function namesOf(notebook: Notebook): NotebookNames {
  const preamble = readNames(PREAMBLE, notebook.preamble, 1);
  const cells = notebook.cells.map((cell, index) =>
    cell.kind === 'code' ? readNames(index, cell.body, cell.bodyFirstLine) : noNames(index),
  );
  return namesFrom(notebook, preamble, cells);
}

/** The same, of cells that were read already; their places within a cell need not be the file's for `dependsOn`. */
export function namesFrom(notebook: Notebook, preamble: CellNames, cells: readonly CellNames[]): NotebookNames {
  const all = [preamble, ...cells];
  const owners = ownersOf(all);
  return {
    preamble,
    cells,
    duplicates: duplicatesIn(notebook, all, owners),
    usedBeforeDefinition: earlyUses(notebook, all, owners),
    dependsOn: dependencies(all),
  };
}

/** The cells below `cell` (PREAMBLE allowed) that depend on it, at first or at second hand. */
export function staleAfter(names: NotebookNames, cell: number): ReadonlySet<number> {
  const stale = new Set<number>();
  names.dependsOn.forEach((above, index) => {
    if (above.has(cell) || [...above].some((other) => stale.has(other))) stale.add(index);
  });
  return stale;
}

/** The names of a cell that was stripped already. */
export function namesOfScript(cell: number, { program }: StrippedScript, body: string, firstLine: number): CellNames {
  const { defined, used } = namesIn(program);
  const [placeDefinition, placeReference] = [placer(cell, body, firstLine), placer(cell, body, firstLine)];
  return {
    cell,
    definitions: defined.map(({ name, kind, offset }) => ({ name, kind, ...placeDefinition(offset) })),
    references: used.map(({ name, writes, deferred, offset }) => ({
      name,
      writes,
      deferred,
      ...placeReference(offset),
    })),
    error: null,
  };
}

/** The first definition of each name. `cells` are in the order of the file. */
export function ownersOf(cells: readonly CellNames[]): ReadonlyMap<string, Definition> {
  const owners = new Map<string, Definition>();
  for (const { definitions } of cells) {
    for (const definition of definitions) if (!owners.has(definition.name)) owners.set(definition.name, definition);
  }
  return owners;
}

/** Names that a second cell defines, once for each such cell and name. */
export function duplicatesIn(
  notebook: Notebook,
  cells: readonly CellNames[],
  owners: ReadonlyMap<string, Definition>,
): Duplicate[] {
  return cells.flatMap(({ cell, definitions }) => {
    const seen = new Set<string>();
    return definitions.flatMap((again) => {
      const first = owners.get(again.name);
      if (first === undefined || first.cell === cell || seen.has(again.name)) return [];
      seen.add(again.name);
      const where = `${cellLabel(notebook, first.cell)}, line ${first.line}`;
      return [{ first, again, message: `'${again.name}' is already defined in ${where}: rename one of the two` }];
    });
  });
}

/** How people call a cell: `cell 2 (head)`, numbered from 1 as in the window. */
export function cellLabel(notebook: Notebook, index: number): string {
  const cell: Cell | undefined = notebook.cells[index];
  if (cell === undefined) return 'the text before cell 1';
  return cell.title === '' ? `cell ${index + 1}` : `cell ${index + 1} (${cell.title})`;
}

/** A cell without names, or one that cannot be read. */
export function noNames(cell: number, error: ScriptSyntaxError | null = null): CellNames {
  return { cell, definitions: [], references: [], error };
}

function readNames(cell: number, body: string, firstLine: number): CellNames {
  try {
    return namesOfScript(cell, stripTypes(body, firstLine), body, firstLine);
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return noNames(cell, error);
    throw error;
  }
}

function earlyUses(
  notebook: Notebook,
  cells: readonly CellNames[],
  owners: ReadonlyMap<string, Definition>,
): EarlyUse[] {
  return cells.flatMap(({ cell, references }) =>
    references.flatMap((reference) => {
      const definition = owners.get(reference.name);
      if (definition === undefined || definition.cell <= cell) return [];
      const where = `${cellLabel(notebook, definition.cell)}, line ${definition.line}`;
      const message = `'${reference.name}' is defined only below, in ${where}: move this cell after it`;
      return [{ reference, definition, message }];
    }),
  );
}

function dependencies(cells: readonly CellNames[]): ReadonlySet<number>[] {
  const sources = new Map<string, Set<number>>();
  const dependsOn = cells.map(({ cell, definitions, references }) => {
    const above = new Set<number>();
    for (const { name } of references) for (const source of sources.get(name) ?? []) above.add(source);
    const written = references.filter(({ writes }) => writes);
    for (const { name } of [...definitions, ...written]) {
      const of = sources.get(name) ?? new Set<number>();
      sources.set(name, of.add(cell));
    }
    return above;
  });
  return dependsOn.slice(1);
}

/** Offsets that never shrink are placed without counting lines from the top each time. */
function placer(cell: number, body: string, firstLine: number): (offset: number) => Place {
  let [from, line] = [0, firstLine];
  return (offset) => {
    const at = positionAt(body.slice(from, Math.max(offset, from)), offset - from);
    line += at.line - 1;
    from = offset - at.column + 1;
    return { cell, line, column: at.column };
  };
}
