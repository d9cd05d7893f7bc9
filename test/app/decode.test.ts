/** Explaining a kernel's output in the real application: paste a splat, open the scenario; step through a recording. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchGupbook, notebookWindow, screenshot } from './harness.ts';
import { answerDialogs } from './native-dialogs.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';

const SPLAT = `> BUG: Bad page state in process gt  pfn:05818
> page: refcount:-523263 mapcount:0 mapping:0000000000000000 index:0x7f6fa5c00 pfn:0x5818
> flags: 0x20808(uptodate|owner_2|swapbacked|zone=0)
> page dumped because: nonzero _refcount
`;
const RECORDING = new URL(
  '../recordings/samples/linux-6.12.117/guptest_pin_fast_anon_small_4p.trace.txt',
  import.meta.url,
);

/** One page that is taken again and again, as `trace-cmd` would print it. */
function longTrace(events: number): string {
  const lines = Array.from({ length: events }, (_, i) => {
    const time = (1000 + i / 1e6).toFixed(6);
    const count = `count=${i + 2} mapcount=0 mapping=(nil) mt=1 val=1`;
    return `            dd-7     [000] .....  ${time}: page_ref_mod: pfn=0x1234 flags=0x0 ${count}`;
  });
  return `${lines.join('\n')}\n`;
}

let data: string;
let app: ElectronApplication;
let page: Page;
let notebook: NotebookPage;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gupbook-decode-'));
  app = await launchGupbook({ data });
  page = await notebookWindow(app);
  notebook = new NotebookPage(page);
  await page.waitForSelector('.first-run button:focus');
});
afterAll(async () => {
  await app?.close();
  rmSync(data, { recursive: true, force: true });
});

async function explain(text: string): Promise<void> {
  await notebook.press('Control+Shift+D');
  await page.waitForSelector('.decode textarea');
  await page.fill('.decode textarea', text);
  await page.click('.decode button[type="submit"]');
}

describe('kernel output', () => {
  it('is explained by a card, which opens the matching scenario', async () => {
    await explain(SPLAT);
    await page.waitForSelector('.decode .card');
    const card = await notebook.text('.decode .card');
    expect(card).toContain('refcount -523263');
    expect(card).toContain('odd: ');
    await screenshot(page, 'decode-card');
    await page.click('.decode .card button:has-text("two bios over one THP, FOLL_PIN")');
    await notebook.opened();
    expect(await notebook.text('.title')).toContain('two-bios.lab.ts');
  });

  it(
    'that is a recording is stepped through beside the model, and becomes a cell',
    async () => {
      await explain(readFileSync(RECORDING, 'utf8'));
      await page.waitForSelector('.trace-pages button');
      await page.click('.trace-pages li:first-child button');
      await page.waitForSelector('.events tbody tr[aria-selected="true"]', { timeout: PATIENCE });
      expect(await notebook.text('.events tbody tr[aria-selected="true"]')).toContain('pin_user_pages_fast()');
      await page.focus('.events');
      await notebook.press('j', 'j');
      await page.waitForSelector('.events tbody tr:nth-child(3)[aria-selected="true"]');
      expect(await notebook.text('.events tbody tr[aria-selected="true"]')).toContain('unpin_user_page()');
      await screenshot(page, 'decode-trace');
      await page.click('.trace-page button:has-text("Make a cell of it")');
      await page.waitForFunction(() => document.activeElement?.textContent?.includes('Recorded: pfn'));
    },
    PATIENCE,
  );

  it(
    'of 100,000 events is on the screen from the first to the last, with no more rows than fit',
    async () => {
      const file = join(data, 'long.trace');
      writeFileSync(file, longTrace(100_000));
      await answerDialogs(app, file);
      await notebook.press('Control+Shift+D');
      await page.waitForSelector('.decode textarea');
      await page.click('.decode button:has-text("Open a log or trace")');
      await page.waitForSelector('.trace-pages button', { timeout: PATIENCE });
      const begun = performance.now();
      await page.click('.trace-pages li:first-child button');
      await page.waitForSelector('.events tbody tr[aria-selected="true"]', { timeout: PATIENCE });
      console.log(`a page of 100,000 events is on the screen after ${Math.round(performance.now() - begun)} ms`);
      expect(await page.getAttribute('.events table', 'aria-rowcount')).toBe('100001');
      await page.focus('.events');
      await notebook.press('End');
      await page.waitForSelector('.events tbody tr[aria-rowindex="100001"][aria-selected="true"]');
      expect(await page.$$eval('.events tbody tr', (rows) => rows.length)).toBeLessThan(200);
      await notebook.press('Escape');
    },
    PATIENCE,
  );

  it('that is something else is refused in one sentence', async () => {
    await explain('Roses are red');
    await page.waitForSelector('.decode [role="alert"]');
    expect(await notebook.text('.decode [role="alert"]')).toContain('nothing in the pasted text is a dump of a page');
    await notebook.press('Escape');
  });
});
