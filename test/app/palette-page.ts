/** The palette as its tests use it. */
import { expect } from 'vitest';
import { COMMANDS, type CommandId } from '../../renderer/palette/keys.ts';
import type { ThemeName } from '../../renderer/theme/tokens.ts';
import type { NotebookPage } from './notebook-page.ts';

/** Commands that ask by a dialog of the system. */
export const NATIVE: ReadonlySet<CommandId> = new Set<CommandId>(['file.open', 'file.save', 'file.saveAs']);

/** Chooses a command by its title, and waits until it is done with the palette. */
export async function choose(notebook: NotebookPage, title: string): Promise<void> {
  await notebook.press('Control+Shift+P');
  await notebook.page.waitForSelector('dialog[open] input');
  await notebook.type(title);
  expect(await notebook.text('.palette [aria-selected=true] .item-title')).toBe(title);
  await notebook.press('Enter');
  await notebook.page.waitForFunction(
    (chosen) => document.querySelector('.palette [aria-selected=true] .item-title')?.textContent !== chosen,
    title,
  );
}

/** Chooses a theme, and waits until the window has it. */
export async function inTheme(notebook: NotebookPage, theme: ThemeName): Promise<void> {
  await choose(notebook, COMMANDS[`theme.${theme}`].title);
  await notebook.page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
}
