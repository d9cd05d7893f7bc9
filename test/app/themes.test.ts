/** Every region and everything that lies over the window, in all three themes: looked at by axe-core, and kept as pictures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PALETTE_COMMANDS, REGIONS } from '../../renderer/palette/keys.ts';
import { THEMES } from '../../renderer/theme/tokens.ts';
import { seriousFindings } from './axe.ts';
import { notebookWindow, type Started, screenshot, startGupbook } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';
import { choose, inTheme, NATIVE } from './palette-page.ts';

const BIOS = 3;

let data: string;
let app: Started;
let notebook: NotebookPage;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gupbook-themes-'));
  app = await startGupbook({ data });
  notebook = new NotebookPage(await notebookWindow(app));
  await notebook.page.waitForSelector('.first-run button:focus');
});
afterAll(async () => {
  await app?.close();
  rmSync(data, { recursive: true, force: true });
});

/** What an earlier test left open must not fail this one. */
async function closeDialogs(): Promise<void> {
  for (let i = 0; i < 3 && (await notebook.page.$('dialog[open]')) !== null; i++) await notebook.press('Escape');
}

beforeEach(closeDialogs);

/** Names of dialogs by the key that opens them. */
const OVERLAYS = [
  ['palette', 'Control+Shift+P'],
  ['help', 'F1'],
  ['cells', 'Control+P'],
  ['find', '/'],
  ['compare', 'C'],
  ['overview', 'V'],
  ['export', 'Control+Shift+E'],
  ['decode', 'Control+Shift+D'],
  ['settings', 'Control+,'],
  ['file', 'F4'],
  ['interface', 'Shift+F1'],
  ['mail', 'Control+Shift+M'],
] as const;

const MAIL = `From: Jan Kara <jan@developer.example.org>
To: linux-mm@lists.example.org
Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages
Date: Mon, 18 Nov 2019 12:58:29 +0100
Message-ID: <20191118115829.GJ17319@developer.example.org>

> +	if (flags & FOLL_PIN) {

So this will do the wrong thing for FOLL_PIN.
`;

/** What is done in an overlay before it is looked at. */
const DEEDS: Readonly<Partial<Record<string, () => Promise<void>>>> = {
  find: () => notebook.type('kernel'),
  export: async () => {
    await notebook.page.waitForFunction(
      () => (document.querySelector<HTMLTextAreaElement>('dialog textarea')?.value.length ?? 0) > 0,
    );
  },
  interface: async () => {
    await notebook.page.waitForSelector('.source-text .view-line');
  },
  mail: () => notebook.pasteMail(MAIL),
};

describe('the first page', () => {
  it.each(THEMES)('has nothing serious against it in %s', async (theme) => {
    await inTheme(notebook, theme);
    expect(await seriousFindings(notebook.page)).toEqual([]);
    await screenshot(notebook.page, `look-first-run-${theme}`);
  });
});

describe('a notebook that ran, with a question and a sweep', () => {
  beforeAll(async () => {
    await notebook.press('Escape');
    await notebook.page.focus('.first-run button');
    await notebook.press('ArrowDown', 'Enter');
    await notebook.opened();
    await notebook.press('Control+Shift+Enter');
    await notebook.cellSays(BIOS, 'failed, 1 of 15');
    await notebook.idle();
    await notebook.goToCell(BIOS);
    await notebook.press('w', 'Tab', 'Tab', 'Control+A');
    await notebook.type('1');
    await notebook.press('Enter');
    await notebook.page.waitForFunction(() => document.querySelector('.difference')?.textContent?.includes('differ'));
    await notebook.idle();
    await notebook.press('Tab', 'Enter');
    await notebook.page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('Swept'), null, {
      timeout: PATIENCE,
    });
    await notebook.press('Escape');
  }, PATIENCE);

  describe.each(THEMES)('in %s', (theme) => {
    beforeAll(async () => {
      await closeDialogs();
      await inTheme(notebook, theme);
    });

    it('has nothing serious against it with the focus in each region', async () => {
      for (const region of REGIONS) {
        for (let i = 0; i < 2 * REGIONS.length; i++) {
          const at = await notebook.page.evaluate(
            () => document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset.region,
          );
          if (at === region) break;
          await notebook.press('F6');
        }
        expect(await seriousFindings(notebook.page), region).toEqual([]);
        await screenshot(notebook.page, `look-${region}-${theme}`);
      }
    });

    it('has nothing serious against what lies over it', async () => {
      await notebook.press('F6', 'F6');
      await notebook.goToCell(BIOS);
      for (const [name, key] of OVERLAYS) {
        await notebook.press(key);
        await notebook.page.waitForSelector('dialog[open]');
        await DEEDS[name]?.();
        expect(await seriousFindings(notebook.page), name).toEqual([]);
        await screenshot(notebook.page, `look-${name}-${theme}`);
        await notebook.press('Escape');
        await notebook.page.waitForSelector('dialog', { state: 'detached' });
      }
    });
  });
});

describe('every command of the palette', () => {
  /** Native dialogs wait for an answer: palette-files.test.ts gives it. */
  const commands = PALETTE_COMMANDS.filter(({ id }) => !NATIVE.has(id));

  it.each(commands.map(({ id, title }) => [id, title] as const))(
    '%s runs without an error, and leaves a window that works',
    async (_id, title) => {
      const errors: string[] = [];
      const hear = (error: Error) => errors.push(error.message);
      notebook.page.on('pageerror', hear);
      await choose(notebook, title);
      await notebook.page.waitForFunction(() => document.querySelector('.title') !== null);
      if ((await notebook.status()).includes('EDIT')) await notebook.leaveEditor();
      await notebook.idle();
      if ((await notebook.page.$('dialog[open]')) !== null) await notebook.press('Escape');
      await notebook.page.waitForSelector('dialog', { state: 'detached' });
      notebook.page.off('pageerror', hear);
      expect(errors).toEqual([]);
    },
    PATIENCE,
  );
});
