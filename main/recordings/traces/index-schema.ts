/** The tables of a trace's index. An index can be built anew at any time, so a format that changed is not migrated. */

/** `GUPT`: tells an index from any other SQLite file. */
export const APPLICATION_ID = 0x47555054;
/** Raised with every change of the tables or of a block's columns. */
export const FORMAT = 1;
/** Events in a block. */
export const BLOCK = 4096;

export const SCHEMA = `
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- Events of one stretch of the trace, sorted by page: columns one after the other (block.ts).
CREATE TABLE blocks (
  id INTEGER PRIMARY KEY,
  first_pfn INTEGER NOT NULL,
  last_pfn INTEGER NOT NULL,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  events INTEGER NOT NULL,
  columns BLOB NOT NULL
) STRICT;
CREATE TABLE pages (
  pfn INTEGER PRIMARY KEY,
  events INTEGER NOT NULL,
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  before INTEGER NOT NULL,
  after INTEGER NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  gaps INTEGER NOT NULL,
  strange INTEGER NOT NULL
) STRICT;
CREATE TABLE markers (
  line INTEGER PRIMARY KEY, event INTEGER NOT NULL, time INTEGER NOT NULL, task INTEGER NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE lost (line INTEGER PRIMARY KEY, event INTEGER NOT NULL, lost INTEGER, cpu INTEGER) STRICT;
CREATE TABLE damaged (line INTEGER PRIMARY KEY, damage TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE names (
  kind TEXT NOT NULL, id INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
`;
