/** Launches real Electron applications for tests: a fresh data folder each, screenshots into test-artefacts/. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { resolveElectron } from '../../main/setup/electron.mjs';
import type { Bridge } from '../../preload/contract.ts';

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
  const { executable, args } = resolveElectron();
  const app = await _electron.launch({
    executablePath: executable,
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

/** The notebook window, once its page is there. A window is told of before it has its address, so that is asked again. */
export async function notebookWindow(app: ElectronApplication): Promise<Page> {
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
