/** The whole way by keys alone, through the tour: no mouse event reaches the window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notebookWindow, type Started, screenshot, startGupbook } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';

/** Cells of tour.lab.ts, counted from 1. */
const BIOS = 3;
const FORGETS = 6;

let data: string;
let app: Started;
let notebook: NotebookPage;
/** Mouse and touch events that any window of the walk has seen. */
let pointed = 0;

async function start(): Promise<void> {
  app = await startGupbook({ data });
  notebook = new NotebookPage(await notebookWindow(app));
  await notebook.page.evaluate(() => {
    for (const type of ['pointerdown', 'mousedown', 'click', 'touchstart', 'wheel'])
      window.addEventListener(
        type,
        (event) => {
          // A key on a button is told as a click without a place.
          if (!(event instanceof MouseEvent) || event.detail > 0 || type !== 'click') {
            document.body.dataset.pointed = String(Number(document.body.dataset.pointed ?? 0) + 1);
          }
        },
        { capture: true },
      );
  });
}

async function end(): Promise<void> {
  pointed += await notebook.page.evaluate(() => Number(document.body.dataset.pointed ?? 0));
  await app.close();
}

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'gupbook-walk-'));
});
afterAll(async () => {
  await app?.close();
  rmSync(data, { recursive: true, force: true });
});

describe('the tour, by keys alone', () => {
  it('opens from the first page', async () => {
    await start();
    await notebook.page.waitForSelector('.first-run button:focus');
    await notebook.press('ArrowDown', 'Enter');
    await notebook.opened();
    expect(await notebook.text('.title')).toContain('tour.lab.ts');
  });

  it(
    'runs the cell, and goes to the failing kernel',
    async () => {
      await notebook.press('j', 'j', 'Control+Enter');
      await notebook.cellSays(BIOS, 'failed, 1 of 15, as expected');
      await notebook.idle();
      await notebook.press('v', 'End', 'Home', 'ArrowRight', 'Enter');
      expect(await notebook.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain(
        'pin-v5',
      );
      expect(await notebook.text('.state')).toContain('pin-v5');
    },
    PATIENCE,
  );

  it('steps to the failing step, and sees one pin taken for four pages', async () => {
    await notebook.press('F6', 'F6', 'Home', '}');
    expect(await notebook.text('.decoded')).toBe('refcount 1025 = 1 pin x 1024 + 1 ref');
    for (let i = 0; i < 50 && (await notebook.page.$('tr[aria-current=step][data-failing=true]')) === null; i++) {
      await notebook.press(']');
    }
    expect(await notebook.page.$('tr[aria-current=step][data-failing=true]')).not.toBeNull();
    await screenshot(notebook.page, 'walk-failing');
  });

  it('copies the table', async () => {
    await notebook.press('y');
    await notebook.page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('Copied'));
    const copied = await app.clipboard();
    expect(copied).toContain('SUBT buf._refcount, 1024');
    expect(copied).toContain('!!');
    for (const line of copied.split('\n')) expect(line).toMatch(/^[ -~]{0,72}$/);
  });

  it(
    'changes the bias with a what-if control, and is told what differs',
    async () => {
      await notebook.press('Shift+F6', 'Shift+F6', 'w');
      await field('biasShift');
      await notebook.press('Control+A');
      await notebook.type('8');
      await notebook.press('Enter');
      await notebook.page.waitForFunction(() => document.querySelector('.difference')?.textContent?.includes('differ'));
      await notebook.idle();
      expect(await notebook.text('.answer-head')).toContain('what if biasShift = 8');
      expect(await notebook.text('.difference')).toContain("No verdict differs from the file's");
      await screenshot(notebook.page, 'walk-what-if');
    },
    PATIENCE,
  );

  it(
    'asks for one page: pin-v5 passes',
    async () => {
      await notebook.press('Escape', 'w');
      await field('npages');
      await notebook.press('Control+A');
      await notebook.type('1');
      await notebook.press('Enter');
      await notebook.page.waitForFunction(() =>
        document.querySelector('.difference')?.textContent?.includes('FAIL -> ok on pin-v5'),
      );
      await notebook.idle();
      await screenshot(notebook.page, 'walk-difference');
    },
    PATIENCE,
  );

  it(
    'sweeps the number of pages',
    async () => {
      await notebook.press('Tab', 'Enter');
      await notebook.page.waitForFunction(
        () => document.querySelector('.notice')?.textContent?.includes('Swept'),
        null,
        {
          timeout: PATIENCE,
        },
      );
      const row = await notebook.page.$$eval('.sweep tbody tr:nth-child(2) button', (cells) =>
        cells.map((cell) => cell.getAttribute('aria-label')),
      );
      expect(row[0]).toContain('npages 1, pin-v5: ok');
      expect(row.at(-1)).toContain('npages 4, pin-v5: FAIL');
      await notebook.page.$eval('.sweep', (table) => table.scrollIntoView({ block: 'end' }));
      await screenshot(notebook.page, 'walk-sweep');
      await notebook.press('Escape');
    },
    PATIENCE,
  );

  it(
    'completes a name while editing, and runs what was mended',
    async () => {
      await notebook.press('Escape');
      await notebook.goToCell(FORGETS);
      await notebook.press('Enter', 'Control+Home');
      const line = await notebook.page.evaluate(() =>
        [...document.querySelectorAll('.cell:nth-child(6) .view-line')].findIndex((row) =>
          row.textContent?.includes('device'),
        ),
      );
      for (let i = 0; i < line; i++) await notebook.press('ArrowDown');
      await notebook.press('End', 'Enter');
      await notebook.type('yield* kernel.unpin_user_pag');
      await notebook.page.waitForSelector('.suggest-widget .monaco-list-row.focused');
      await screenshot(notebook.page, 'walk-completion');
      const offered = await notebook.page.$$eval('.suggest-widget .monaco-list-row', (rows) =>
        rows.map((row) => row.textContent ?? ''),
      );
      const wanted = offered.findIndex((row) => row.includes('unpin_user_pages') && !row.includes('dirty'));
      expect(wanted, offered.join()).toBeGreaterThanOrEqual(0);
      for (let i = 0; i < wanted; i++) await notebook.press('ArrowDown');
      await notebook.press('Enter');
      await notebook.type('(pages);');
      await notebook.leaveEditor();
      await notebook.press('Control+Enter');
      await notebook.idle();
      expect((await notebook.labels())[FORGETS - 1]).toContain('ok, ');
      expect((await notebook.labels())[FORGETS - 1]).toContain('not as expected');
    },
    PATIENCE,
  );

  it('exports a report', async () => {
    await notebook.press('Control+Shift+E');
    await notebook.page.waitForFunction(
      () => (document.querySelector<HTMLTextAreaElement>('dialog textarea[readonly]')?.value.length ?? 0) > 0,
    );
    expect(await notebook.page.inputValue('dialog textarea[readonly]')).toContain('two bios over a small huge page');
    await notebook.press('Escape');
    expect(await notebook.page.$('dialog')).toBeNull();
  });

  it('deletes a cell and undoes that', async () => {
    const before = await notebook.labels();
    await notebook.goToCell(FORGETS);
    await notebook.press('d', 'd');
    expect(await notebook.labels()).toHaveLength(before.length - 1);
    await notebook.press('u');
    expect(await notebook.labels()).toEqual(before);
  });

  it('quits and reopens with the edit and the runs', async () => {
    await end();
    await start();
    await notebook.opened();
    await notebook.page.waitForSelector('.recovery button:focus');
    await notebook.press('Enter');
    await notebook.page.waitForSelector(`.cell:nth-child(${FORGETS}) .verdict`);
    expect((await notebook.labels())[FORGETS - 1]).toContain('ok, ');
    expect((await notebook.labels())[BIOS - 1]).toContain('failed, 1 of 15, as expected');
    expect(await notebook.page.$('.recovery')).toBeNull();
  });

  it('took no mouse', async () => {
    await end();
    expect(pointed).toBe(0);
  });
});

/** To the what-if control of that name, by Tab. */
async function field(label: string): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const found = await notebook.page.evaluate(
      () => document.activeElement?.closest('.control')?.querySelector('label')?.textContent ?? '',
    );
    const isField = await notebook.page.evaluate(() => document.activeElement?.matches('input, select'));
    if (found.startsWith(label) && isField === true) return;
    await notebook.press('Tab');
  }
  throw new Error(`there is no control ${label}`);
}
