/** What crosses between window and main about the past: revisions, pruning, sizes, and what a search finds. */

/** Why a revision was kept: the file was opened with it, saved with it, it ran, or unsaved text was discarded. */
export type RevisionReason = 'opened' | 'saved' | 'run' | 'discarded';

/** One version of a notebook's text. Its text is what `notebook:revision-text` gives for its hash; equal texts are stored once. */
export interface Revision {
  readonly revisionId: number;
  readonly notebookId: number;
  readonly at: number;
  readonly reason: RevisionReason;
  /** SHA-256 of the UTF-8 text, in hex. */
  readonly sha256: string;
  /** Bytes of UTF-8. */
  readonly bytes: number;
}

/** What deleting gave back. */
export interface Pruned {
  readonly runs: number;
  readonly traces: number;
  readonly texts: number;
  /** Bytes the file became shorter by. */
  readonly bytes: number;
}

/** What the store takes. Sizes are bytes. */
export interface Storage {
  readonly path: string;
  /** Of the database file, with what is free in it. */
  readonly bytes: number;
  readonly texts: number;
  readonly results: number;
  readonly traces: number;
  /** The last used first. */
  readonly notebooks: readonly StoredNotebook[];
}

export interface StoredNotebook {
  readonly notebookId: number;
  /** Null for one that was never saved, or whose file went to another notebook. */
  readonly path: string | null;
  readonly revisions: number;
  readonly runs: number;
  readonly pinned: number;
  /** Results and traces of its runs; a trace that notebooks share is counted with each. */
  readonly bytes: number;
}

/** A text or a result in which every word of a query stands. */
export interface Found {
  readonly notebookId: number;
  /** Where the notebook is now; null for one that was never saved. */
  readonly path: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The run whose result it is, or null for a notebook's text. */
  readonly runId: number | null;
  /** SHA-256 of the text in hex; null for a result. */
  readonly sha256: string | null;
  /** It is the notebook's newest text: the line can be gone to. */
  readonly newest: boolean;
  /** 1-based line with the first of the words; 0 where they stand in no line of their own. */
  readonly line: number;
  /** That line, or what the result says. */
  readonly text: string;
}
