/**
 * What the store is to everybody else. Every method is synchronous (backups excepted), takes effect in one transaction,
 * and has reached the disk when it returns. Every failure is a {@link StoreError} whose message is one clear sentence.
 */
import type {
  Found,
  OpenNotebook,
  Pruned,
  Revision,
  RunRequest,
  RunSummary,
  Storage,
  StoredRun,
} from '../../preload/contract.ts';
import type { ExperimentResult, ScriptError } from '../engine/result.ts';
import type { StoreError } from './error.ts';

export type { Found, Pruned, Revision, RevisionReason, Storage } from '../../preload/contract.ts';

export interface OpenOptions {
  /** Opens beside another process that owns the store, or on a read-only disk; every write throws `read-only`. */
  readonly readOnly?: boolean;
  /** Milliseconds since the epoch; tests give their own clock. */
  readonly now?: () => number;
}

/** A notebook the store has seen. Times are milliseconds since the epoch. */
export interface Notebook {
  readonly notebookId: number;
  /** Absolute path, or null for a notebook never saved. */
  readonly path: string | null;
  readonly lastOpenedAt: number;
  /** Text of the file when it was last opened or saved. */
  readonly lastText: string;
  /** True where the recovery journal holds text that no file has. */
  readonly unsaved: boolean;
}

/** Text that was edited and not saved. */
export interface Recovered {
  readonly notebookId: number;
  readonly path: string | null;
  readonly text: string;
  readonly at: number;
}

/** A point in the recovery journal: what is journalled after it is newer than what is being saved. */
export type JournalMark = number;

/** What is known of a run when it starts. `kernels` and `cells` null: all. */
export interface RunStart extends Omit<RunRequest, 'path'> {
  readonly engineVersion: string;
}

/** How a run ended. `seconds` is the host's wall time; without it the time since the start is taken. */
export interface RunEnd {
  readonly state: Exclude<RunSummary['state'], 'running'>;
  readonly error: ScriptError | null;
  readonly seconds?: number;
}

/** A stored run with the file that ran, and with what was asked of it, so that it can be asked again. */
export interface WholeRun extends StoredRun {
  /** Where the notebook was when it ran, or null where it had never been saved. It may be elsewhere by now. */
  readonly path: string | null;
  readonly request: Pick<RunRequest, 'cells' | 'kernels' | 'budget' | 'question'>;
}

/** Which part of a notebook's history `listRuns` gives. */
export interface RunPage {
  /** Only runs older than this one. */
  readonly before?: number;
  /** At most so many; default all. */
  readonly limit?: number;
}

/** What `prune` may delete: finished runs beyond the newest `keep` of each notebook and older than `olderThan`. */
export interface PrunePolicy {
  readonly keep: number;
  /** Milliseconds since the epoch; default: now, that is, age does not protect a run. */
  readonly olderThan?: number;
}

export interface Exported {
  readonly directory: string;
  readonly notebooks: number;
  readonly revisions: number;
  readonly runs: number;
}

/** Where the window was, in device-independent pixels. */
export interface WindowState {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export interface Store {
  readonly path: string;
  readonly readOnly: boolean;
  /** What people must be told about this opening: a damaged file set aside, a backup restored. Usually empty. */
  readonly notices: readonly StoreError[];

  /**
   * Records that a file was opened with this text and makes it the last notebook. A null path starts an unsaved
   * notebook. `recovered` is journalled text that the file has not, or null.
   */
  openNotebook(path: string | null, text: string): Pick<OpenNotebook, 'notebookId' | 'recovered'>;
  /**
   * Records that the notebook's text is in the file at `path` and clears its journal. The id stays with the document:
   * under a new path it takes the path over, the old path's file keeps the history it had.
   * @param mark from {@link journalMark}, taken before the file was written; later edits then stay in the journal.
   */
  savedNotebook(notebookId: number, path: string, text: string, mark?: JournalMark): void;
  notebook(notebookId: number): Notebook;
  notebookAt(path: string): Notebook | null;
  /** The notebook opened or saved last, or null. */
  lastNotebook(): Notebook | null;
  /** All notebooks, the last opened first. */
  notebooks(): readonly Notebook[];
  /** Deletes a notebook with its revisions, its journal and its runs. No file is touched. */
  forgetNotebook(notebookId: number): Pruned;

  /** Keeps unsaved text. When this returns, the text survives a crash of the process and of the machine. */
  journal(notebookId: number, text: string): JournalMark;
  journalMark(notebookId: number): JournalMark;
  /** The notebook's unsaved text, or null. */
  recover(notebookId: number): Recovered | null;
  /** Every notebook with unsaved text, the last edited first. */
  unsaved(): readonly Recovered[];
  /** Gives the unsaved text up: it leaves the journal and stays among the revisions. */
  discard(notebookId: number): void;

  /** The notebook's history, newest first. */
  revisions(notebookId: number): readonly Revision[];
  revisionText(sha256: string): string;

  /** @returns the run's id; ids grow. */
  startRun(start: RunStart): number;
  /** Keeps one result with its traces. Results keep the order in which they came. */
  addResult(runId: number, result: ExperimentResult): void;
  finishRun(runId: number, end: RunEnd): RunSummary;
  /** Runs of a notebook, newest first. */
  listRuns(notebookId: number, page?: RunPage): readonly RunSummary[];
  getRun(runId: number): WholeRun;
  /** A pinned run is never pruned. */
  pinRun(runId: number, pinned: boolean): void;
  deleteRun(runId: number): Pruned;
  prune(policy: PrunePolicy): Pruned;

  /**
   * The newest texts and results in which every word of the query stands, or begins a word. A query without a word
   * finds nothing. What was kept since the last search is indexed first, except in a store opened for reading.
   */
  search(query: string): readonly Found[];
  storage(): Storage;

  setting(key: string): string | null;
  /** A null value removes the setting. */
  setSetting(key: string, value: string | null): void;
  windowState(): WindowState | null;
  setWindowState(state: WindowState): void;

  /** Copies the store to one file while it is in use. An existing file is replaced only by a whole copy. */
  backup(to: string): Promise<void>;
  /** Like {@link backup}, to the place from which a damaged store is restored when it is next opened. */
  keepBackup(): Promise<void>;
  /** Writes everything as plain files: texts as `.lab.ts`, runs as `.json`. `directory` must be new or empty. */
  exportAll(directory: string): Exported;
  /** SQLite's full integrity check and the hashes of all texts and traces. Empty where nothing is wrong. */
  check(): readonly string[];
  close(): void;
}
