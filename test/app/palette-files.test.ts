/** The commands of the palette that ask by a dialog of the system, with what the user answers given beforehand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COMMANDS, type CommandId } from '../../renderer/palette/keys.ts';
import { launchGupbook, notebookWindow } from './harness.ts';
import { answerDialogs } from './native-dialogs.ts';
import { NotebookPage } from './notebook-page.ts';
import { choose, NATIVE } from './palette-page.ts';

let folder: string;
let app: ElectronApplication;
let notebook: NotebookPage;
const run = new Set<CommandId>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-palette-'));
  writeFileSync(join(folder, 'mine.lab.ts'), '// %% One\nconst one = 1;\n');
  app = await launchGupbook({ data: join(folder, 'data') });
  notebook = new NotebookPage(await notebookWindow(app));
  await notebook.page.waitForSelector('.first-run button:focus');
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function command(id: CommandId): Promise<void> {
  run.add(id);
  await choose(notebook, COMMANDS[id].title);
}

async function saved(): Promise<void> {
  await notebook.page.waitForFunction(() => !document.querySelector('.status-end')?.textContent?.includes('not saved'));
}

async function typeAtTheEnd(text: string): Promise<void> {
  await notebook.press('Enter', 'Control+End');
  await notebook.type(text);
  await notebook.leaveEditor();
  await notebook.page.waitForFunction(
    () => document.querySelector('.status-end')?.textContent?.includes('not saved') === true,
  );
}

it('opens the file that was chosen', async () => {
  await answerDialogs(app, join(folder, 'mine.lab.ts'));
  await command('file.open');
  await notebook.opened();
  expect((await notebook.labels())[0]).toContain('One');
});

it('saves into it', async () => {
  await typeAtTheEnd(' // saved');
  await command('file.save');
  await saved();
  expect(readFileSync(join(folder, 'mine.lab.ts'), 'utf8')).toBe('// %% One\nconst one = 1; // saved\n');
});

it('saves into another, and leaves the first as it was', async () => {
  await typeAtTheEnd(' // as');
  await answerDialogs(app, join(folder, 'other.lab.ts'));
  await command('file.saveAs');
  await saved();
  expect(readFileSync(join(folder, 'other.lab.ts'), 'utf8')).toBe('// %% One\nconst one = 1; // saved // as\n');
  expect(readFileSync(join(folder, 'mine.lab.ts'), 'utf8')).toBe('// %% One\nconst one = 1; // saved\n');
});

it('leaves no such command without a test', () => {
  expect([...run].sort()).toEqual([...NATIVE].sort());
});
