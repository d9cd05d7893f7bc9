/** The notebook window as its tests see it: keys go in, text comes out. No mouse. */
import type { Page } from 'playwright-core';

/** Milliseconds for a run to end, on a machine that has other things to do. */
export const PATIENCE = 300_000;

export class NotebookPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Presses keys one after the other: `press('g', 'g', 'Control+Enter')`. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Waits until the notebook is drawn and its editors are there. */
  async opened(): Promise<void> {
    await this.page.waitForSelector('.cell');
    await this.page.waitForSelector('.cell .editor .view-line');
  }

  /** Puts the focus on the n-th cell (from 1) by the keys for it. */
  async goToCell(n: number): Promise<void> {
    await this.press('g', 'g');
    for (let i = 1; i < n; i++) await this.press('j');
    await this.page.waitForFunction(
      (wanted) => document.activeElement?.querySelector('.cell-number')?.textContent === wanted,
      String(n),
    );
  }

  /** Out of the editor: the first Escape may only close a list of completions. */
  async leaveEditor(): Promise<void> {
    await this.press('Escape');
    if ((await this.status()).includes('EDIT')) await this.press('Escape');
    await this.page.waitForFunction(() => document.querySelector('.status')?.textContent?.includes('NAV'));
  }

  /** Gives the open pane for mails a message, as somebody who pastes. */
  async pasteMail(raw: string): Promise<void> {
    await this.page.waitForSelector('dialog.compose textarea:focus');
    await this.page.keyboard.insertText(raw);
    await this.press('Tab', 'Enter');
    await this.page.waitForSelector('.quote-lines');
  }

  /** `Cell 2 of 8, Two bios, failed, ...` of every cell. */
  async labels(): Promise<string[]> {
    return this.page.$$eval('.cell', (cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? ''));
  }

  /** Waits until a cell's label says so. */
  async cellSays(n: number, said: string): Promise<void> {
    await this.page.waitForFunction(
      ([at, wanted]) => document.querySelectorAll('.cell')[at - 1]?.getAttribute('aria-label')?.includes(wanted),
      [n, said] as const,
    );
  }

  /** Waits until nothing runs. */
  async idle(): Promise<void> {
    const isIdle = () => document.querySelector('[data-testid=runner]')?.textContent?.startsWith('idle');
    await this.page.waitForFunction(isIdle, undefined, { timeout: PATIENCE });
  }

  /** The verdicts of a cell, `pin-v5: FAIL, as expected` and so on, in the order of the strip. */
  async verdicts(n: number): Promise<string[]> {
    return this.page.$$eval(
      '.cell',
      (cells, at) =>
        [...(cells[at - 1]?.querySelectorAll('.verdict') ?? [])].map(
          (verdict) => verdict.getAttribute('aria-label') ?? '',
        ),
      n,
    );
  }

  /** Text of the part of the window that a selector names. */
  async text(selector: string): Promise<string> {
    return (await this.page.textContent(selector)) ?? '';
  }

  /** The step under the cursor, counted from 1; null before the first. */
  async step(): Promise<number | null> {
    const step = await this.page.evaluate(
      () => document.querySelector<HTMLElement>('tr[aria-current=step]')?.dataset.step,
    );
    return step === undefined ? null : Number(step);
  }

  async status(): Promise<string> {
    return this.text('.status');
  }
}
