/**
 * Drives a packaged Gupbook. Its fuses keep Node's inspector, and with it Playwright's way into Electron, out; Chromium's
 * own remote debugging is asked for instead, which reaches pages alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { testArguments } from '../../main/setup/electron.mjs';
import type { LaunchOptions, Started } from './harness.ts';

/** The executable that opens the window. */
export function windowProgram(folder: string): string {
  return join(folder, 'gupbook-window');
}

/** One that was started without Playwright's way into the main process. */
export interface Remote extends Started {
  /** For tests that look at it. */
  readonly process: ChildProcess;
  /** Kills the processes of its pages and connects anew: to whoever drives it, a page that crashed is gone for good. */
  crashPage(): Promise<void>;
}

/** Starts the one in `folder`, away from any sources. */
export function startPackaged(folder: string, options: LaunchOptions = {}): Promise<Remote> {
  return startRemote(windowProgram(folder), [], options);
}

/** Starts a program whose arguments begin with `first`. */
export async function startRemote(
  program: string,
  first: readonly string[],
  options: LaunchOptions = {},
): Promise<Remote> {
  const home = mkdtempSync(join(tmpdir(), 'gupbook-home-'));
  const data = options.data ?? join(home, 'data');
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Test Author\n\temail = author@example.org\n');
  const args = [...testArguments(), '--remote-debugging-port=0', ...first, ...(options.args ?? [])];
  const { DISPLAY = '', PATH = '', LANG = 'C.UTF-8', XAUTHORITY = '' } = process.env;
  const env = { DISPLAY, PATH, LANG, XAUTHORITY, HOME: home, GUPBOOK_USER_DATA: data };
  const child = spawn(program, args, { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = await debuggerOf(child);
  let browser = await connected(address);
  // The theme is the application's own, not the test driver's.
  for (const page of pagesOf(browser)) await page.emulateMedia({ colorScheme: null });
  return {
    process: child,
    windows: () => pagesOf(browser),
    clipboard: () => pasted(pagesOf(browser)),
    async crashPage() {
      await browser.close();
      const before = renderersOf(data);
      for (const pid of before) process.kill(pid, 'SIGKILL');
      while (!renderersOf(data).some((pid) => !before.includes(pid))) await pause();
      browser = await connected(address);
    },
    async close() {
      child.kill('SIGTERM');
      await ended;
      await browser.close().catch(() => {});
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Processes of pages of the application with this data folder. */
function renderersOf(data: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const command = commandOf(name);
    return command.includes('--type=renderer') && command.includes(data) ? [Number(name)] : [];
  });
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has just ended.
    return '';
  }
}

function pause(): Promise<void> {
  return new Promise((later) => setTimeout(later, 100));
}

function pagesOf(browser: Browser): Page[] {
  return browser.contexts().flatMap((context) => context.pages());
}

/** Pages there are once the application has started: the window, and a runner that waits. */
const PAGES = ['gupbook://app/index.html', 'gupbook-run://run/'];

/** Milliseconds for one try to connect, and how many there are. */
const CONNECTING = { patience: 10_000, tries: 5 } as const;

/** Connects once all pages are there. Attaching to one that is just being made, Playwright may wait for ever. */
async function connected(address: string): Promise<Browser> {
  const list = new URL('/json/list', address.replace(/^ws:/, 'http:'));
  for (;;) {
    const targets: unknown = await (await fetch(list)).json();
    const text = JSON.stringify(targets);
    if (PAGES.every((url) => text.includes(`"${url}"`))) break;
    await pause();
  }
  for (let tries = 1; ; tries++) {
    try {
      return await chromium.connectOverCDP(address, { timeout: CONNECTING.patience });
    } catch (late) {
      if (tries === CONNECTING.tries) throw late;
    }
  }
}

/** Where Chromium says that it listens. */
async function debuggerOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the packaged application ended with status ${code}: ${said}`)));
  });
}

/** The clipboard's text, pasted where nothing else hears of it. */
async function pasted(pages: readonly Page[]): Promise<string> {
  const page = pages.find((one) => one.url().startsWith('gupbook://'));
  if (page === undefined) return '';
  const field = await page.evaluateHandle(() => {
    const area = document.createElement('textarea');
    area.dataset.before = '';
    area.addEventListener('keydown', (event) => event.stopPropagation());
    const focused = document.activeElement;
    area.addEventListener('blur', () => focused instanceof HTMLElement && focused.focus(), { once: true });
    document.body.append(area);
    area.focus();
    return area;
  });
  await page.keyboard.press('Control+V');
  return field.evaluate((area) => {
    const { value } = area;
    area.remove();
    return value;
  });
}
