/** Everything the window knows, as one immutable snapshot. What can be computed from it is not in it. */
import type { ExperimentResult, Progress, ScriptError } from '../../main/engine/result.ts';
import type { Trace } from '../../main/engine/trace.ts';
import type { Cell, Notebook } from '../../main/lab/notebook-format.ts';
import {
  type AppInfo,
  type ComposedMail,
  type Control,
  DEFAULT_PREFERENCES,
  type Decoded,
  type DecodeProgress,
  type MailRequest,
  type PlannedExperiment,
  type Preferences,
  type ReadMail,
  type ReportFormat,
  type RunSummary,
  type ThemeChoice,
  type TracePage,
} from '../../preload/contract.ts';
import type { Region } from '../palette/keys.ts';
import type { ThemeName } from '../theme/tokens.ts';

export interface AppState {
  /** Null until main has answered. */
  readonly info: AppInfo | null;
  /** What is on the screen. */
  readonly theme: ThemeName;
  readonly themeChoice: ThemeChoice;
  readonly preferences: Preferences;
  /** Null while the first-run page is shown. */
  readonly notebook: NotebookState | null;
  /** Runs of the open notebook, the newest first. */
  readonly runs: readonly RunSummary[];
  readonly run: ActiveRun | null;
  /** What each code cell's last run said, by cell id. */
  readonly cellRuns: ReadonlyMap<string, CellRun>;
  /** What was asked about a cell beside what it says; by cell id. Results stand in `cellRuns` under the keys. */
  readonly whatIf: ReadonlyMap<string, WhatIf>;
  readonly selection: Selection | null;
  /** A schedule made by hand, shown in the place of what a search found; null for none. */
  readonly byHand: ByHand | null;
  readonly mode: 'nav' | 'edit';
  readonly region: Region;
  readonly outlineShown: boolean;
  /** The schedule is drawn as lanes above its table. */
  readonly lanesShown: boolean;
  readonly overlay: Overlay | null;
  readonly search: Search;
  /** The schedule that others are compared with; null while none is kept. */
  readonly kept: Kept | null;
  readonly notice: Notice | null;
  /** First key of a pair, waiting for the second. */
  readonly pendingKeys: string | null;
  /** Milliseconds from the stop key to the answer that the run has stopped; null before the first stop. */
  readonly lastStop: number | null;
}

export interface NotebookState {
  /** Counts what was opened in this window: cell ids of two openings have nothing to do with each other. */
  readonly opening: number;
  readonly notebookId: number;
  readonly path: string | null;
  readonly shipped: boolean;
  readonly doc: Notebook;
  /** What main read in the text last; a moment behind while somebody types. */
  readonly reading: Reading | null;
  /**
   * Text of a cell in which a marker line stands. It becomes several cells when its editor is left, and not under the
   * cursor; until then it stands here.
   */
  readonly held: { readonly id: string; readonly text: string } | null;
  /** The file's text as it was last read or written. */
  readonly saved: string;
  /** Milliseconds since the epoch of the last save in this session. */
  readonly savedAt: number | null;
  /** Text of the recovery journal that waits for the user's decision. */
  readonly recovered: string | null;
  /** Id of the cell that has the focus in NAV mode. Empty in a notebook without cells. */
  readonly focused: string;
  /** Ids of the cells of which only the head is shown. */
  readonly folded: ReadonlySet<string>;
  /** Id of the Markdown cell that is shown as source; null for none. */
  readonly editing: string | null;
  readonly undo: readonly Change[];
  readonly redo: readonly Change[];
  /** The cell deleted last, for pasting. */
  readonly bin: Cell | null;
}

/** What main read in a text, by cell id. */
export interface Reading {
  readonly text: string;
  /** The cells above whose names a cell uses, at first or at second hand. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly controls: ReadonlyMap<string, readonly Control[]>;
}

/** A question about a cell: the same with other values. */
export interface WhatIf {
  /** The values that differ from the file's, by the controls' labels. */
  readonly values: ReadonlyMap<string, string>;
  /** Key of the answer in `cellRuns`. */
  readonly key: string | null;
  /** What the question was asked about; null where that was not known. */
  readonly basis: readonly string[] | null;
  /** Label of the control that was changed last. */
  readonly last: string | null;
  readonly sweep: Sweep | null;
}

/** Answers over the values of one control. */
export interface Sweep {
  readonly label: string;
  /** The other values that differed from the file's. */
  readonly others: ReadonlyMap<string, string>;
  readonly rows: readonly { readonly value: string; readonly key: string }[];
}

/** A change of the cells' order, number or kind. */
export interface Change {
  readonly before: Notebook;
  readonly after: Notebook;
  /** The whole file was edited. */
  readonly rewrites?: boolean;
}

/** The texts that a run was made of: what decides whether its results are still about the notebook. */
export interface RunBasis {
  /** Preamble, then the code cells that are not blank, as editors show them. */
  readonly sources: readonly string[];
}

export type RunStage = 'queued' | 'running' | 'done' | 'aborted' | 'error';

/** The last run of one code cell. */
export interface CellRun {
  readonly runId: number;
  readonly stage: RunStage;
  readonly basis: RunBasis;
  /** The cell's index in `basis.sources`. */
  readonly index: number;
  /** The notebook that ran, and the cell's index in it; -1 for the text before the first cell. */
  readonly ran: Notebook;
  readonly place: number;
  /** The texts that the cell depended on, its own last; null while that is not known. */
  readonly closure: readonly string[] | null;
  /** Another engine made the results. */
  readonly outdated: boolean;
  /** Experiments the script declared in this cell. */
  readonly planned: readonly PlannedExperiment[];
  readonly progress: Progress | null;
  readonly results: readonly ExperimentResult[];
  /** Lines that the script printed while this cell was asked for. */
  readonly printed: readonly string[];
  /** Error of the script itself, with the line in the whole text that ran. */
  readonly error: ScriptError | null;
  /** First line of the cell's text in the whole text that ran: what turns a file's line into a cell's. */
  readonly firstLine: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seconds: number | null;
}

/** Number of a run that main has not numbered yet. */
export const STARTING = -1;

export interface ActiveRun {
  /** {@link STARTING} until main has given the run its number. */
  readonly runId: number;
  /** The notebook that runs: its lines are those of the results. */
  readonly doc: Notebook;
  /** Ids of the cells that were asked for. */
  readonly cells: readonly string[];
  readonly startedAt: number;
  readonly progress: Progress | null;
  /** The stop key was pressed. */
  readonly stopping: boolean;
  /** The question that the run answers; null for a run of what the notebook says. */
  readonly asks: { readonly cellId: string; readonly key: string; readonly question: string } | null;
}

/** The schedule that the right-hand column shows. */
export interface Selection {
  readonly cellId: string;
  readonly experiment: string;
  readonly kernel: string;
  /** Index in `ExperimentResult.failures`. */
  readonly failure: number;
  /** 0-based step taken last; -1 before the first. */
  readonly step: number;
  /** The other end of the steps that are marked to be copied; absent while none are. */
  readonly anchor?: number | undefined;
}

/** What a schedule made by hand shows, for an experiment and kernel of a run. */
export interface ByHand extends Pick<Selection, 'cellId' | 'experiment' | 'kernel'> {
  readonly runId: number;
  readonly result: ExperimentResult;
}

export type Overlay =
  | { readonly kind: 'palette'; readonly list: 'commands' | 'cells' | 'scenarios' }
  | { readonly kind: 'help' }
  | { readonly kind: 'overview' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'search' | 'storage' | 'runs' }
  | RevisionsOverlay
  /** The whole file, with the cursor in a line of it, from 1. */
  | { readonly kind: 'file'; readonly line: number }
  /** A schedule is typed. */
  | { readonly kind: 'schedule'; readonly text: string }
  | FindOverlay
  | CompareOverlay
  | SourceOverlay
  | ExportOverlay
  | ComposeOverlay
  | DecodeOverlay;

/** The notebook's revisions. */
export interface RevisionsOverlay {
  readonly kind: 'revisions';
  /** Hash of the text that is to be shown first; null for the newest. */
  readonly sha256: string | null;
}

/** Find and replace in all cells. */
export interface FindOverlay {
  readonly kind: 'find';
}

/** A schedule by name. */
export interface Kept {
  readonly name: string;
  readonly trace: Trace;
}

/** The scripting interface. */
export interface SourceOverlay {
  readonly kind: 'source';
  /** What is to be seen; null for the beginning. */
  readonly place: { readonly line: number; readonly column: number } | null;
}

/** Two schedules side by side. */
export interface CompareOverlay {
  readonly kind: 'compare';
  readonly left: Kept;
  readonly right: Kept;
}

/** What was looked for last, and which of the places was gone to. */
export interface Search {
  readonly query: string;
  readonly at: number;
}

export interface DecodeOverlay {
  readonly kind: 'decode';
  /** Counts questions: only the answer to the last one counts. */
  readonly asked: number;
  readonly busy: boolean;
  /** How far a file is read; null before the first word about it. */
  readonly progress: DecodeProgress | null;
  readonly problem: string | null;
  readonly decoded: Decoded | null;
  /** The page that is stepped through; null while what was found is shown. */
  readonly page: TracePage | null;
  /** 0-based event of that page under the cursor. */
  readonly row: number;
}

/** A mail that is read and answered. */
export interface ComposeOverlay extends Omit<MailRequest, 'runId' | 'mailId' | 'file' | 'experiments' | 'kernels'> {
  readonly kind: 'compose';
  /** The run that the answer is about; null where nothing ran yet. */
  readonly runId: number | null;
  /** Counts questions: only the answer to the last one counts. */
  readonly asked: number;
  /** A mail is being read. */
  readonly busy: boolean;
  readonly problem: string | null;
  readonly mail: ReadMail | null;
  /** 0-based line of the mail under the cursor, and the other end of what is being chosen. */
  readonly cursor: number;
  readonly anchor: number;
  /** What the run has, with what is reported. */
  readonly experiments: readonly Choice[];
  readonly kernels: readonly Choice[];
  /** Where the answer was saved; null before that. */
  readonly saved: string | null;
  readonly composed: ComposedMail | null;
}

/** A name that can be ticked. */
export interface Choice {
  readonly name: string;
  readonly on: boolean;
}

export interface ExportOverlay {
  readonly kind: 'export';
  readonly runId: number;
  readonly format: ReportFormat;
  /** Message-ID to answer; empty for none. */
  readonly inReplyTo: string;
  /** Only the selected experiment and kernel, or the whole run. */
  readonly whole: boolean;
  readonly text: string | null;
  readonly problem: string | null;
}

/** One sentence above the status bar. It stays until the next command, or until Esc. */
export interface Notice {
  readonly kind: 'info' | 'problem';
  readonly text: string;
}

/** What there is of runs before a notebook ran. */
export const NO_RUNS = {
  runs: [],
  run: null,
  cellRuns: new Map(),
  whatIf: new Map(),
  selection: null,
  byHand: null,
  kept: null,
} as const satisfies Partial<AppState>;

export const INITIAL: AppState = {
  ...NO_RUNS,
  info: null,
  theme: 'dark',
  themeChoice: 'system',
  preferences: DEFAULT_PREFERENCES,
  notebook: null,
  mode: 'nav',
  region: 'notebook',
  outlineShown: true,
  lanesShown: false,
  overlay: null,
  search: { query: '', at: -1 },
  notice: null,
  pendingKeys: null,
  lastStop: null,
};
