/**
 * Every channel of the contract, asked with random and hostile arguments by a compromised window: its preload script is
 * replaced by one that hands all of ipcRenderer to the page, so that nothing but main stands in the way. Prints its
 * seed; GUPBOOK_SEED=N repeats a run.
 */
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REQUEST_CHANNELS } from '../../preload/contract.ts';
import { type Fuzzed, fuzz, type RawIpc } from './channels-page.ts';
import { errorOutput, launch, notebookWindow, retried } from './harness.ts';

declare global {
  interface Window {
    readonly raw: RawIpc;
  }
}

const repository = resolve(import.meta.dirname, '../..');
const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const ROUNDS = 12;
const EACH = 250;

let folder: string;
let app: ElectronApplication;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-channels-'));
  for (const part of ['out', 'scenarios', 'package.json']) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  appendFileSync(
    join(folder, 'out/preload/index.cjs'),
    `;(() => {
      const { contextBridge, ipcRenderer } = require('electron');
      const quiet = (call) => (...args) => { try { call(...args); } catch (refused) { return String(refused); } };
      contextBridge.exposeInMainWorld('raw', {
        invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
        send: quiet((channel, ...args) => ipcRenderer.send(channel, ...args)),
        post: quiet((channel, message) => ipcRenderer.postMessage(channel, message)),
      });
    })();`,
  );
  app = await launch(folder);
  page = await notebookWindow(app);
  await page.waitForSelector('#root > *');
  // A dialog would wait for somebody.
  await retried(() =>
    app.evaluate(({ dialog }) => {
      const canceled = { canceled: true, filePaths: [], filePath: '' };
      dialog.showOpenDialog = async () => canceled;
      dialog.showSaveDialog = async () => canceled;
    }),
  );
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('every channel answers whatever it is sent with a value or one sentence, and nothing breaks', async () => {
  const total = { inputs: 0, taken: 0, refused: 0, threw: 0 };
  const reached = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = { seed: seed + round, count: EACH, channels: [...REQUEST_CHANNELS] };
    const done: Fuzzed = await page.evaluate(fuzz, wanted);
    expect(done.hung, `seed ${seed + round}`).toEqual([]);
    expect(done.untyped, `seed ${seed + round}`).toEqual([]);
    total.inputs += done.inputs;
    total.taken += done.taken;
    total.refused += done.refused;
    total.threw += done.threw;
    for (const channel of done.channels) reached.add(channel);
  }
  console.log(
    `channels: seed ${seed}, ${total.inputs} inputs on ${reached.size} channels: ${total.taken} taken, ` +
      `${total.refused} refused in a sentence, ${total.threw} not sent; 0 crashes, 0 hangs`,
  );
  expect(total.inputs).toBe(ROUNDS * EACH);
  expect([...reached].sort()).toEqual([...REQUEST_CHANNELS].sort());
  expect(total.taken).toBeGreaterThan(0);
}, 300_000);

it('text that is longer than any file is refused, and costs main nothing', async () => {
  const answers = await page.evaluate(async () => {
    const long = 'x'.repeat(2 ** 25);
    const asked: readonly (readonly [string, ...unknown[]])[] = [
      ['notebook:journal', 1, long],
      ['notebook:analyse', long],
      ['decode:text', long],
      ['mail:read', long],
      ['notebook:open', long],
      ['run:list', long],
    ];
    const got: unknown[] = [];
    for (const [channel, ...args] of asked) got.push(await window.raw.invoke(channel, ...args));
    return got;
  });
  for (const answer of answers) expect(answer).toMatchObject({ ok: false });
});

it('channels that there are not are not served, Electron\u2019s own among them', async () => {
  const answers = await page.evaluate(async () => {
    const names = [
      '',
      'app:quit',
      '__proto__',
      'constructor',
      'ELECTRON_BROWSER_REQUIRE',
      'run:started',
      'x'.repeat(1e5),
    ];
    return Promise.all(
      names.map((name) =>
        window.raw.invoke(name, 1).then(
          () => 'answered',
          (refused: unknown) => String(refused),
        ),
      ),
    );
  });
  for (const answer of answers) expect(answer).toMatch(/No handler registered|Error/);
});

it('and the application goes on', async () => {
  const info = await page.evaluate(() => window.gupbook.request('app:info'));
  expect(info).toMatchObject({ version: expect.any(String) });
  expect(await page.evaluate(() => document.querySelectorAll('#root > *').length)).toBeGreaterThan(0);
  expect(
    await retried(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)),
  ).toBeGreaterThan(0);
  expect(errorOutput()).not.toMatch(/Uncaught|UnhandledPromise|FATAL/);
});
