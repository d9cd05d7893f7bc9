/** Everything that can happen to the window's state, and the one reducer. Effects live beside it, never in it. */
import type { ExperimentResult, Progress, ScriptError } from '../../main/engine/result.ts';
import { type Notebook, parse } from '../../main/lab/notebook-format.ts';
import type {
  AppInfo,
  NotebookAnalysis,
  OpenNotebook,
  PlannedExperiment,
  Preferences,
  RunSummary,
  StoredRun,
  ThemeChoice,
} from '../../preload/contract.ts';
import type { Region } from '../palette/keys.ts';
import type { ThemeName } from '../theme/tokens.ts';
import { fileText, findCell, takeBack, viewCells } from './document.ts';
import { informRun, readingOf, withCellsOf } from './reading.ts';
import * as runs from './runs.ts';
import {
  type AppState,
  type ByHand,
  type ComposeOverlay,
  type DecodeOverlay,
  type ExportOverlay,
  type Kept,
  NO_RUNS,
  type NotebookState,
  type Notice,
  type Overlay,
  type Search,
  type Selection,
  type WhatIf,
} from './state.ts';
import { cellOf } from './what-if-keys.ts';

export type Action =
  | { readonly type: 'started'; readonly info: AppInfo }
  | { readonly type: 'opened'; readonly open: OpenNotebook }
  /** Text typed into one cell: no cell comes, goes or moves. */
  | { readonly type: 'typed'; readonly doc: Notebook }
  /** Text typed that would split its cell. */
  | { readonly type: 'held'; readonly id: string; readonly text: string }
  | {
      readonly type: 'cells-changed';
      readonly doc: Notebook;
      readonly focused?: string;
      readonly bin?: NotebookState['bin'];
    }
  /** The whole file was edited; edits of it without anything between are one change. */
  | { readonly type: 'rewritten'; readonly doc: Notebook }
  | { readonly type: 'undo' | 'redo' }
  | { readonly type: 'focused'; readonly id: string }
  | { readonly type: 'editing'; readonly id: string | null }
  | { readonly type: 'folded'; readonly folded: ReadonlySet<string> }
  | { readonly type: 'saved'; readonly path: string; readonly text: string; readonly at: number }
  /** The file's text was taken anew; undo brings back what stood here. */
  | { readonly type: 'reloaded'; readonly text: string }
  | { readonly type: 'recovery'; readonly accept: boolean }
  | { readonly type: 'mode'; readonly mode: AppState['mode'] }
  | { readonly type: 'region'; readonly region: Region }
  | { readonly type: 'theme'; readonly theme: ThemeName }
  | { readonly type: 'preferences'; readonly preferences: Preferences }
  | { readonly type: 'theme-choice'; readonly choice: ThemeChoice }
  | { readonly type: 'outline'; readonly shown: boolean }
  | { readonly type: 'lanes'; readonly shown: boolean }
  | { readonly type: 'overlay'; readonly overlay: Overlay | null }
  | { readonly type: 'kept'; readonly kept: Kept }
  | { readonly type: 'search'; readonly search: Search }
  | { readonly type: 'export'; readonly change: Partial<ExportOverlay> }
  | { readonly type: 'decode'; readonly change: Partial<DecodeOverlay> }
  | { readonly type: 'compose'; readonly change: Partial<ComposeOverlay> }
  | { readonly type: 'notice'; readonly notice: Notice | null }
  | { readonly type: 'pending-keys'; readonly keys: string | null }
  | ({ readonly type: 'run-asked'; readonly at: number } & runs.Asked)
  | { readonly type: 'read'; readonly text: string; readonly analysis: NotebookAnalysis }
  | { readonly type: 'what-if'; readonly cellId: string; readonly whatIf: WhatIf | null }
  | { readonly type: 'run-named'; readonly runId: number }
  | { readonly type: 'run-refused' }
  | { readonly type: 'run-stopping' }
  | { readonly type: 'run-stopped'; readonly milliseconds: number }
  | { readonly type: 'run-plan'; readonly runId: number; readonly plan: readonly PlannedExperiment[] }
  | { readonly type: 'run-progress'; readonly runId: number; readonly progress: Progress }
  | { readonly type: 'run-console'; readonly runId: number; readonly text: string }
  | { readonly type: 'run-result'; readonly runId: number; readonly result: ExperimentResult }
  | { readonly type: 'run-ended'; readonly summary: RunSummary; readonly error: ScriptError | null }
  | { readonly type: 'runs'; readonly runs: readonly RunSummary[] }
  | { readonly type: 'run-shown'; readonly run: StoredRun; readonly keep: boolean }
  | { readonly type: 'by-hand'; readonly byHand: ByHand | null }
  | { readonly type: 'selected'; readonly selection: Selection | null };

export function reduce(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'started':
      return { ...state, info: action.info, themeChoice: action.info.theme, preferences: action.info.preferences };
    case 'opened':
      return opened(state, action.open);
    case 'theme':
      return { ...state, theme: action.theme };
    case 'preferences':
      return { ...state, preferences: action.preferences };
    case 'theme-choice':
      return { ...state, themeChoice: action.choice };
    case 'mode':
      return state.mode === action.mode ? state : { ...state, mode: action.mode };
    case 'region':
      return state.region === action.region ? state : { ...state, region: action.region };
    case 'outline':
      return { ...state, outlineShown: action.shown };
    case 'lanes':
      return { ...state, lanesShown: action.shown };
    case 'overlay':
      return { ...state, overlay: action.overlay };
    case 'kept':
      return { ...state, kept: action.kept };
    case 'search':
      return { ...state, search: action.search };
    case 'export':
      return state.overlay?.kind === 'export' ? { ...state, overlay: { ...state.overlay, ...action.change } } : state;
    case 'compose':
      return state.overlay?.kind === 'compose' ? { ...state, overlay: { ...state.overlay, ...action.change } } : state;
    case 'decode':
      return state.overlay?.kind === 'decode' ? { ...state, overlay: { ...state.overlay, ...action.change } } : state;
    case 'notice':
      return { ...state, notice: action.notice };
    case 'pending-keys':
      return state.pendingKeys === action.keys ? state : { ...state, pendingKeys: action.keys };
    case 'run-asked':
      return runs.queueRun(state, action, action.at);
    case 'read':
      return wasRead(state, action.text, action.analysis);
    case 'what-if':
      return asked(state, action.cellId, action.whatIf);
    case 'run-named':
      return runs.nameRun(state, action.runId);
    case 'run-refused':
      return runs.dropRun(state);
    case 'run-stopping':
      return state.run === null ? state : { ...state, run: { ...state.run, stopping: true } };
    case 'run-stopped':
      return { ...state, lastStop: action.milliseconds };
    case 'run-plan':
      return runs.planRun(state, action.runId, action.plan);
    case 'run-progress':
      return runs.progressRun(state, action.runId, action.progress);
    case 'run-console':
      return runs.printRun(state, action.runId, action.text);
    case 'run-result':
      return runs.resultRun(state, action.runId, action.result);
    case 'run-ended':
      return runs.endRun(state, action.summary, action.error);
    case 'runs':
      return { ...state, runs: action.runs };
    case 'run-shown':
      return runs.showStoredRun(state, action.run, action.keep);
    case 'by-hand':
      return { ...state, byHand: action.byHand };
    case 'selected':
      return { ...state, selection: action.selection };
    default:
      return withNotebook(state, (notebook) => reduceNotebook(notebook, action));
  }
}

function withNotebook(state: AppState, change: (notebook: NotebookState) => NotebookState): AppState {
  if (state.notebook === null) return state;
  const notebook = change(state.notebook);
  return notebook === state.notebook ? state : { ...state, notebook };
}

/** Another notebook: nothing of the one before stays. */
function opened(state: AppState, open: OpenNotebook): AppState {
  const doc = parse(open.text);
  const notebook: NotebookState = {
    opening: (state.notebook?.opening ?? 0) + 1,
    notebookId: open.notebookId,
    path: open.path,
    shipped: open.shipped,
    doc,
    reading: null,
    held: null,
    saved: open.text,
    savedAt: null,
    recovered: open.recovered,
    focused: viewCells(doc)[0]?.id ?? '',
    folded: new Set(),
    editing: null,
    undo: [],
    redo: [],
    bin: null,
  };
  return { ...state, notebook, ...NO_RUNS, overlay: null, notice: null };
}

/** Main has read a text: the notebook's own, where it still says that, and of runs that were made of it. */
function wasRead(state: AppState, text: string, analysis: NotebookAnalysis): AppState {
  let changed = false;
  const cellRuns = new Map(state.cellRuns);
  for (const [id, run] of cellRuns) {
    const informed = informRun(run, text, analysis);
    changed ||= informed !== run;
    cellRuns.set(id, informed);
  }
  const next = changed ? { ...state, cellRuns } : state;
  return withNotebook(next, (notebook) =>
    fileText(notebook.doc) === text ? { ...notebook, reading: readingOf(notebook.doc, analysis) } : notebook,
  );
}

/** A question about a cell is asked, or put away with its answers. */
function asked(state: AppState, cellId: string, question: WhatIf | null): AppState {
  const whatIf = new Map(state.whatIf);
  if (question === null) whatIf.delete(cellId);
  else whatIf.set(cellId, question);
  const wanted = new Set([question?.key, ...(question?.sweep?.rows.map(({ key }) => key) ?? [])]);
  const cellRuns = new Map(
    [...state.cellRuns].filter(([key]) => key === cellId || cellOf(key) !== cellId || wanted.has(key)),
  );
  const { selection } = state;
  const gone = selection !== null && state.cellRuns.has(selection.cellId) && !cellRuns.has(selection.cellId);
  return { ...state, whatIf, cellRuns, selection: gone ? { ...selection, cellId } : selection };
}

type NotebookAction = Extract<
  Action,
  {
    readonly type:
      | 'typed'
      | 'held'
      | 'cells-changed'
      | 'rewritten'
      | 'undo'
      | 'redo'
      | 'focused'
      | 'editing'
      | 'folded'
      | 'saved'
      | 'reloaded'
      | 'recovery';
  }
>;

function reduceNotebook(notebook: NotebookState, action: NotebookAction): NotebookState {
  switch (action.type) {
    case 'typed':
      return withFocus({ ...notebook, doc: action.doc, held: null });
    case 'held':
      return { ...notebook, held: { id: action.id, text: action.text } };
    case 'cells-changed':
      return withFocus({
        ...notebook,
        doc: action.doc,
        focused: action.focused ?? notebook.focused,
        bin: action.bin === undefined ? notebook.bin : action.bin,
        undo: [...notebook.undo, { before: notebook.doc, after: action.doc }],
        redo: [],
      });
    case 'rewritten': {
      const last = notebook.undo.at(-1);
      const again = last?.rewrites === true && last.after === notebook.doc;
      const change = { before: again ? last.before : notebook.doc, after: action.doc, rewrites: true };
      const undo = [...(again ? notebook.undo.slice(0, -1) : notebook.undo), change];
      return withFocus({ ...notebook, doc: action.doc, held: null, undo, redo: [] });
    }
    case 'undo': {
      const change = notebook.undo.at(-1);
      if (change === undefined) return notebook;
      const doc = takeBack(change, notebook.doc);
      const redo = [...notebook.redo, { before: notebook.doc, after: doc }];
      return withFocus({ ...notebook, doc, undo: notebook.undo.slice(0, -1), redo });
    }
    case 'redo': {
      const change = notebook.redo.at(-1);
      if (change === undefined) return notebook;
      const doc = takeBack(change, notebook.doc);
      const undo = [...notebook.undo, { before: notebook.doc, after: doc }];
      return withFocus({ ...notebook, doc, redo: notebook.redo.slice(0, -1), undo });
    }
    case 'focused':
      return notebook.focused === action.id ? notebook : { ...notebook, focused: action.id };
    case 'editing':
      return notebook.editing === action.id ? notebook : { ...notebook, editing: action.id };
    case 'folded':
      return { ...notebook, folded: action.folded };
    case 'saved':
      return { ...notebook, path: action.path, shipped: false, saved: action.text, savedAt: action.at };
    case 'reloaded': {
      const doc = withCellsOf(notebook.doc, action.text);
      const undo = [...notebook.undo, { before: notebook.doc, after: doc }];
      return withFocus({ ...notebook, doc, held: null, saved: action.text, undo, redo: [] });
    }
    case 'recovery': {
      if (notebook.recovered === null) return notebook;
      const doc = action.accept ? parse(notebook.recovered) : notebook.doc;
      return withFocus({ ...notebook, doc, recovered: null });
    }
  }
}

/** Keeps the focus on a cell that exists. */
function withFocus(notebook: NotebookState): NotebookState {
  if (findCell(notebook.doc, notebook.focused) !== undefined) return notebook;
  return { ...notebook, focused: viewCells(notebook.doc)[0]?.id ?? '' };
}
