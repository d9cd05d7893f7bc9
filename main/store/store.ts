/** Puts the parts together: every method in one transaction, every error a StoreError. */
import { backupTo } from './backup.ts';
import { check } from './check.ts';
import { backupPath } from './connect.ts';
import type { Context } from './context.ts';
import type { StoreError } from './error.ts';
import { exportAll } from './export.ts';
import { journal as journalOf } from './journal.ts';
import { lineage as lineageOf } from './lineage.ts';
import { notebooks as notebooksOf } from './notebooks.ts';
import { pruning } from './prune.ts';
import { runs as runsOf } from './runs.ts';
import { search as searchOf } from './search.ts';
import { settings as settingsOf } from './settings.ts';
import { storage as storageOf } from './storage.ts';
import { texts as textsOf } from './texts.ts';
import { traces as tracesOf } from './traces.ts';
import { transactions } from './transactions.ts';
import type { Store } from './types.ts';

interface Opening {
  readonly readOnly: boolean;
  readonly notices: readonly StoreError[];
  /** Called when the store is closed. */
  readonly release: () => void;
}

/** @throws SqliteError where the database has not the tables of the schema. */
export function createStore(context: Context, { readOnly, notices, release }: Opening): Store {
  const { db, path, now } = context;
  const texts = textsOf(context);
  const traces = tracesOf(context);
  const journal = journalOf(context);
  const lineage = lineageOf(context);
  const notebooks = notebooksOf(context, texts, journal, lineage);
  const runs = runsOf(context, texts, traces, notebooks);
  const search = searchOf(context);
  const settings = settingsOf(context);

  const within = transactions(context, readOnly);
  const { reads, writes } = within;
  const prunes = pruning(context, within, { texts, traces, notebooks });

  if (!readOnly) writes(runs.stopAbandoned)();

  return {
    path,
    readOnly,
    notices,

    openNotebook: writes(notebooks.open),
    savedNotebook: writes(notebooks.saved),
    notebook: reads(notebooks.get),
    notebookAt: reads(notebooks.at),
    lastNotebook: reads(notebooks.last),
    notebooks: reads(notebooks.all),
    forgetNotebook: prunes(notebooks.forget),

    journal: writes(notebooks.journal),
    journalMark: reads(journal.mark),
    recover: reads(journal.recover),
    unsaved: reads(journal.unsaved),
    discard: writes(notebooks.discard),

    revisions: reads(notebooks.revisions),
    revisionText: reads(texts.byHash),

    startRun: writes(runs.start),
    addResult: writes(runs.addResult),
    finishRun: writes(runs.finish),
    listRuns: reads(runs.list),
    getRun: reads(runs.get),
    pinRun: writes(runs.pin),
    deleteRun: prunes(runs.delete),
    prune: prunes(({ keep, olderThan }) => runs.prune(keep, olderThan ?? now() + 1)),

    search: readOnly ? reads(search.find) : writes(search.indexAndFind),
    storage: reads(storageOf(context)),

    setting: reads(settings.get),
    setSetting: writes(settings.set),
    windowState: reads(settings.windowState),
    setWindowState: writes(settings.setWindowState),

    backup: async (to) => backupTo(context, to),
    keepBackup: async () => backupTo(context, backupPath(path)),
    exportAll: reads((directory) => exportAll(context, { texts, journal, notebooks, runs, settings }, directory)),
    check: reads(() => check(context, texts, traces)),

    close(): void {
      if (!db.open) return;
      try {
        db.close();
      } finally {
        release();
      }
    },
  };
}
