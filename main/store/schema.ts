/**
 * The tables, as numbered migrations: entry N brings a database from `user_version` N to N + 1. An entry that has been
 * released is never edited; the next change is a new entry. Ids that others hold on to are never used twice
 * (AUTOINCREMENT): what is saved from a damaged file is merged into a backup by these ids.
 */
import type { Database } from 'better-sqlite3';

/** `application_id` of our files: "Gupb". */
export const APPLICATION_ID = 0x47757062;

const documents = `
  -- Texts by content. body: raw deflate of the UTF-8 text.
  CREATE TABLE texts (
    text_id  INTEGER PRIMARY KEY,
    sha256   BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    bytes    INTEGER NOT NULL,
    body     BLOB NOT NULL
  ) STRICT;

  -- use_order grows with every opening and saving: a clock may stand still or go back.
  -- forgotten: the path went to another notebook; the row stays for the history that others share.
  CREATE TABLE notebooks (
    notebook_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    path         TEXT UNIQUE,
    opened_at    INTEGER NOT NULL,
    use_order    INTEGER NOT NULL,
    text_id      INTEGER NOT NULL REFERENCES texts,
    forgotten    INTEGER NOT NULL DEFAULT 0 CHECK (forgotten IN (0, 1))
  ) STRICT;
  CREATE INDEX notebooks_text ON notebooks (text_id);
  CREATE INDEX notebooks_use ON notebooks (use_order);

  CREATE TABLE revisions (
    revision_id  INTEGER PRIMARY KEY AUTOINCREMENT,
    notebook_id  INTEGER NOT NULL REFERENCES notebooks ON DELETE CASCADE,
    text_id      INTEGER NOT NULL REFERENCES texts,
    at           INTEGER NOT NULL,
    reason       TEXT NOT NULL CHECK (reason IN ('opened', 'saved', 'run', 'discarded'))
  ) STRICT;
  CREATE INDEX revisions_notebook ON revisions (notebook_id);
  CREATE INDEX revisions_text ON revisions (text_id);

  -- Unsaved text, as plain text so that any tool can fetch it. The row stays when nothing is unsaved (text NULL),
  -- so that seq never repeats.
  CREATE TABLE journal (
    notebook_id  INTEGER PRIMARY KEY REFERENCES notebooks ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    text         TEXT
  ) STRICT;

  -- A notebook saved under another name shares the history up to then: rows of the ancestor up to these ids.
  CREATE TABLE lineage (
    notebook_id     INTEGER NOT NULL REFERENCES notebooks ON DELETE CASCADE,
    ancestor_id     INTEGER NOT NULL REFERENCES notebooks ON DELETE CASCADE,
    until_run       INTEGER NOT NULL,
    until_revision  INTEGER NOT NULL,
    PRIMARY KEY (notebook_id, ancestor_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lineage_ancestor ON lineage (ancestor_id);
`;

const runs = `
  -- path: the notebook's when it ran. request, error: JSON (what was asked; the script error that ended the run).
  CREATE TABLE runs (
    run_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    notebook_id     INTEGER NOT NULL REFERENCES notebooks ON DELETE CASCADE,
    text_id         INTEGER NOT NULL REFERENCES texts,
    path            TEXT,
    engine_version  TEXT NOT NULL,
    request         TEXT NOT NULL,
    started_at      INTEGER NOT NULL,
    seconds         REAL NOT NULL DEFAULT 0,
    state           TEXT NOT NULL CHECK (state IN ('running', 'finished', 'stopped', 'error')),
    error           TEXT
  ) STRICT;
  CREATE INDEX runs_notebook ON runs (notebook_id);
  CREATE INDEX runs_text ON runs (text_id);
  CREATE INDEX runs_running ON runs (state) WHERE state = 'running';

  -- One experiment under one kernel. body: the whole result as JSON, its traces replaced by slot numbers.
  CREATE TABLE results (
    result_id    INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id       INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    experiment   TEXT NOT NULL,
    line         INTEGER NOT NULL,
    kernel       TEXT NOT NULL,
    verdict      TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'inconclusive', 'not-applicable', 'error')),
    as_expected  INTEGER NOT NULL CHECK (as_expected IN (0, 1)),
    stored_at    INTEGER NOT NULL,
    body         TEXT NOT NULL
  ) STRICT;
  CREATE INDEX results_run ON results (run_id, verdict, as_expected);

  -- Traces by content: see trace-codec.ts.
  CREATE TABLE traces (
    trace_id      INTEGER PRIMARY KEY,
    sha256        BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    steps         INTEGER NOT NULL,
    packed_bytes  INTEGER NOT NULL,
    body          BLOB NOT NULL
  ) STRICT;

  CREATE TABLE result_traces (
    result_id  INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
    slot       INTEGER NOT NULL,
    trace_id   INTEGER NOT NULL REFERENCES traces,
    PRIMARY KEY (result_id, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX result_traces_trace ON result_traces (trace_id);
`;

const settings = `
  CREATE TABLE settings (
    key    TEXT PRIMARY KEY,
    value  TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

const history = `
  -- A pinned run is never pruned.
  ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));

  -- The words of texts and results, by their ids; filled when something is looked for (search.ts). Nothing here that
  -- cannot be had from the other tables.
  CREATE VIRTUAL TABLE text_words USING fts5(
    body, content='', contentless_delete=1, tokenize="unicode61 tokenchars '_'");
  CREATE VIRTUAL TABLE result_words USING fts5(
    body, content='', contentless_delete=1, tokenize="unicode61 tokenchars '_'");
  CREATE TRIGGER text_words_gone AFTER DELETE ON texts BEGIN
    DELETE FROM text_words WHERE rowid = old.text_id;
  END;
  CREATE TRIGGER result_words_gone AFTER DELETE ON results BEGIN
    DELETE FROM result_words WHERE rowid = old.result_id;
  END;
`;

export const MIGRATIONS: readonly string[] = [documents, runs, settings, history];
/** The `user_version` that this Gupbook writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the database to {@link SCHEMA_VERSION}; each migration is one transaction with its version number. */
export function migrate(db: Database): void {
  for (let version = userVersion(db); version < SCHEMA_VERSION; version++) {
    db.transaction(() => {
      db.exec(MIGRATIONS[version] ?? '');
      db.pragma(`user_version = ${version + 1}`);
      db.pragma(`application_id = ${APPLICATION_ID}`);
    }).immediate();
  }
}

export function userVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}
