/** The main job in the real application, from the first start to the report, by keys alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notebookWindow, type Started, screenshot, startGupbook } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';
import { print } from './runner-app.ts';

/** The experiment with FOLL_PIN in two-bios.lab.ts. */
const PIN_CELL = 2;
const EDIT = '// Two bios, submitted by one task.';

let data: string;
let app: Started;
let notebook: NotebookPage;

async function start(): Promise<void> {
  app = await startGupbook({ data });
  notebook = new NotebookPage(await notebookWindow(app));
}

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'gupbook-notebook-'));
});
afterAll(async () => {
  await app?.close();
  rmSync(data, { recursive: true, force: true });
});

describe("the seed's experiment", () => {
  it('is offered first at the first start, and opens', async () => {
    await start();
    await notebook.page.waitForSelector('.first-run button:focus');
    expect(await notebook.text('.first-run li:first-child')).toContain('two-bios.lab.ts');
    await screenshot(notebook.page, 'first-run');
    await notebook.press('Enter');
    await notebook.opened();
    expect(await notebook.text('.title')).toContain('two-bios.lab.ts');
    expect((await notebook.labels())[PIN_CELL - 1]).toContain('fresh');
  });

  it('is edited', async () => {
    await notebook.goToCell(PIN_CELL);
    await notebook.press('Enter', 'Control+Home');
    await notebook.type(`${EDIT}\n`);
    expect(await notebook.status()).toContain('EDIT');
    await notebook.press('Escape');
    expect(await notebook.status()).toContain('NAV');
    expect(await notebook.status()).toContain('not saved');
  });

  it(
    'is run against its nine kernels: FAIL on pin-v5, ok on 7.2, all as expected',
    async () => {
      await notebook.press('Control+Enter');
      await notebook.cellSays(PIN_CELL, 'running');
      await screenshot(notebook.page, 'notebook-running');
      await notebook.idle();
      const verdicts = await notebook.verdicts(PIN_CELL);
      expect(verdicts).toHaveLength(9);
      expect(verdicts).toContain('pin-v5: FAIL, as expected');
      for (const kernel of ['pin-v6', 'pin-v7', '5.7-bias', '7.2']) {
        expect(verdicts).toContain(`${kernel}: ok, as expected`);
      }
      expect((await notebook.labels())[PIN_CELL - 1]).toContain('failed, 1 of 9, as expected');
    },
    PATIENCE,
  );

  it('shows the failing schedule at its failing step: a pin is held, and the count says that none is', async () => {
    const state = await notebook.text('.state');
    expect(state).toContain('pin-v5');
    expect(state).toContain('page: refcount:1');
    expect(state).toMatch(/pins held on buf\s*511/);
    expect(await notebook.page.$$eval('tr[data-failing=true]', (rows) => rows.length)).toBe(1);
    await screenshot(notebook.page, 'notebook-failing');
  });

  it('is stepped through with keys', async () => {
    await notebook.press('F6', 'F6');
    await notebook.press('Home');
    expect(await notebook.step()).toBeNull();
    expect(await notebook.text('.state')).toContain('before step 1');
    await notebook.press('}');
    expect(await notebook.text('.decoded')).toBe('refcount 1025 = 1 pin x 1024 + 1 ref');
    expect(await notebook.text('.state td.changed')).toContain('(was 1)');
    const pinned = await notebook.step();
    await notebook.press(']', ']', '[');
    expect(await notebook.step()).toBe((pinned ?? 0) + 1);
    await notebook.press('End');
    const last = await notebook.step();
    await notebook.press('f');
    expect(await notebook.step()).toBeLessThanOrEqual(last ?? 0);
    await screenshot(notebook.page, 'notebook-stepping');
  });

  it('shows the full damage in the other broken check: 512 pins given back of one that was taken', async () => {
    const count = () => notebook.text('.decoded');
    let found = await count();
    for (let i = 0; i < 10 && !found.includes('-523263'); i++) {
      await notebook.press('x');
      await notebook.press('End');
      found = await count();
    }
    expect(found).toContain('-523263 = -511 pins x 1024 + 1 ref');
    expect(found).toContain('UNDERFLOW');
    await screenshot(notebook.page, 'notebook-underflow');
  });

  it('is copied as a table that fits a mail', async () => {
    await notebook.press('y');
    await notebook.page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('Copied'));
    const copied = await app.clipboard();
    expect(copied).toContain('SUBT buf._refcount, 1024');
    for (const line of copied.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('keeps the edit and the run over a restart', async () => {
    await app.close();
    await start();
    await notebook.opened();
    await notebook.page.waitForSelector('.recovery');
    await screenshot(notebook.page, 'notebook-recovery');
    await notebook.page.waitForSelector('.recovery button:focus');
    await notebook.press('Enter');
    await notebook.page.waitForSelector(`.cell:nth-child(${PIN_CELL}) .verdict`);
    expect(await notebook.text(`.cell:nth-child(${PIN_CELL}) .view-lines`)).toContain('Two\u00a0bios,');
    expect((await notebook.labels())[PIN_CELL - 1]).toContain('failed, 1 of 9, as expected');
  });

  it('is found in the history, and stepped through again', async () => {
    await notebook.press('Shift+F6', 'Tab', 'Enter');
    await notebook.page.waitForSelector('tr[data-failing=true]');
    expect(await notebook.text('.notice')).toContain('Run 1');
    const failing = await notebook.step();
    await notebook.press('[');
    expect(await notebook.step()).toBe((failing ?? 0) - 1);
    await screenshot(notebook.page, 'notebook-reopened');
  });

  it('leaves as a reply to the list', async () => {
    await notebook.press('Control+Shift+E');
    await notebook.page.waitForFunction(
      () => (document.querySelector<HTMLTextAreaElement>('dialog textarea')?.value.length ?? 0) > 0,
    );
    await notebook.press('Tab', 'Tab');
    await notebook.type('<8424f891-271d-5c34-8f7c-ebf3e3aa6664@nvidia.com>');
    await notebook.press('Enter');
    await notebook.page.waitForFunction(() =>
      document.querySelector<HTMLTextAreaElement>('dialog textarea')?.value.includes('In-Reply-To:'),
    );
    const report = await notebook.page.inputValue('dialog textarea');
    expect(report).toContain('In-Reply-To: <8424f891-271d-5c34-8f7c-ebf3e3aa6664@nvidia.com>');
    expect(report).toContain('pin-v5');
    expect(report).toMatch(/Nothing below ran on a\s+kernel/);
    await screenshot(notebook.page, 'notebook-report');
    await notebook.press('Escape');
    expect(await notebook.page.$('dialog')).toBeNull();
  });

  it('looks as good in light', async () => {
    await notebook.press('Control+Shift+P');
    await notebook.type('theme: light');
    await screenshot(notebook.page, 'notebook-palette');
    await notebook.press('Enter');
    await notebook.page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
    await screenshot(notebook.page, 'notebook-light');
  });
});

describe('stop', () => {
  it('ends for (;;) {} at once, and the window is usable', async () => {
    await notebook.press('Escape');
    await notebook.press('F6');
    await notebook.goToCell(PIN_CELL);
    await notebook.press('o');
    await notebook.type('for (;;) {}');
    const measured: number[] = [];
    for (let i = 0; i < 5; i++) {
      await notebook.press('Control+Enter');
      await notebook.cellSays(PIN_CELL + 1, 'running');
      await notebook.page.waitForTimeout(300);
      await notebook.press('Control+.');
      await notebook.idle();
      const milliseconds = /stopped in (\d+) ms/.exec(await notebook.status())?.[1];
      measured.push(Number(milliseconds));
      expect((await notebook.labels())[PIN_CELL]).toContain('aborted');
    }
    print('stop of for (;;) {}', { 'key to the answer on the screen': measured });
    await notebook.type(' // still here');
    expect(await notebook.text(`.cell:nth-child(${PIN_CELL + 1}) .view-lines`)).toContain('still');
  });
});
