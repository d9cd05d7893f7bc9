/** What the palette offers: commands, cells or shipped scenarios. */
import type { App } from '../app/app.ts';
import { goTo } from '../app/cells.ts';
import { perform } from '../app/commands.ts';
import { cellName, viewCells } from '../app/document.ts';
import { openPath } from '../app/files.ts';
import type { Overlay } from '../app/state.ts';
import { keysText, PALETTE_COMMANDS } from './keys.ts';

export type ListName = Extract<Overlay, { readonly kind: 'palette' }>['list'];

export interface Item {
  readonly id: string;
  readonly title: string;
  /** Shown at the right: keys, or what kind of thing it is. */
  readonly note: string;
  readonly choose: () => void;
}

export function itemsOf(app: App, list: ListName): readonly Item[] {
  const { notebook, info } = app.store.get();
  if (list === 'commands') {
    return PALETTE_COMMANDS.map((command) => ({
      id: command.id,
      title: command.title,
      note: keysText(command),
      choose: () => perform(app, command.id),
    }));
  }
  if (list === 'cells') {
    return (notebook === null ? [] : viewCells(notebook.doc)).map((cell, index) => ({
      id: cell.id,
      title: `${index + 1}  ${cellName(cell)}`,
      note: cell.kind,
      choose: () => goTo(app, cell.id),
    }));
  }
  return (info?.scenarios ?? []).map(({ path, title }) => ({
    id: path,
    title: path.split(/[/\\]/).at(-1) ?? path,
    note: title,
    choose: () => void openPath(app, path),
  }));
}
