/** Schedules made by hand, steps marked and copied: by keys alone, in the real window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { THEMES } from '../../renderer/theme/tokens.ts';
import { seriousFindings } from './axe.ts';
import { notebookWindow, type Started, screenshot, startGupbook } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';

/** Cell of tour.lab.ts, counted from 1. */
const BIOS = 3;

let data: string;
let app: Started;
let notebook: NotebookPage;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gupbook-schedule-'));
  app = await startGupbook({ data });
  notebook = new NotebookPage(await notebookWindow(app));
  await notebook.page.waitForSelector('.first-run button:focus');
  await notebook.press('ArrowDown', 'Enter');
  await notebook.opened();
  await notebook.press('j', 'j', 'Control+Enter');
  await notebook.cellSays(BIOS, 'failed, 1 of 15, as expected');
  await notebook.idle();
  await notebook.press('v', 'End', 'Home', 'ArrowRight', 'Enter');
  await notebook.press('F6', 'F6');
}, PATIENCE);
afterAll(async () => {
  await app?.close();
  rmSync(data, { recursive: true, force: true });
});

/** Waits until the window says something that holds these words, and returns it. */
async function says(...words: readonly string[]): Promise<string> {
  await notebook.page.waitForFunction(
    (wanted) => wanted.every((word) => document.querySelector('.notice')?.textContent?.includes(word)),
    words,
    { timeout: PATIENCE },
  );
  return notebook.text('.notice');
}

async function schedule(): Promise<string> {
  return (await notebook.text('.interleaving .schedule')).replace('schedule ', '').trim();
}

/** Types a schedule into the field that `s` opens. */
async function typed(text: string): Promise<void> {
  await notebook.press('s');
  await notebook.page.waitForSelector('.schedule-by-hand textarea:focus');
  await notebook.press('Control+A');
  await notebook.type(text);
  await notebook.press('Enter');
}

describe('a schedule by hand', () => {
  let found: string;

  it('replays the one that the search found when it is typed, to the same broken check', async () => {
    found = await schedule();
    expect(found).toMatch(/^\d[\dx.?]*$/);
    await typed(found);
    expect(await says('Breaks')).toContain('at step');
    expect(await schedule()).toBe(found);
    expect(await notebook.text('.interleaving h2')).toContain('by hand');
  });

  it('says in one sentence what is not possible, and keeps the field open', async () => {
    await typed('9x2');
    await notebook.page.waitForFunction(() =>
      document.querySelector('.schedule-by-hand [role=alert]')?.textContent?.includes('there is no actor 9'),
    );
    await notebook.press('Control+A');
    await notebook.type('what?');
    await notebook.press('Enter');
    await notebook.page.waitForFunction(() =>
      document.querySelector('.schedule-by-hand [role=alert]')?.textContent?.includes('no part of a schedule'),
    );
    for (const theme of THEMES) {
      await notebook.page.evaluate((name) => window.gupbook.request('theme:set', name), theme);
      expect(await seriousFindings(notebook.page)).toEqual([]);
    }
    await screenshot(notebook.page, 'look-schedule-by-hand');
    await notebook.press('Escape');
    await notebook.page.waitForSelector('dialog', { state: 'detached' });
    expect(await schedule()).toBe(found);
  });

  it('shows as far as it is possible, and says why not further', async () => {
    await typed('0.9');
    await says('Breaks nothing in 1 step.', 'there is no actor 9');
    expect(await schedule()).toBe('0');
  });

  it('goes on by a step, and ends at the cursor', async () => {
    await notebook.press('+');
    await says('Step 2:');
    expect(await schedule()).toBe('0x2');
    await notebook.press('Home', ']', 'Backspace');
    await says('Breaks nothing in 1 step.');
    expect(await schedule()).toBe('0');
  });

  it('lets another actor go and says what that breaks, or why nobody can', async () => {
    await notebook.press('Home', ']', 'a');
    await says('Nobody else can go at step 1: there is no other actor.');
    await typed(found);
    await says('Breaks');
    await notebook.press('End', 'a');
    expect(await says('instead of', 'Breaks')).toContain('Step 7: bio B instead of bio A');
    expect(await notebook.step()).toBe(7);
  });

  it('goes back to what the search found', async () => {
    await notebook.press('S');
    await says('what the search found');
    expect(await schedule()).toBe(found);
    expect(await notebook.text('.interleaving h2')).not.toContain('by hand');
  });
});

describe('marked steps', () => {
  it('are copied alone', async () => {
    await notebook.press('Home', ']', ']', 'Shift+ArrowDown', 'Shift+ArrowDown');
    expect(await notebook.page.$$eval('tr[data-marked=true]', (rows) => rows.length)).toBe(3);
    await notebook.press('y');
    await says('steps 2 to 4');
    const text = await app.clipboard();
    const numbers = text.split('\n').flatMap((line) => /^ {2}(\d+)/.exec(line)?.[1] ?? []);
    expect(numbers).toEqual(['2', '3', '4']);
    expect(await seriousFindings(notebook.page)).toEqual([]);
    await notebook.press('m');
    expect(await notebook.page.$('tr[data-marked=true]')).toBeNull();
  });
});

describe('the whole file', () => {
  it('is one text whose edits go into the cells, and come back with one undo', async () => {
    const title = () => notebook.text('.title');
    const before = await notebook.labels();
    await notebook.press('F4');
    await notebook.page.waitForSelector('.whole-file .view-line');
    expect(await seriousFindings(notebook.page)).toEqual([]);
    await screenshot(notebook.page, 'look-whole-file');
    await notebook.press('Control+Home', 'Control+End');
    await notebook.type('\n// %% [markdown] Typed into the file\n// a cell more\n');
    await notebook.press('Escape');
    await notebook.page.waitForSelector('dialog', { state: 'detached' });
    await notebook.page.waitForFunction((n) => document.querySelectorAll('.cell').length === n, before.length + 1);
    expect((await notebook.labels()).at(-1)).toContain('Typed into the file');
    const changed = await title();
    await notebook.press('F6', 'F6', 'g', 'g', 'u');
    await notebook.page.waitForFunction((n) => document.querySelectorAll('.cell').length === n, before.length);
    expect(await title()).not.toBe(changed);
  });
});

describe('settings', () => {
  /** Puts a number into a field of the settings by its name. */
  async function set(name: string, value: string): Promise<void> {
    const field = notebook.page.locator('.settings-number', { hasText: name }).locator('input');
    await field.focus();
    await notebook.press('Control+A');
    await notebook.type(value);
    await notebook.press('Enter');
  }

  it('take effect at once, and say what is not taken', async () => {
    await notebook.press('Control+,');
    await notebook.page.waitForSelector('.settings');
    expect(await seriousFindings(notebook.page)).toEqual([]);
    await set('Font size', '16');
    await notebook.page.waitForFunction(() => getComputedStyle(document.body).fontSize === '16px');
    await set('Budget: seconds', 'no');
    await notebook.page.waitForFunction(() =>
      document.querySelector('.settings [role=alert]')?.textContent?.includes('whole number from 1 to 86400'),
    );
    await set('Budget: seconds', '60');
    await set('Budget: states', '10');
    await screenshot(notebook.page, 'look-settings');
    await notebook.press('Escape');
    await notebook.page.waitForSelector('dialog', { state: 'detached' });
    const line = await notebook.page.$eval('.view-line', (element) => element.getBoundingClientRect().height);
    expect(line).toBe(25);
  });

  it('are the budget of the next run, and are there in the next window', async () => {
    const kept = await notebook.page.evaluate(async () => (await window.gupbook.request('app:info')).preferences);
    expect(kept).toEqual({ fontSize: 16, budget: { states: 10, seconds: 60 } });
    await app.close();
    app = await startGupbook({ data });
    notebook = new NotebookPage(await notebookWindow(app));
    await notebook.opened();
    expect(await notebook.page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('16px');
    await notebook.goToCell(BIOS);
    await notebook.press('Control+Enter');
    await notebook.idle();
    await notebook.cellSays(BIOS, 'limit');
  });
});
