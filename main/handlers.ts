/** What main does for each request of the contract: the rooms, wired to the channels. */
import { clipboard } from 'electron';
import type { Outcome, ReplayRequest } from '../preload/contract.ts';
import { appInfo } from './app-info.ts';
import type { Decoding } from './decoding.ts';
import type { ExperimentResult } from './engine/result.ts';
import type { Handlers } from './ipc.ts';
import { Analyst } from './lab/analysis.ts';
import type { Runs } from './lab/runs.ts';
import { writeNotebookFile } from './lab/write-file.ts';
import type { Mailing } from './mailing.ts';
import type { Dialogs, Notebooks } from './notebooks.ts';
import { preferencesOf, setPreferences } from './preferences.ts';
import { fine } from './problem.ts';
import { reportText } from './reporting.ts';
import type { Store } from './store/index.ts';
import { setTheme, themeOf } from './window.ts';

export interface Rooms {
  readonly version: string;
  readonly store: Store;
  readonly notebooks: Notebooks;
  readonly runs: Runs;
  readonly replay: (request: ReplayRequest) => Promise<Outcome<ExperimentResult>>;
  readonly dialogs: Dialogs;
  readonly decoding: Decoding;
  readonly mailing: Mailing;
  /** Closes the window, whose page has nothing to lose any more. */
  readonly close: () => void;
}

export function handlersFor(rooms: Rooms): Handlers {
  const { version, store, notebooks, runs, replay, dialogs, decoding, mailing, close } = rooms;
  const info = appInfo(version);
  const analyst = new Analyst();
  return {
    'app:info': async () => ({
      ...info,
      theme: themeOf(store),
      preferences: preferencesOf(store),
      scenarios: await notebooks.scenarios(),
    }),
    'notebook:open-dialog': () => notebooks.openDialog(),
    'notebook:open': (path) => notebooks.open(path),
    'notebook:save': (notebookId, path, text) => notebooks.save(notebookId, path, text),
    'notebook:save-dialog': (notebookId, suggested, text) => notebooks.saveDialog(notebookId, suggested, text),
    'notebook:journal': (notebookId, text) => notebooks.journal(notebookId, text),
    'notebook:analyse': (text) => fine(analyst.analyse(text)),
    'notebook:last': () => notebooks.last(),
    'run:start': (request) => runs.start(request),
    'run:stop': (runId) => runs.stop(runId),
    'run:replay': replay,
    'run:list': (notebookId) => fine(store.listRuns(notebookId)),
    'run:get': (runId) => fine(store.getRun(runId)),
    'run:pin': (runId, pinned) => {
      store.pinRun(runId, pinned);
      return fine(null);
    },
    'run:delete': (runId) => fine(store.deleteRun(runId)),
    'notebook:revisions': (notebookId) => fine(store.revisions(notebookId)),
    'notebook:revision-text': (sha256) => fine({ text: store.revisionText(sha256) }),
    'store:storage': () => fine(store.storage()),
    'store:prune': (keep, days) => fine(store.prune({ keep, olderThan: Date.now() - days * 86_400_000 + 1 })),
    'store:search': (query) => fine(store.search(query)),
    'report:text': async (request) => fine({ text: await reportText(store, version, request) }),
    'report:save-dialog': async (suggested, text) => {
      const path = await dialogs.chooseSave(suggested);
      if (path === null) return fine(null);
      await writeNotebookFile(path, text);
      return fine({ path });
    },
    'mail:read': (text) => mailing.read(text),
    'mail:open-dialog': () => mailing.openDialog(),
    'mail:compose': (request) => mailing.compose(request),
    'mail:notebook': (mailId, index) => mailing.notebook(mailId, index),
    'decode:text': (text) => decoding.text(text),
    'decode:open-dialog': () => decoding.openDialog(),
    'decode:stop': () => {
      decoding.stop();
      return fine(null);
    },
    'decode:page': (decodedId, pfn, kernel) => decoding.page(decodedId, pfn, kernel),
    'decode:cell': (decodedId, pfn, kernel) => decoding.cell(decodedId, pfn, kernel),
    'clipboard:write': (text) => {
      clipboard.writeText(text);
      return fine(null);
    },
    'preferences:set': (preferences) => {
      setPreferences(store, preferences);
      return fine(null);
    },
    'theme:set': (theme) => {
      setTheme(store, theme);
      return fine(null);
    },
    'window:close': () => {
      close();
      return fine(null);
    },
  };
}
