/**
 * The only list of channels between the notebook window and main, used by main, preload and renderer.
 * Requests are answered (invoke/handle); events go one way, main to window. Nothing else crosses.
 */
import type { ExperimentResult, Progress, ScriptError } from '../main/engine/result.ts';
import type { Found, Pruned, Revision, Storage } from './history.ts';
import type { ComposedMail, MailRequest, ReadMail } from './mail.ts';

export type * from './history.ts';
export type * from './mail.ts';

/** A notebook as the window holds it: the file's text is the truth, cells are derived from it in both processes. */
export interface OpenNotebook {
  /** Absolute path, or null for a notebook never saved. */
  readonly path: string | null;
  readonly text: string;
  /** Store id of the notebook (stable for a path). */
  readonly notebookId: number;
  /** True where the path is one of the shipped scenarios (saving asks for another place). */
  readonly shipped: boolean;
  /** Text from the recovery journal that is newer than the file, or null. */
  readonly recovered: string | null;
}

/** An error meant for people: one clear sentence. */
export interface Problem {
  readonly message: string;
}
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** A row of the run history. */
export interface RunSummary {
  readonly runId: number;
  readonly notebookId: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly state: 'running' | 'finished' | 'stopped' | 'error';
  readonly counts: Readonly<Record<ExperimentResult['verdict'], number>>;
  readonly asExpected: boolean;
  /** What was asked with another text than the notebook's own. */
  readonly question?: string | undefined;
  /** Never pruned. */
  readonly pinned?: boolean | undefined;
}

/** A stored run, whole. */
export interface StoredRun extends RunSummary {
  /** The notebook's text that ran, and its SHA-256 in hex. */
  readonly text: string;
  readonly sha256: string;
  readonly engineVersion: string;
  readonly results: readonly ExperimentResult[];
  /** Error that ended the whole script (syntax error, throw at top level, out of memory ...), or null. */
  readonly error: ScriptError | null;
}

export interface RunRequest {
  readonly notebookId: number;
  readonly path: string | null;
  readonly text: string;
  /** 0-based indices of the code cells whose experiments are run; null runs all. */
  readonly cells: readonly number[] | null;
  /** Kernel ids; null leaves it to the experiments (default: all). */
  readonly kernels: readonly string[] | null;
  readonly budget: { readonly states: number; readonly seconds: number };
  /** `biasShift = 8`: the text is the notebook's with these values changed. Absent where it is the notebook's own. */
  readonly question?: string | undefined;
}

/** A schedule made by hand, to be followed until it breaks a check or is not possible. It is no run: nothing is stored. */
export interface ReplayRequest {
  readonly path: string | null;
  /** The notebook's text that the experiment's line is of. */
  readonly text: string;
  readonly experiment: string;
  readonly line: number;
  readonly kernel: string;
  /** `0x3.1?2.0`, see main/engine/explore/schedule.ts. */
  readonly schedule: string;
}

/** One experiment of a run, with the kernels it is going to be searched under. */
export interface PlannedExperiment {
  readonly name: string;
  /** 1-based line of the `experiment(...)` call in the author's file. */
  readonly line: number;
  readonly kernels: readonly string[];
}

/** A change within a line of the file's text: `from` to `to` (offsets) becomes before + value + after. */
export interface ControlEdit {
  readonly from: number;
  readonly to: number;
  readonly before: string;
  readonly after: string;
}

/** Something in a cell that could be otherwise: a bias, an order, a number of bios, an architecture. */
export interface Control {
  /** Unique in the text. */
  readonly id: string;
  /** `biasShift`, or the name of a constant that the author declared. */
  readonly label: string;
  /** The value as the text has it, or what holds where the text says nothing. */
  readonly value: string;
  readonly said: boolean;
  /** Values worth trying, in their order. */
  readonly options: readonly string[];
  /** Whether any whole number may be tried, not only `options`. */
  readonly free: boolean;
  readonly edits: readonly ControlEdit[];
}

/** What reading a cell's code tells. */
export interface CellAnalysis {
  /** Index among all cells of the file; -1 for the text before the first. */
  readonly cell: number;
  /** Indices of the cells whose names it uses, at first or at second hand, in the order of the file. */
  readonly needs: readonly number[];
  readonly controls: readonly Control[];
}

export interface NotebookAnalysis {
  /** The text before the first cell, then all cells. */
  readonly cells: readonly CellAnalysis[];
}

export interface ReportRequest {
  readonly runId: number;
  readonly format: ReportFormat;
  /** Names of the experiments to report; null for all. */
  readonly experiments: readonly string[] | null;
  readonly kernels: readonly string[] | null;
  /** Message-ID or the raw message to answer; null for none. */
  readonly inReplyTo: string | null;
}
/** Formats of a report, in the order in which they are offered. */
export const REPORT_FORMATS = [
  'reply',
  'mbox',
  'snippet',
  'cover',
  'series',
  'changelog',
  'ktap',
  'junit',
  'markdown',
  'html',
  'json',
  'litmus',
  'promela',
] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A page that a kernel dumped, in words. */
export interface DecodedCard {
  /** `pfn 0x5a00, order 9 (lines 2-11, as 6.9 or later prints it)`. */
  readonly title: string;
  /** `513 = 512 pins + 1 ref: 1 mapping`. */
  readonly count: string;
  /** The dump in the words of 6.9 and later, and the report around it. */
  readonly lines: readonly string[];
  /** What is odd about it, a sentence each. */
  readonly odd: readonly string[];
  /** Experiments of shipped notebooks that show the same: file name in scenarios/, and name. */
  readonly see: readonly { readonly file: string; readonly experiment: string }[];
}

/** What was found in a kernel's output. */
export interface Decoded {
  /** Names what was read for `decode:page` and `decode:cell`, until the next text is read. */
  readonly decodedId: number;
  readonly source: string;
  readonly cards: readonly DecodedCard[];
  /** What is no page: counters, reports, gup_test. */
  readonly others: readonly string[];
  /** Lines that look like a kernel's about pages and could not be read. */
  readonly unread: readonly string[];
  /** Pages of page_ref events, the suspect ones first; null where the text has no events. */
  readonly trace: null | {
    readonly summary: string;
    readonly pages: readonly { readonly pfn: number; readonly text: string; readonly suspicions: readonly string[] }[];
  };
}

/** How far a file is read. */
export interface DecodeProgress {
  readonly bytes: number;
  /** Null where the file does not say how large it is. */
  readonly total: number | null;
  readonly events: number;
}

/** A page's events beside a kernel of the model. Columns are as long as the page has events. */
export interface TracePage {
  readonly pfn: number;
  /** The kernel it is laid beside, and those that explain as much if it was guessed. */
  readonly kernel: string;
  readonly guessed: readonly string[];
  /** `_refcount` before the first event. */
  readonly before: number;
  readonly line: Float64Array;
  /** Nanoseconds. */
  readonly time: Float64Array;
  /** Index in `tasks`. */
  readonly task: Uint32Array;
  /** Index in `ops`. */
  readonly op: Uint8Array;
  readonly val: Int32Array;
  readonly ret: Int32Array;
  /** `_refcount` after the event. */
  readonly after: Int32Array;
  /** Index in `calls` of the call that the model reads the event as a part of; -1 where it knows none. */
  readonly call: Int32Array;
  readonly tasks: readonly string[];
  readonly ops: readonly string[];
  readonly calls: readonly string[];
  /** Rows of events that no call of the kernel causes, with what it would do. */
  readonly odd: readonly { readonly row: number; readonly text: string }[];
  /** Suspicions about the page, and windows in which it reads as pinned or not. */
  readonly said: readonly string[];
}

export interface KernelSummary {
  readonly id: string;
  readonly title: string;
  /** Position in history, 0 the oldest. */
  readonly order: number;
  /** False where there is no FOLL_PIN: a count is references alone, however large it is. */
  readonly pins: boolean;
}

/** What the user wants: the system's own, or one of the window's themes whatever the system says. */
export type ThemeChoice = 'system' | 'dark' | 'light' | 'contrast';

/** What holds for every notebook, apart from the theme. */
export interface Preferences {
  /** CSS pixels, 9 to 32. */
  readonly fontSize: number;
  /** Of one experiment under one kernel; an experiment's own budget goes before it. */
  readonly budget: { readonly states: number; readonly seconds: number };
}

export const DEFAULT_PREFERENCES: Preferences = { fontSize: 13, budget: { states: 5_000_000, seconds: 60 } };

export interface AppInfo {
  readonly version: string;
  readonly engineVersion: string;
  readonly electron: string;
  readonly kernels: readonly KernelSummary[];
  readonly theme: ThemeChoice;
  readonly preferences: Preferences;
  /** Full text of gupbook.d.ts, for Monaco. */
  readonly interfaceText: string;
  /** Paths and titles of the shipped scenarios. */
  readonly scenarios: readonly { readonly path: string; readonly title: string }[];
}

/** Requests: the window asks, main answers. */
export interface Requests {
  'app:info': () => AppInfo;
  'notebook:open-dialog': () => Outcome<OpenNotebook | null>;
  'notebook:open': (path: string) => Outcome<OpenNotebook>;
  'notebook:save': (notebookId: number, path: string, text: string) => Outcome<{ readonly path: string }>;
  'notebook:save-dialog': (
    notebookId: number,
    suggested: string,
    text: string,
  ) => Outcome<{ readonly path: string } | null>;
  /** Keeps unsaved text safe (called within two seconds of an edit). */
  'notebook:journal': (notebookId: number, text: string) => Outcome<null>;
  /** Reads a text's code: dependencies between cells, and what could be changed in them. */
  'notebook:analyse': (text: string) => Outcome<NotebookAnalysis>;
  'notebook:last': () => Outcome<OpenNotebook | null>;
  'run:start': (request: RunRequest) => Outcome<{ readonly runId: number }>;
  'run:stop': (runId: number) => Outcome<null>;
  'run:replay': (request: ReplayRequest) => Outcome<ExperimentResult>;
  'run:list': (notebookId: number) => Outcome<readonly RunSummary[]>;
  'run:get': (runId: number) => Outcome<StoredRun>;
  'run:pin': (runId: number, pinned: boolean) => Outcome<null>;
  'run:delete': (runId: number) => Outcome<Pruned>;
  /** The notebook's revisions, the newest first. */
  'notebook:revisions': (notebookId: number) => Outcome<readonly Revision[]>;
  'notebook:revision-text': (sha256: string) => Outcome<{ readonly text: string }>;
  'store:storage': () => Outcome<Storage>;
  /** Deletes runs beyond the newest `keep` of each notebook that are older than `days`; pinned ones stay. */
  'store:prune': (keep: number, days: number) => Outcome<Pruned>;
  /** Looks in every text and every result of the store. */
  'store:search': (query: string) => Outcome<readonly Found[]>;
  'report:text': (request: ReportRequest) => Outcome<{ readonly text: string }>;
  'report:save-dialog': (suggested: string, text: string) => Outcome<{ readonly path: string } | null>;
  /** Reads a raw message that was pasted, or a Message-ID. */
  'mail:read': (text: string) => Outcome<ReadMail>;
  'mail:open-dialog': () => Outcome<ReadMail | null>;
  'mail:compose': (request: MailRequest) => Outcome<ComposedMail>;
  /** The notebook of the n-th report that the mail carries, opened as one that was never saved. */
  'mail:notebook': (mailId: number, index: number) => Outcome<OpenNotebook>;
  /** Explains a kernel's output that was pasted. */
  'decode:text': (text: string) => Outcome<Decoded>;
  /** The same of a file, which may be a trace of any size. */
  'decode:open-dialog': () => Outcome<Decoded | null>;
  /** Ends the reading of a file; what was read until then is shown. */
  'decode:stop': () => Outcome<null>;
  /** Null lets the kernel be guessed. */
  'decode:page': (decodedId: number, pfn: number, kernel: string | null) => Outcome<TracePage>;
  /** A notebook cell whose actors make the page's calls. */
  'decode:cell': (decodedId: number, pfn: number, kernel: string) => Outcome<{ readonly text: string }>;
  'clipboard:write': (text: string) => Outcome<null>;
  'preferences:set': (preferences: Preferences) => Outcome<null>;
  'theme:set': (theme: ThemeChoice) => Outcome<null>;
  /** The answer to `window:closing`: the text is in the journal, the window may close. */
  'window:close': () => Outcome<null>;
}

/** Events: main tells the window. */
export interface Events {
  /** What the script asked for, before the first search starts. */
  'run:plan': (runId: number, plan: readonly PlannedExperiment[]) => void;
  'run:progress': (runId: number, progress: Progress) => void;
  /** A line that the script printed. */
  'run:console': (runId: number, text: string) => void;
  'run:result': (runId: number, result: ExperimentResult) => void;
  'run:end': (run: RunSummary, error: ScriptError | null) => void;
  /** Another program changed the notebook's file: its text now, or null where it is gone. */
  'notebook:outside': (notebookId: number, text: string | null) => void;
  'decode:progress': (progress: DecodeProgress) => void;
  'menu:command': (command: string) => void;
  /** The window is about to close: time to put unsaved text into the journal. Main does not wait long. */
  'window:closing': () => void;
  /** The application was started again with a notebook: this one is to show it. */
  'notebook:named': (path: string) => void;
}

export type RequestChannel = keyof Requests;
export type EventChannel = keyof Events;

/** Every request channel by name: preload refuses all others, main serves exactly these. */
export const REQUEST_CHANNELS = [
  'app:info',
  'notebook:open-dialog',
  'notebook:open',
  'notebook:save',
  'notebook:save-dialog',
  'notebook:journal',
  'notebook:analyse',
  'notebook:last',
  'run:start',
  'run:stop',
  'run:replay',
  'run:list',
  'run:get',
  'run:pin',
  'run:delete',
  'notebook:revisions',
  'notebook:revision-text',
  'store:storage',
  'store:prune',
  'store:search',
  'report:text',
  'report:save-dialog',
  'mail:read',
  'mail:open-dialog',
  'mail:compose',
  'mail:notebook',
  'decode:text',
  'decode:open-dialog',
  'decode:stop',
  'decode:page',
  'decode:cell',
  'clipboard:write',
  'preferences:set',
  'theme:set',
  'window:close',
] as const satisfies readonly RequestChannel[];

/** Every event channel by name. */
export const EVENT_CHANNELS = [
  'run:plan',
  'run:progress',
  'run:console',
  'run:result',
  'run:end',
  'notebook:outside',
  'decode:progress',
  'menu:command',
  'window:closing',
  'notebook:named',
] as const satisfies readonly EventChannel[];

/** Does not compile while a channel is missing from its list: `Missing` names it. */
type Complete<Missing extends never> = Missing;
export type ChannelListsAreComplete =
  | Complete<Exclude<RequestChannel, (typeof REQUEST_CHANNELS)[number]>>
  | Complete<Exclude<EventChannel, (typeof EVENT_CHANNELS)[number]>>;

/** What the preload script exposes as `window.gupbook`. */
export interface Bridge {
  request<C extends RequestChannel>(channel: C, ...args: Parameters<Requests[C]>): Promise<ReturnType<Requests[C]>>;
  on<C extends EventChannel>(channel: C, listener: Events[C]): () => void;
}
