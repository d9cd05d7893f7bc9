/** The way to the list and back, by keys alone: a mail is answered with a run, and the answer's reader runs it again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFindings } from './axe.ts';
import { launchGupbook, notebookWindow, screenshot } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';

const NOTEBOOK = `/// <reference types="gupbook" />

// %% Two bios over one THP
experiment(
  'two bios over one THP',
  { kernels: ['pin-v5', '7.2'], expect: { 'pin-v5': 'fail', '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp();
    lab.task('submit', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      for (const bio of lab.splitBios(pages, 2)) {
        lab.irq(bio.name, function* () {
          yield* kernel.bio_release_pages(bio);
        });
      }
    });
    lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
  },
);
`;

const RAW = `From: Jan Kara <jan@developer.example.org>
To: John Hubbard <john@developer.example.org>
Cc: linux-mm@lists.example.org
Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages
Date: Mon, 18 Nov 2019 12:58:29 +0100
Message-ID: <20191118115829.GJ17319@developer.example.org>
References: <20191115055340.1825745-18@developer.example.org>

On Thu 14-11-19 21:53:33, John Hubbard wrote:
> +	if (flags & FOLL_PIN) {
> +		head = page;

So this will do the wrong thing for FOLL_PIN. We took just one "pin"
reference there but here we'll release 'refs' normal references AFAICT.

Also the fact that you take just one pin reference for each huge page
substantially changes how GUP refcounting works in the huge page case.
`;

let folder: string;
let app: ElectronApplication;
let page: Page;
let notebook: NotebookPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-compose-'));
  writeFileSync(join(folder, 'mine.lab.ts'), NOTEBOOK);
  writeFileSync(join(folder, 'gitconfig'), '[user]\n\tname = Random J Developer\n\temail = r@developer.example.org\n');
  const before = process.env.GIT_CONFIG_GLOBAL;
  process.env.GIT_CONFIG_GLOBAL = join(folder, 'gitconfig');
  app = await launchGupbook({ data: join(folder, 'data'), args: [join(folder, 'mine.lab.ts')] });
  if (before === undefined) delete process.env.GIT_CONFIG_GLOBAL;
  else process.env.GIT_CONFIG_GLOBAL = before;
  page = await notebookWindow(app);
  notebook = new NotebookPage(page);
  await notebook.opened();
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Walks with Tab until what has the focus has this name. */
async function tabTo(name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return (
        element?.getAttribute('aria-label') ?? element?.closest('label')?.textContent ?? element?.textContent ?? ''
      );
    });
    if (focused.trim() === name) return;
    await notebook.press('Tab');
  }
  throw new Error(`Tab does not come to ${name}`);
}

/** Opens the pane and gives it a mail. */
async function readMail(raw: string): Promise<void> {
  await notebook.press('Control+Shift+M');
  await notebook.pasteMail(raw);
}

function mail(): Promise<string> {
  return page.$eval('textarea[aria-label="The mail"]', (element) => {
    if (!(element instanceof HTMLTextAreaElement)) throw new Error('no text area');
    return element.value;
  });
}

async function mailSays(text: string): Promise<void> {
  await page.waitForFunction((wanted) => {
    const element = document.querySelector('textarea[aria-label="The mail"]');
    return element instanceof HTMLTextAreaElement && element.value.includes(wanted);
  }, text);
}

describe('a mail from the list', () => {
  it(
    'is answered with a run: lines are quoted, words added, experiments chosen',
    async () => {
      await notebook.press('Control+Shift+Enter');
      await notebook.idle();
      await readMail(RAW);
      await mailSays('In-Reply-To: <20191118115829.GJ17319@developer.example.org>');
      await tabTo('Lines of the mail');
      // The first paragraph by one key, of the second the first line.
      for (let i = 0; i < 4; i++) await notebook.press('ArrowDown');
      await notebook.press('p', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Space');
      await mailSays('[...]\n> Also the fact that you take just one pin');
      await tabTo('Your own words');
      await notebook.type('It does:');
      await mailSays('It does:');
      const text = await mail();
      expect(text).toMatch(/^From: Random J Developer <r@developer.example.org>\nTo: Jan Kara /);
      expect(text).toContain('\nSubject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages\n');
      expect(text).toContain(
        [
          'On Mon, Nov 18, 2019 at 12:58:29PM +0100, Jan Kara wrote:',
          '> So this will do the wrong thing for FOLL_PIN. We took just one "pin"',
          "> reference there but here we'll release 'refs' normal references AFAICT.",
          '[...]',
          '> Also the fact that you take just one pin reference for each huge page',
          '',
          'It does:',
          '',
          'A model of this fails',
        ].join('\n'),
      );
      expect(text).toContain('user_page_ref_inc(buf)                   1025');
      expect(await notebook.text('.check-list [role="status"]')).toMatch(/^Check list: all \d+ ok$/);
      await screenshot(page, 'compose');
    },
    PATIENCE,
  );

  it('is looked at by axe, which finds nothing serious', async () => {
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('is checked as it is written: an own line that is too wide, a trailer, a bare commit id', async () => {
    await tabTo('Your own words');
    await notebook.press('Control+End');
    const trailer = 'Reviewed-by: Somebody Else <somebody@developer.example.org>';
    await page.keyboard.insertText(`\n${trailer}\nsha256 9f86d081884c7d65\n${'wide '.repeat(20)}`);
    await page.waitForFunction(() => document.querySelector('.check-list')?.textContent?.includes('[trailer]'));
    for (const rule of ['width', 'hex-word']) expect(await notebook.text('.check-list')).toContain(`[${rule}]`);
    await notebook.press('Control+a', 'Delete');
    await page.waitForFunction(() => document.querySelector('.check-list')?.textContent?.includes('all '));
  });

  it('shows the command that tries the sending, and sends nothing', async () => {
    const command = await page.$eval('.compose-command input', (element) => element.getAttribute('value'));
    expect(command).toMatch(/^git send-email --dry-run .* mine-run-1\.eml$/);
  });

  it('carries the notebook where that is asked for, and is copied', async () => {
    await tabTo('text of the notebook');
    await notebook.press('Space');
    await mailSays('Notebook mine.lab.ts\n| /// <reference types="gupbook" />\n');
    await tabTo('Copy');
    await notebook.press('Enter');
    await page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('Mail copied'));
    expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(await mail());
    await notebook.press('Escape');
  });
});

describe('the mail at its reader', () => {
  it(
    'is recognised; its notebook is shown, opened with one key and run with another',
    async () => {
      await readMail(await app.evaluate(({ clipboard }) => clipboard.readText()));
      await page.waitForSelector('.reported button:focus');
      expect(await notebook.text('.reported')).toContain(
        'The mail carries it, with the SHA-256 that the report names.',
      );
      const shown = await page.$eval('.reported textarea', (element) =>
        element instanceof HTMLTextAreaElement ? element.value : '',
      );
      expect(shown).toBe(NOTEBOOK);
      await screenshot(page, 'compose-reported');
      expect(await seriousFindings(page)).toEqual([]);
      await notebook.press('Enter');
      await page.waitForFunction(() => document.querySelector('.title')?.textContent?.includes('untitled.lab.ts'));
      await notebook.opened();
      await notebook.press('Control+Shift+Enter');
      await notebook.cellSays(1, 'failed, 1 of 2, as expected');
    },
    PATIENCE,
  );

  it('that is no mail is refused in one sentence', async () => {
    await notebook.press('Control+Shift+M');
    await page.waitForSelector('dialog.compose textarea:focus');
    await page.keyboard.insertText('what?');
    await notebook.press('Tab', 'Enter');
    await page.waitForSelector('.compose [role="alert"]');
    expect(await notebook.text('.compose [role="alert"]')).toBe(
      'That is neither a raw message nor a Message-ID (name@host).',
    );
    await notebook.press('Escape');
  });
});
