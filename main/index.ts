/** Gupbook's life cycle: locks the application, opens the store, makes the window, wires the rooms, ends in order. */
import { join, resolve } from 'node:path';
import engineText from 'virtual:gupbook-engine-text';
import hostText from 'virtual:gupbook-host-text';
import workerText from 'virtual:gupbook-worker-text';
import { app, type BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron';
import type { ReplayRequest } from '../preload/contract.ts';
import { handedFile, namedFile } from './arguments.ts';
import { Decoding } from './decoding.ts';
import { diagnosticsFolders } from './diagnostics/crashes.ts';
import { openLog } from './diagnostics/log.ts';
import { fileDialogs } from './dialogs.ts';
import { verifyFailure } from './engine/explore/verify.ts';
import { ENGINE_VERSION } from './engine/version.ts';
import { handlersFor } from './handlers.ts';
import { Housekeeping } from './housekeeping.ts';
import { serveRequests, teller } from './ipc.ts';
import { RUNNER_PRIVILEGES } from './lab/electron-realm.ts';
import { electronRunner } from './lab/electron-runner.ts';
import { replaySchedule } from './lab/replays.ts';
import { Runs } from './lab/runs.ts';
import { openLibrary } from './library.ts';
import { lockApplication } from './lock.ts';
import { Mailing } from './mailing.ts';
import { menuTemplate } from './menu.ts';
import { Notebooks } from './notebooks.ts';
import { OutsideChanges } from './outside.ts';
import { APP_PRIVILEGES, serveApp } from './scheme.ts';
import { IN_MEMORY } from './store/index.ts';
import { watchForCrashes } from './watch.ts';
import { closeWhenSafe, openWindow } from './window.ts';

/** Milliseconds from the window's page to the spare runner's; a run that comes first makes its own. */
const RUNNER_DELAY = 1500;

const data = process.env.GUPBOOK_USER_DATA;
if (data !== undefined && data !== '') app.setPath('userData', resolve(data));

lockApplication(app);
protocol.registerSchemesAsPrivileged([APP_PRIVILEGES, RUNNER_PRIVILEGES]);
// Runners have windows too; the application ends with the notebook's.
app.on('window-all-closed', () => {});

const named = namedFile(process.argv, app.getAppPath());

// One application per data folder: a second start brings the first to the front, and hands it what it was to open.
if (app.requestSingleInstanceLock({ named })) void app.whenReady().then(start);
else app.quit();

function start(): void {
  const out = resolve(import.meta.dirname, '..');
  const folder = app.getPath('userData');
  const log = openLog(diagnosticsFolders(folder).logs);
  watchForCrashes(app, folder, log);
  const { electron = '', node = '' } = process.versions;
  log.note('app.start', { version: app.getVersion(), electron, node, platform: process.platform });
  const { store, notices, codes } = openLibrary(folder);
  for (const code of codes) log.note('store.notice', { code });
  let window: BrowserWindow | null = null;
  const contents = () => window?.webContents ?? null;
  const tell = teller(contents);

  const scripts = { host: hostText, worker: workerText, engine: engineText };
  const runner = electronRunner({ ...scripts, preload: join(out, 'preload/runner.cjs') });
  const runs = new Runs({ runner, store, verify: verifyFailure, engineVersion: ENGINE_VERSION, tell });
  const dialogs = fileDialogs(() => window);
  const outside = new OutsideChanges(async (path) => {
    const change = await notebooks.outside(path);
    if (change !== null) tell('notebook:outside', change.notebookId, change.text);
  });
  const shows = (path: string) => outside.follow(path);
  const notebooks = new Notebooks({ store, dialogs, scenarios: join(app.getAppPath(), 'scenarios'), shows });
  if (named !== null) notebooks.nameFirst(named);

  const decoding = new Decoding(join(out, 'main/decode.js'), dialogs, (progress) => tell('decode:progress', progress));
  const version = app.getVersion();
  const mailing = new Mailing({ version, store, dialogs, shipped: () => notebooks.shipped() });
  let close = () => {};
  const replay = (request: ReplayRequest) => replaySchedule({ runner, verify: verifyFailure }, request);
  const rooms = { version, store, notebooks, runs, replay, dialogs, decoding, mailing, close: () => close() };
  const housekeeping = new Housekeeping({ store, busy: () => runs.busy, log, now: Date.now });
  if (store.path !== IN_MEMORY) housekeeping.start();
  serveRequests(ipcMain, contents, handlersFor(rooms), () => housekeeping.touch());
  serveApp(session.defaultSession.protocol, join(out, 'renderer'));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate((id) => tell('menu:command', id), !app.isPackaged)));

  window = openWindow(store, join(out, 'preload/index.cjs'));
  // Once the window can be used: the runner is a second page, and the first should not share its start with it.
  window.webContents.once('did-finish-load', () => {
    setTimeout(() => void runner.ready().catch(() => {}), RUNNER_DELAY).unref();
  });
  close = closeWhenSafe(window, () => tell('window:closing'));
  window.on('closed', () => {
    window = null;
    app.quit();
  });
  for (const message of notices) void dialog.showMessageBox(window, { type: 'warning', message });

  app.on('second-instance', (_event, _argv, _folder, handed) => {
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
    const file = handedFile(handed);
    if (file === null) return;
    notebooks.allow(file);
    tell('notebook:named', file);
  });
  let ended = false;
  app.on('before-quit', () => void runs.close());
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    void Promise.all([runs.close(), housekeeping.stop()]).then(() => {
      runner.close();
      outside.close();
      decoding.close();
      store.close();
      log.note('app.end');
      ended = true;
      // Not at once: until this event is over, Electron takes no second quit.
      setImmediate(() => app.quit());
    });
  });
}
