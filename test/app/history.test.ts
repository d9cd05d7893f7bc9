/** What was, by keys alone: runs pinned and compared, sizes and pruning, revisions restored, a search over everything. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { THEMES } from '../../renderer/theme/tokens.ts';
import { seriousFindings } from './axe.ts';
import { launchGupbook, notebookWindow, retried, screenshot } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';
import { inTheme } from './palette-page.ts';

/** @param refs references that the check at the end wants to find. */
const notebookText = (refs: number) => `/// <reference types="gupbook" />

// %% One pin
experiment('pin and unpin', { kernels: ['pin-v6', '7.2'] }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(1);
  lab.task('t', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.finally('what is left', () => expect(page_ref_count(buf)).toBe(${refs}));
});
`;

let folder: string;
let app: ElectronApplication;
let page: Page;
let notebook: NotebookPage;
let path: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-history-'));
  path = join(folder, 'mine.lab.ts');
  writeFileSync(path, notebookText(1));
  app = await launchGupbook({ data: join(folder, 'data'), args: [path] });
  page = await notebookWindow(app);
  notebook = new NotebookPage(page);
  await notebook.opened();
  await notebook.press('Control+Shift+Enter');
  await ended(1);
  // Another program changes the file: the notebook takes it, and runs again.
  writeFileSync(path, notebookText(9));
  await page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('taken anew'));
  await notebook.press('Control+Shift+Enter');
  await ended(2);
}, PATIENCE);
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What an earlier test left open must not fail this one. */
beforeEach(async () => {
  if ((await page.$('dialog[open]')) !== null) await close();
});

async function ended(runs: number): Promise<void> {
  await page.waitForFunction((n) => document.querySelectorAll('.runs button').length === n, runs, {
    timeout: PATIENCE,
  });
  await notebook.idle();
}

async function says(selector: string, text: string): Promise<void> {
  await page.waitForFunction(([at, wanted]) => document.querySelector(at)?.textContent?.includes(wanted), [
    selector,
    text,
  ] as const);
}

const clipboard = () => retried(() => app.evaluate(({ clipboard: board }) => board.readText()));

/** Presses a key until what has the focus is called so. */
async function focus(name: string, key = 'Tab'): Promise<void> {
  for (let i = 0; i < 40; i++) {
    const now = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (now.trim() === name) return;
    await notebook.press(key);
  }
  throw new Error(`No ${key} leads to "${name}".`);
}

async function close(): Promise<void> {
  await notebook.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
}

describe('runs', () => {
  it('are compared, and the difference is text', async () => {
    await notebook.press('R');
    await says('[data-testid=runs-tally]', '2 verdicts differ, 0 are the same.');
    expect(await notebook.text('dialog table')).toMatch(/pin-v6.*ok.*FAIL/);
    await focus('Copy');
    await notebook.press('Enter');
    await says('.notice', 'Comparison copied.');
    const text = await clipboard();
    expect(text).toContain('They ran different texts.');
    expect(text).toMatch(/^pin and unpin$/m);
    expect(text).toMatch(/^ {2}pin-v6 {2}ok -> FAIL \(.+\)$/m);
    await close();
  });

  it('that are pinned are not pruned', async () => {
    await notebook.press('P');
    await says('.notice', 'Run 2 is pinned');
    await says('.runs button', 'pinned');
    await notebook.press('B');
    await says('[data-testid=storage-total]', 'in all');
    await focus('Pin run 1');
    await notebook.press('Enter');
    await page.waitForSelector('button[aria-label="Pin run 1"][aria-pressed=true]');
    await notebook.press('Enter');
    await page.waitForSelector('button[aria-label="Pin run 1"][aria-pressed=false]');
    await focus('Copy');
    await notebook.press('Enter');
    await says('.notice', 'Storage copied.');
    expect(await clipboard()).toContain(`2 runs, 1 pinned  2 revisions  ${path}`);
    await close();
    await notebook.press('B');
    await page.waitForSelector('dialog form input:focus');
    await notebook.press('Control+A');
    await notebook.type('0');
    await notebook.press('Tab', 'Control+A');
    await notebook.type('0');
    await notebook.press('Enter');
    await says('dialog [role=status]', 'Deleted: 1 run,');
    await close();
    expect(await page.$$eval('.runs button', (all) => all.map((one) => one.getAttribute('data-run')))).toEqual(['2']);
  });
});

describe('a search over everything', () => {
  it('finds a revision that no file has any more, and the way to a line and to a run', async () => {
    await notebook.press('Control+Shift+H');
    await page.waitForSelector('dialog input:focus');
    await notebook.type('page_ref');
    await says('.past-search [aria-selected=true]', 'mine.lab.ts:11');
    await notebook.press('Enter');
    await page.waitForFunction(() => document.querySelector('.status')?.textContent?.includes('EDIT'));
    await notebook.leaveEditor();

    await notebook.press('&');
    await page.waitForSelector('dialog input:focus');
    await notebook.type('what left fail');
    await says('.past-search [aria-selected=true]', 'mine.lab.ts, run 2');
    await notebook.press('Enter');
    await says('.notice', 'Run 2 is shown.');
  });
});

describe('revisions', () => {
  it('are shown beside the text, and restored; one undo takes that back', async () => {
    await notebook.press('H');
    await page.waitForSelector('.revisions button[aria-current=true]:focus');
    await says('[data-testid=revision-said]', 'is the text as it is now');
    await notebook.press('j');
    await says('[data-testid=revision-said]', 'on the left');
    await page.waitForSelector('.revision-text .line-delete, .revision-text .char-delete');
    await focus('Restore', 'Shift+Tab');
    await notebook.press('Enter');
    await says('.notice', 'is back, not saved yet');
    await says('.cell .editor', 'toBe(1)');
    expect(readFileSync(path, 'utf8')).toBe(notebookText(9));
    await notebook.press('u');
    await says('.cell .editor', 'toBe(9)');
  });
});

describe('all of it', () => {
  const PANES = [
    ['storage', 'B'],
    ['revisions', 'H'],
    ['search', 'Control+Shift+H'],
    ['runs', 'R'],
  ] as const;

  it.each(THEMES)('has nothing serious against it in %s', async (theme) => {
    await inTheme(notebook, theme);
    if (theme === THEMES[0]) {
      await notebook.press('Control+Shift+Enter');
      await ended(2);
    }
    for (const [name, key] of PANES) {
      await notebook.press(key);
      await page.waitForSelector('dialog[open]');
      if (name === 'search') {
        await notebook.type('pin');
        await page.waitForSelector('dialog [role=option]');
      }
      if (name === 'revisions') {
        await notebook.press('j');
        await page.waitForSelector('.revision-text .view-line');
      }
      if (name === 'storage') await page.waitForSelector('dialog table');
      if (name === 'runs') await page.waitForSelector('[data-testid=runs-tally]');
      expect(await seriousFindings(page), name).toEqual([]);
      await screenshot(page, `look-${name}-${theme}`);
      await close();
    }
  });
});
