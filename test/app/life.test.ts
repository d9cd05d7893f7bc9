/** What ends unexpectedly, and what comes back: the page, the graphics process, a runner, all of it; and a second start. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { resolveElectron } from '../../main/setup/electron.mjs';
import { launchGupbook, notebookWindow, retried } from './harness.ts';
import { NotebookPage } from './notebook-page.ts';
import { startRemote } from './packaged-app.ts';

const repository = resolve(import.meta.dirname, '../..');

let folder: string;
let data: string;
let file: string;
let app: ElectronApplication | undefined;
let notebook: NotebookPage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-life-'));
  data = join(folder, 'data');
  file = join(folder, 'mine.lab.ts');
  writeFileSync(file, '// %% One\nconst one = 1;\n');
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(...args: string[]): Promise<ElectronApplication> {
  const started = await launchGupbook({ data, args });
  app = started;
  notebook = new NotebookPage(await notebookWindow(started));
  await notebook.opened();
  return started;
}

/** Types into the first cell and waits until the journal has it. */
async function typed(text: string): Promise<void> {
  await notebook.goToCell(1);
  await notebook.press('Enter', 'Control+End');
  await notebook.type(text);
  await notebook.leaveEditor();
  await expect.poll(() => kept(), { timeout: 20_000 }).toContain(text.trim());
}

/** What the journal has for the notebook. */
async function kept(): Promise<string> {
  const last = await notebook.page.evaluate(() => window.gupbook.request('notebook:last'));
  return last.ok ? (last.value?.recovered ?? last.value?.text ?? '') : '';
}

/** Says yes to the text that was found, and gives what is then in the notebook. */
async function recovered(): Promise<string> {
  await notebook.page.waitForSelector('.recovery button');
  await notebook.page.click('.recovery button');
  await notebook.opened();
  return (await notebook.text('.cell .view-lines')) ?? '';
}

it('the page: it comes back by itself and offers what was typed', async () => {
  const { executable } = resolveElectron();
  const remote = await startRemote(executable, [repository], { data, args: [file] });
  try {
    notebook = new NotebookPage(await notebookWindow(remote));
    await notebook.opened();
    await typed('const page = 2;');
    await remote.crashPage();
    notebook = new NotebookPage(await notebookWindow(remote));
    expect(await recovered()).toContain('page');
  } finally {
    await remote.close();
  }
});

it('all of it: the next start offers what was typed', async () => {
  const started = await start(file);
  await recovered();
  await typed('const killed = 3;');
  const ended = new Promise((gone) => started.process().once('exit', gone));
  started.process().kill('SIGKILL');
  await ended;
  await start(file);
  expect(await recovered()).toContain('killed');
});

it('the graphics process: the window and its text stay', async () => {
  const started = await start(file);
  await recovered();
  await typed('const graphics = 4;');
  const killed = await retried(() =>
    started.evaluate(({ app: application }) => {
      const graphics = application.getAppMetrics().filter(({ type }) => type === 'GPU');
      for (const { pid } of graphics) process.kill(pid, 'SIGKILL');
      return graphics.length;
    }),
  );
  expect(killed).toBeLessThanOrEqual(1);
  await typed('const after = 5;');
  expect(await notebook.text('.cell .view-lines')).toContain('after');
});

it('a runner: the run ends with a sentence, and the next one runs', async () => {
  const started = await start(file);
  await recovered();
  const outcome = await retried(() =>
    started.evaluate(async ({ BrowserWindow }) => {
      const runners = () =>
        BrowserWindow.getAllWindows().filter(({ webContents }) => webContents.getURL().startsWith('gupbook-run:'));
      for (const { webContents } of runners()) webContents.forcefullyCrashRenderer();
      await new Promise((later) => setTimeout(later, 300));
      return runners().length;
    }),
  );
  expect(outcome).toBeGreaterThanOrEqual(0);
  const ended = await notebook.page.evaluate(async () => {
    const over = new Promise<string>((tell) => {
      window.gupbook.on('run:end', ({ state }) => tell(state));
    });
    const last = await window.gupbook.request('notebook:last');
    const notebookId = last.ok ? (last.value?.notebookId ?? 0) : 0;
    const text = "// %% a\nexperiment('x', {}, (lab) => { lab.task('t', function* () { yield NOP(); }); });\n";
    const budget = { states: 100, seconds: 5 };
    const started = await window.gupbook.request('run:start', {
      notebookId,
      path: null,
      text,
      cells: null,
      kernels: ['7.2'],
      budget,
    });
    return started.ok ? over : started.problem.message;
  });
  expect(ended).toBe('finished');
});

it('a second start ends at once, and hands its notebook to the first', async () => {
  await start(file);
  const other = join(folder, 'other.lab.ts');
  writeFileSync(other, '// %% Other\nconst other = 1;\n');
  const { executable, args } = resolveElectron();
  const env = { ...process.env, GUPBOOK_USER_DATA: data };
  const second = spawn(executable, [...args, repository, other], { env, stdio: 'ignore' });
  expect(await new Promise((gone) => second.once('exit', gone))).toBe(0);
  await notebook.page.waitForFunction(
    () => document.title.includes('other.lab.ts') || document.body.textContent?.includes('other.lab.ts'),
  );
  await notebook.opened();
  expect(await notebook.text('.cell .view-lines')).toContain('other');
});
