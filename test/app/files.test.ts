/** Files, unsaved text, runs and the window's place, over two starts of the application. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { OpenNotebook, RequestChannel, Requests } from '../../preload/contract.ts';
import { exitOfStart, launchGupbook, notebookWindow, retried } from './harness.ts';
import { answerDialogs } from './native-dialogs.ts';

let folder: string;
let data: string;
let file: string;
let app: ElectronApplication;
let page: Page;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-files-'));
  data = join(folder, 'data');
  file = join(folder, 'mine.lab.ts');
  writeFileSync(file, 'const one = 1;\n');
});
afterEach(async () => {
  await app.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(...args: string[]): Promise<void> {
  app = await launchGupbook({ data, args });
  page = await notebookWindow(app);
}

/** Asks through the bridge. */
function ask<C extends RequestChannel>(channel: C, ...args: Parameters<Requests[C]>): Promise<ReturnType<Requests[C]>> {
  return page.evaluate(([name, given]) => Reflect.apply(window.gupbook.request, window.gupbook, [name, ...given]), [
    channel,
    args,
  ] as const);
}

async function open(path: string): Promise<OpenNotebook> {
  await answerDialogs(app, path);
  const opened = await ask('notebook:open-dialog');
  if (!opened.ok || opened.value === null) throw new Error(opened.ok ? 'called off' : opened.problem.message);
  return opened.value;
}

it('a file is opened, saved, and remembered with what was not saved', async () => {
  await start();
  const { notebookId, text } = await open(file);
  expect(text).toBe('const one = 1;\n');
  expect(await ask('notebook:save', notebookId, file, 'const two = 2;\n')).toEqual({ ok: true, value: { path: file } });
  expect(readFileSync(file, 'utf8')).toBe('const two = 2;\n');
  expect(await ask('notebook:journal', notebookId, 'const unsaved = 3;\n')).toEqual({ ok: true, value: null });
  await retried(() =>
    app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())
        ?.setBounds({ x: 40, y: 60, width: 1000, height: 700 });
    }),
  );
});

it('after another start it is all there', async () => {
  await start();
  expect(await ask('notebook:last')).toMatchObject({
    ok: true,
    value: { path: file, text: 'const two = 2;\n', recovered: 'const unsaved = 3;\n' },
  });
  const bounds = await retried(() =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())
        ?.getNormalBounds(),
    ),
  );
  expect(bounds).toMatchObject({ width: 1000, height: 700 });
});

it('what was typed last is safe when the window is closed at once', async () => {
  const edited = join(folder, 'edited.lab.ts');
  writeFileSync(edited, '// %% A cell\nconst a = 1;\n');
  await start(edited);
  await page.locator('.monaco-editor .view-line').first().click();
  await page.keyboard.type('// typed last ');
  await app.close();
  await start();
  expect(JSON.stringify(await ask('notebook:last'))).toContain('typed last');
});

it('a file named on the command line is opened in its place', async () => {
  const other = join(folder, 'other.lab.ts');
  writeFileSync(other, 'const other = 1;\n');
  await start(other);
  await page.waitForFunction(() => document.body.textContent?.includes('other.lab.ts'));
});

it('the window comes back after its page died, and its text is safe', async () => {
  await start(file);
  // The window opens the file by itself; from then on it asks for nothing.
  await page.waitForSelector('.monaco-editor');
  const { notebookId } = await open(file);
  await ask('notebook:journal', notebookId, 'const precious = 1;\n');
  const recovered = await retried(() =>
    app.evaluate(async ({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.isVisible());
      if (window === undefined) return 'no window';
      const loaded = new Promise((resolve) => window.webContents.once('did-finish-load', () => resolve(null)));
      window.webContents.forcefullyCrashRenderer();
      await loaded;
      const asked = "window.gupbook.request('notebook:last').then((last) => last.ok && last.value.recovered)";
      return window.webContents.executeJavaScript(asked);
    }),
  );
  expect(recovered).toBe('const precious = 1;\n');
});

it('a second start with the same data folder ends, and the first stays', async () => {
  await start();
  expect(await exitOfStart(data)).toBe(0);
  expect(await ask('notebook:last')).toMatchObject({ ok: true });
});

it('a store that cannot be had does not keep the window shut', async () => {
  const broken = join(folder, 'broken');
  const saved = data;
  data = broken;
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(broken, 'gupbook.sqlite'), { recursive: true });
  await start();
  data = saved;
  expect(await ask('notebook:last')).toEqual({ ok: true, value: null });
});
