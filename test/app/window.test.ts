/** The window itself: large notebooks, types across cells, regions by keys, accessibility in both themes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './axe.ts';
import { notebookWindow, type Started, screenshot, startGupbook } from './harness.ts';
import { NotebookPage } from './notebook-page.ts';
import { print } from './runner-app.ts';

let folder: string;
let app: Started | undefined;
let notebook: NotebookPage;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-window-'));
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a notebook of this text, in an application of its own. */
async function open(name: string, text: string): Promise<string> {
  await app?.close();
  const file = join(folder, name);
  writeFileSync(file, text);
  app = await startGupbook({ args: [file] });
  notebook = new NotebookPage(await notebookWindow(app));
  await notebook.opened();
  return file;
}

const REFERENCE = '/// <reference types="gupbook" />\n\n';

describe('a notebook of 200 cells', () => {
  const cell = (n: number) =>
    `// %% Cell ${n}\nconst value${n} = ${n};\nfunction next${n}() {\n  return value${n} + 1;\n}\n`;
  const text = REFERENCE + Array.from({ length: 200 }, (_, n) => cell(n + 1)).join('\n');

  it('opens with editors only where they can be seen', async () => {
    const from = performance.now();
    await open('large.lab.ts', text);
    print('200 cells', { 'launch to the first editor': [performance.now() - from] });
    expect(await notebook.page.$$eval('.cell', (cells) => cells.length)).toBe(200);
    expect(await notebook.page.$$eval('.monaco-editor', (editors) => editors.length)).toBeLessThan(40);
  });

  it('takes the focus to its last cell, and lets it be edited there', async () => {
    await notebook.press('G', 'Enter', 'Control+End');
    await notebook.type('\n// the end');
    await notebook.leaveEditor();
    expect(await notebook.status()).toContain('cell 200/200');
    expect(await notebook.text('.cell:last-child .view-lines')).toContain('end');
    expect(await notebook.page.$$eval('.monaco-editor', (editors) => editors.length)).toBeLessThan(60);
  });

  it('knows the names of the first cell in the last', async () => {
    await notebook.press('Enter', 'Control+End');
    await notebook.type('\nconst wrong: string = next1();');
    await notebook.page.waitForSelector('.cell:last-child .squiggly-error');
    await notebook.leaveEditor();
  });
});

describe('a file', () => {
  const odd = `\uFEFF${REFERENCE}// %% A\r\nlet a = 1;\r\n\r\n\r\n// %% [markdown] B \n//no space\n//  two\n// %%\nlet c;\n\n\n`;

  it('is saved with the bytes that it was opened with', async () => {
    const file = await open('odd.lab.ts', odd);
    await notebook.press('Control+S');
    await notebook.page.waitForFunction(() => /saved \d/.test(document.querySelector('.status')?.textContent ?? ''));
    expect(readFileSync(file, 'utf8')).toBe(odd);
  });

  it('changes in the edited line alone', async () => {
    await notebook.goToCell(1);
    await notebook.press('Enter', 'Control+End');
    await notebook.type(' // more');
    await notebook.leaveEditor();
    await notebook.press('Control+S');
    await notebook.page.waitForFunction(() => !document.querySelector('.status')?.textContent?.includes('not saved'));
    const file = join(folder, 'odd.lab.ts');
    expect(readFileSync(file, 'utf8')).toBe(odd.replace('let a = 1;', 'let a = 1; // more'));
  });

  it('gets a new cell where a marker line was typed, once the editor is left', async () => {
    await notebook.goToCell(1);
    await notebook.press('Enter', 'Control+End');
    await notebook.type('\n// %% Typed\nlet typed = a;');
    expect(await notebook.labels()).toHaveLength(3);
    await notebook.press('Escape');
    await notebook.page.waitForFunction(() => document.querySelectorAll('.cell').length === 4);
    expect((await notebook.labels())[1]).toContain('Typed');
  });
});

describe('types', () => {
  const text = `${REFERENCE}// %% One\n/** Half of it. */\nfunction half(n: number): number {\n  return n / 2;\n}\n\n// %% Two\nconst two: number = half(4);\n\n// %% Three\nexperiment('x', {}, (lab) => {\n  lab.task('t', function* () {});\n});\n`;

  it('are checked across cells, at their line, also in the cell that was not edited', async () => {
    await open('types.lab.ts', text);
    expect(await notebook.page.$$('.squiggly-error')).toHaveLength(0);
    await notebook.goToCell(1);
    await notebook.press('Enter', 'Control+Home', 'ArrowDown', 'End', 'ArrowLeft', 'ArrowLeft');
    for (let i = 0; i < 'number'.length; i++) await notebook.press('Backspace');
    await notebook.type('string');
    await notebook.page.waitForSelector('.cell:nth-child(1) .squiggly-error');
    await notebook.page.waitForSelector('.cell:nth-child(2) .squiggly-error');
    await notebook.leaveEditor();
  });

  it("complete the interface's names, with the kernel's own words", async () => {
    await notebook.goToCell(3);
    await notebook.press('Enter', 'Control+Home', 'ArrowDown', 'End', 'Enter');
    await notebook.type('lab.kernel.pin_user_pages_f');
    await notebook.page.waitForSelector('.suggest-widget .monaco-list-row.focused');
    expect(await notebook.text('.suggest-widget .monaco-list-row.focused')).toContain('pin_user_pages_fast');
    await screenshot(notebook.page, 'completion');
    await notebook.press('Escape');
    expect(await notebook.status()).toContain('EDIT');
    await notebook.press('Escape');
    expect(await notebook.status()).toContain('NAV');
  });

  it('say what a name is, and what a call wants, by keys', async () => {
    await notebook.goToCell(2);
    await notebook.press('Enter', 'Control+Home');
    for (let i = 0; i < 'const two: number = ha'.length; i++) await notebook.press('ArrowRight');
    await notebook.press('Control+k', 'Control+i');
    await notebook.page.waitForSelector('.monaco-hover:not(.hidden)');
    await notebook.page.waitForFunction(() =>
      document.querySelector('.monaco-hover')?.textContent?.includes('Half of it.'),
    );
    await notebook.press('Control+Home', 'End', 'ArrowLeft', 'ArrowLeft', 'Control+Shift+Space');
    await notebook.page.waitForSelector('.parameter-hints-widget.visible');
    expect(await notebook.text('.parameter-hints-widget')).toContain('half(n: number)');
    await notebook.leaveEditor();
  });

  it('lead from a use to the cell of the definition', async () => {
    await notebook.goToCell(2);
    await notebook.press('Enter', 'Control+Home');
    for (let i = 0; i < 'const two: number = ha'.length; i++) await notebook.press('ArrowRight');
    await notebook.press('F12');
    await notebook.page.waitForFunction(() => document.querySelector('.status')?.textContent?.includes('cell 1/3'));
    expect(await notebook.status()).toContain('EDIT');
    await notebook.press('Escape');
  });
});

describe('a name of the interface', () => {
  it('leads to its place in the interface, to read, and back', async () => {
    await notebook.goToCell(3);
    await notebook.press('Enter', 'Control+Home', 'ArrowRight', 'F12');
    await notebook.page.waitForSelector('dialog.source .view-line');
    await notebook.page.waitForFunction(() =>
      document.querySelector('dialog.source .view-lines')?.textContent?.includes('function\u00a0experiment'),
    );
    await screenshot(notebook.page, 'interface');
    await notebook.press('Escape');
    await notebook.page.waitForSelector('dialog', { state: 'detached' });
    if ((await notebook.status()).includes('EDIT')) await notebook.leaveEditor();
  });
});

describe('keys alone', () => {
  it('reach every region and come back', async () => {
    const seen: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      seen.push(
        await notebook.page.evaluate(
          () => document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset.region,
        ),
      );
      await notebook.press('F6');
    }
    expect(seen).toEqual(['notebook', 'state', 'interleaving', 'outline']);
  });

  it('open and close palette and help, and the focus comes back', async () => {
    await notebook.goToCell(2);
    for (const key of ['Control+Shift+P', 'F1', 'Control+P']) {
      await notebook.press(key);
      await notebook.page.waitForSelector('dialog[open]');
      await notebook.press('Escape');
      await notebook.page.waitForSelector('dialog', { state: 'detached' });
      expect(await notebook.page.evaluate(() => document.activeElement?.id)).toBe('cell-c2');
    }
  });
});

describe('accessibility', () => {
  it.each(['dark', 'light'] as const)('has nothing serious against it in %s', async (theme) => {
    await notebook.page.evaluate((wanted) => window.gupbook.request('theme:set', wanted), theme);
    await notebook.page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
    expect(await seriousFindings(notebook.page)).toEqual([]);
    for (const key of ['F1', 'Control+Shift+P']) {
      await notebook.press(key);
      await notebook.page.waitForSelector('dialog[open]');
      expect(await seriousFindings(notebook.page), key).toEqual([]);
      await notebook.press('Escape');
    }
  });
});
