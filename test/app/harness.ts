/** Launches real Electron applications for tests: a fresh data folder each, screenshots into test-artefacts/. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { resolveElectron } from '../../main/setup/electron.mjs';
import type { Bridge } from '../../preload/contract.ts';
import { startPackaged } from './packaged-app.ts';

declare global {
  interface Window {
    /** What preload/index.ts exposes. */
    readonly gupbook: Bridge;
  }
}

const repository = resolve(import.meta.dirname, '../..');

/** Where tests leave what people may want to look at. */
export const artefacts = join(repository, 'test-artefacts');

/** The address of the notebook window. Runners have windows too, hidden: never take the first one. */
export const WINDOW_URL = 'gupbook://app/index.html';

/** Starts Electron on the application in `folder`. Its data folder is removed with it, unless it is given. */
export async function launch(folder: string, options: LaunchOptions = {}): Promise<ElectronApplication> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'gupbook-app-'));
  const { args } = electron();
  const app = await _electron.launch({
    args: [...args, folder, ...(options.args ?? [])],
    env: { ...environment(), GUPBOOK_USER_DATA: data },
    // Playwright leaves the sandbox off unless asked; only root has to.
    chromiumSandbox: !args.includes('--no-sandbox'),
    // The theme is the application's own, not the test driver's.
    colorScheme: null,
  });
  if (options.data === undefined) app.on('close', () => rmSync(data, { recursive: true, force: true }));
  app.process().stderr?.on('data', (bytes: Buffer) => logs.push(bytes.toString()));
  return app;
}

/**
 * The Electron that set-up chose. Playwright asks the electron package for it and then holds the application back until
 * it listens; handed an executable it does not, and hangs where a window is made just as it attaches. So the package is
 * asked here first, with the folder of the chosen one, and remembers.
 */
const electron = memo(() => {
  const chosen = resolveElectron();
  const { ELECTRON_OVERRIDE_DIST_PATH: before } = process.env;
  if (chosen.source === 'fallback') process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(chosen.executable);
  createRequire(import.meta.url)('electron');
  if (before === undefined) delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
  else process.env.ELECTRON_OVERRIDE_DIST_PATH = before;
  return chosen;
});

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export interface LaunchOptions {
  /** Data folder to use and to keep, for tests that start the application twice. */
  readonly data?: string;
  /** Arguments after the application's folder. */
  readonly args?: readonly string[];
}

const logs: string[] = [];

/** What the applications of this test file wrote to standard error so far. */
export function errorOutput(): string {
  return logs.join('');
}

/** Starts Gupbook itself, as built. */
export function launchGupbook(options: LaunchOptions = {}): Promise<ElectronApplication> {
  return launch(repository, options);
}

/** What a test may do with any Gupbook: as built, or as it is given away, where no debugger reaches the main process. */
export interface Started {
  windows(): Page[];
  /** Text on the clipboard. */
  clipboard(): Promise<string>;
  /** Ends it in order. */
  close(): Promise<void>;
}

/** Starts Gupbook: the packaged one in the folder that GUPBOOK_PACKAGED names, else the built one. */
export async function startGupbook(options: LaunchOptions = {}): Promise<Started> {
  const packaged = process.env.GUPBOOK_PACKAGED;
  if (packaged !== undefined && packaged !== '') return startPackaged(packaged, options);
  const app = await launchGupbook(options);
  return {
    windows: () => app.windows(),
    clipboard: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    close: () => app.close(),
  };
}

/**
 * Makes a call into a running application, and makes it again where the debugger lost its answer: it holds a promise of
 * the main process weakly, and the collector may come first. Only for calls that may be made twice.
 */
export async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (lost) {
      if (tries === 3 || !String(lost).includes('garbage collected')) throw lost;
    }
  }
}

/** Starts Gupbook without driving it, and waits until it has ended by itself. */
export async function exitOfStart(data: string): Promise<number | null> {
  const { executable, args } = electron();
  const env = { ...environment(), GUPBOOK_USER_DATA: data };
  const started = spawn(executable, [...args, repository], { env, stdio: 'ignore' });
  return new Promise((resolve, reject) => started.once('error', reject).once('exit', resolve));
}

/** The notebook window, once its page is there. A window is told of before it has its address, so that is asked again. */
export async function notebookWindow(app: Pick<ElectronApplication, 'windows'>): Promise<Page> {
  for (;;) {
    const page = app.windows().find((window) => window.url() === WINDOW_URL);
    if (page !== undefined) {
      await page.waitForLoadState('domcontentloaded');
      return page;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Keeps a picture of the window as test-artefacts/NAME.png. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: join(artefacts, `${name}.png`) });
}

function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
