/**
 * Runs as the cells see them: which result belongs to which cell, and in what stage a cell is. Pure: snapshots in,
 * snapshots out. Results know lines of the text that ran, so the text that ran is what places them.
 */
import type { ExperimentResult, Progress, ScriptError } from '../../main/engine/result.ts';
import { type Notebook, parse } from '../../main/lab/notebook-format.ts';
import type { PlannedExperiment, RunSummary, StoredRun } from '../../preload/contract.ts';
import { basisIndex, basisOf, findCell, locate, viewCells } from './document.ts';
import { type ActiveRun, type AppState, type CellRun, STARTING } from './state.ts';

type CellRuns = ReadonlyMap<string, CellRun>;

/** What is to run: the cells `cells` of `doc`. */
export interface Asked extends Pick<ActiveRun, 'doc' | 'cells' | 'asks'> {}

/** The cells wait for a run of the notebook. What they showed before is gone. */
export function queueRun(state: AppState, { doc, cells, asks }: Asked, now: number): AppState {
  if (state.notebook === null) return state;
  const cellRuns = new Map(state.cellRuns);
  for (const id of cells) cellRuns.set(keyOf({ asks }, id), freshRun(doc, id, STARTING, now));
  const keys = cells.map((id) => keyOf({ asks }, id));
  const run: ActiveRun = { runId: STARTING, doc, cells: keys, startedAt: now, progress: null, stopping: false, asks };
  return { ...state, run, cellRuns, notice: null };
}

/** Where the results of a cell stand in `cellRuns`: under its id, or under the key of the question that is asked. */
function keyOf({ asks }: Pick<ActiveRun, 'asks'>, cellId: string): string {
  return asks?.cellId === cellId ? asks.key : cellId;
}

function freshRun(doc: Notebook, id: string, runId: number, now: number): CellRun {
  return {
    runId,
    stage: 'queued',
    basis: basisOf(doc),
    index: basisIndex(doc, id),
    ran: doc,
    place: doc.cells.findIndex((cell) => cell.id === id),
    closure: null,
    outdated: false,
    planned: [],
    progress: null,
    results: [],
    printed: [],
    error: null,
    firstLine: findCell(doc, id)?.firstLine ?? 1,
    startedAt: now,
    seconds: null,
  };
}

/** Main has numbered the run, and evaluates its script: the first cell runs, whatever that is going to be. */
export function nameRun(state: AppState, runId: number): AppState {
  const { run } = state;
  if (run === null) return state;
  const cellRuns = mapRuns(state.cellRuns, STARTING, (cell, id) => ({
    ...cell,
    runId,
    stage: id === run.cells[0] ? 'running' : 'queued',
  }));
  return { ...state, run: { ...run, runId }, cellRuns };
}

/** Main refused the run: the cells are as if they had never been asked for. */
export function dropRun(state: AppState): AppState {
  const cellRuns = new Map([...state.cellRuns].filter(([, run]) => run.runId !== STARTING));
  return { ...state, run: null, cellRuns };
}

function mapRuns(runs: CellRuns, runId: number, change: (run: CellRun, id: string) => CellRun): CellRuns {
  return new Map([...runs].map(([id, run]) => [id, run.runId === runId ? change(run, id) : run]));
}

/** The script has been evaluated: cells that declare no experiment are done, the others wait for theirs. */
export function planRun(state: AppState, runId: number, plan: readonly PlannedExperiment[]): AppState {
  const { run } = state;
  if (run?.runId !== runId) return state;
  const owned = new Map<string, PlannedExperiment[]>();
  for (const experiment of plan) {
    const id = locate(run.doc, experiment.line)?.cell.id;
    if (id === undefined) continue;
    const key = keyOf(run, id);
    owned.set(key, [...(owned.get(key) ?? []), experiment]);
  }
  const cellRuns = mapRuns(state.cellRuns, runId, (cell, id) => {
    const planned = owned.get(id) ?? [];
    return { ...cell, planned, stage: planned.length === 0 ? 'done' : 'queued' };
  });
  return { ...state, cellRuns };
}

export function progressRun(state: AppState, runId: number, progress: Progress): AppState {
  const { run } = state;
  if (run?.runId !== runId) return state;
  const owner = ownerOf(state.cellRuns, runId, progress.experiment);
  const cellRuns =
    owner === undefined
      ? state.cellRuns
      : mapRuns(state.cellRuns, runId, (cell, id) => (id === owner ? { ...cell, stage: 'running', progress } : cell));
  return { ...state, run: { ...run, progress }, cellRuns };
}

/** The cell that declared the experiment, where several did the first that is not done. */
function ownerOf(runs: CellRuns, runId: number, experiment: string): string | undefined {
  const owners = [...runs].filter(
    ([, run]) => run.runId === runId && run.planned.some((planned) => planned.name === experiment),
  );
  return (owners.find(([, run]) => run.stage !== 'done') ?? owners[0])?.[0];
}

/** Lines kept of what a script prints. */
const PRINTED = 200;

/** A script prints as a whole: its lines go below the cell that is running, else below the first that was asked for. */
export function printRun(state: AppState, runId: number, text: string): AppState {
  const { run } = state;
  if (run?.runId !== runId) return state;
  const running = run.cells.find((cell) => state.cellRuns.get(cell)?.stage === 'running');
  const id = running ?? run.cells[0];
  const cell = id === undefined ? undefined : state.cellRuns.get(id);
  if (id === undefined || cell === undefined || cell.runId !== runId || cell.printed.length >= PRINTED) return state;
  const more = cell.printed.length === PRINTED - 1 ? '... more is not shown' : text;
  return { ...state, cellRuns: new Map(state.cellRuns).set(id, { ...cell, printed: [...cell.printed, more] }) };
}

export function resultRun(state: AppState, runId: number, result: ExperimentResult): AppState {
  const { run } = state;
  if (run?.runId !== runId) return state;
  const cellId = locate(run.doc, result.line)?.cell.id;
  const id = cellId === undefined ? run.cells[0] : keyOf(run, cellId);
  if (id === undefined) return state;
  const cell = state.cellRuns.get(id);
  const present = cell?.runId === runId ? cell : freshRun(run.doc, cellId ?? id, runId, run.startedAt);
  const results = [...present.results, result];
  const wanted = present.planned.reduce((sum, experiment) => sum + experiment.kernels.length, 0);
  const cellRuns = new Map(state.cellRuns);
  cellRuns.set(id, { ...present, results, progress: null, stage: results.length >= wanted ? 'done' : 'running' });
  return { ...select(state, id, result), cellRuns };
}

/** A failing result is shown at once, unless another one of the running cells is being looked at. */
function select(state: AppState, cellId: string, result: ExperimentResult): AppState {
  const { selection } = state;
  const shown = selectionOf(cellId, result);
  const looking = selectedResult(state) !== null || isAwaited(state);
  const same = selection?.experiment === result.experiment && selection.kernel === result.kernel;
  if (same && selection.cellId === cellId) return { ...state, selection: shown };
  return result.verdict === 'fail' && !looking ? { ...state, selection: shown } : state;
}

/** True while the run is still going to say what the selection is about. */
function isAwaited({ selection, cellRuns }: AppState): boolean {
  const run = selection === null ? undefined : cellRuns.get(selection.cellId);
  if (selection === null || run === undefined || (run.stage !== 'queued' && run.stage !== 'running')) return false;
  const planned = run.planned.find(({ name }) => name === selection.experiment);
  return planned?.kernels.includes(selection.kernel) ?? false;
}

/** A result looked at from where it fails; from its start where nothing fails. */
export function selectionOf(cellId: string, result: ExperimentResult) {
  const step = result.failures[0]?.failingStep ?? -1;
  return { cellId, experiment: result.experiment, kernel: result.kernel, failure: 0, step };
}

/** The result that the selection names, if its cell still has it. */
export function selectedResult(state: AppState): ExperimentResult | null {
  const { selection } = state;
  if (selection === null) return null;
  const results = state.cellRuns.get(selection.cellId)?.results ?? [];
  const found = results.find(
    ({ experiment, kernel }) => experiment === selection.experiment && kernel === selection.kernel,
  );
  return found ?? null;
}

export function endRun(state: AppState, summary: RunSummary, error: ScriptError | null): AppState {
  const { run } = state;
  const runs = [summary, ...state.runs.filter(({ runId }) => runId !== summary.runId)];
  if (run?.runId !== summary.runId) return { ...state, runs };
  const guilty = error === null ? undefined : guiltyCell(run, error);
  const cellRuns = new Map(
    mapRuns(state.cellRuns, summary.runId, (cell) => ({ ...cell, ...ending(cell, summary), progress: null })),
  );
  if (error !== null && guilty !== undefined) {
    const present = cellRuns.get(guilty);
    const cell = present?.runId === summary.runId ? present : freshRun(run.doc, guilty, summary.runId, run.startedAt);
    cellRuns.set(guilty, { ...cell, stage: 'error', error, seconds: summary.seconds });
  }
  return { ...state, run: null, runs, cellRuns };
}

function ending(cell: CellRun, summary: RunSummary): Partial<CellRun> {
  if (cell.stage === 'done' || cell.stage === 'error') return { seconds: summary.seconds };
  const stage = summary.state === 'finished' ? 'done' : 'aborted';
  return { stage, seconds: summary.seconds };
}

/** The cell of a script error; one without a line belongs to the cell that was running, or to the first. */
function guiltyCell(run: ActiveRun, error: ScriptError): string | undefined {
  const located = error.line > 0 ? locate(run.doc, error.line)?.cell : undefined;
  return located?.kind === 'code' ? keyOf(run, located.id) : run.cells[0];
}

/**
 * A stored run laid over the notebook as it is now. A cell takes the results of the cell of the run with the same
 * text, else of the same place. `keep` leaves alone the cells that show something newer.
 */
export function showStoredRun(state: AppState, stored: StoredRun, keep: boolean): AppState {
  const { notebook } = state;
  if (notebook === null) return state;
  const ran = parse(stored.text);
  const basis = basisOf(ran);
  const pairs = matchCells(ran, notebook.doc);
  const cellRuns = new Map(state.cellRuns);
  const add = (line: number, change: (cell: CellRun) => CellRun) => {
    const place = locate(ran, line) ?? locate(ran, viewCells(ran)[0]?.firstLine ?? 1);
    const id = place === null ? undefined : pairs.get(place.cell.id);
    if (place === null || id === undefined) return;
    const present = cellRuns.get(id);
    if (keep && present !== undefined && present.runId !== stored.runId) return;
    const start: CellRun =
      present?.runId === stored.runId
        ? present
        : {
            ...freshRun(ran, place.cell.id, stored.runId, stored.startedAt),
            basis,
            stage: stored.state === 'stopped' ? 'aborted' : 'done',
            seconds: stored.seconds,
            outdated: stored.engineVersion !== state.info?.engineVersion,
          };
    cellRuns.set(id, change(start));
  };
  if (!keep) for (const [id, run] of cellRuns) if (run.runId === stored.runId) cellRuns.delete(id);
  for (const result of stored.results) {
    add(result.line, (cell) => ({ ...cell, results: [...cell.results, result] }));
  }
  const { error } = stored;
  if (error !== null) add(error.line, (cell) => ({ ...cell, stage: 'error', error }));
  return { ...state, cellRuns };
}

/** For each code cell of the text that ran, the id of the cell that now stands for it. */
export function matchCells(ran: Notebook, now: Notebook): ReadonlyMap<string, string> {
  const free = viewCells(now).filter((cell) => cell.kind === 'code');
  const pairs = new Map<string, string>();
  const take = (from: string, index: number) => {
    const [cell] = index < 0 ? [] : free.splice(index, 1);
    if (cell !== undefined) pairs.set(from, cell.id);
  };
  const old = viewCells(ran).filter((cell) => cell.kind === 'code');
  for (const cell of old) {
    take(
      cell.id,
      free.findIndex((candidate) => candidate.text === cell.text),
    );
  }
  for (const cell of old) {
    if (pairs.has(cell.id)) continue;
    const titled = free.findIndex((candidate) => cell.title !== '' && candidate.title === cell.title);
    const place = viewCells(now)[viewCells(ran).indexOf(cell)];
    take(cell.id, titled >= 0 ? titled : free.findIndex((candidate) => candidate.id === place?.id));
  }
  return pairs;
}
