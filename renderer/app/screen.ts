/** The screen that commands ask: focus in the document, cursors in the editors. */
import { flushSync } from 'react-dom';
import type { Editors } from '../notebook/editors.ts';
import type { Region } from '../palette/keys.ts';
import type { Screen, TextPlace } from './app.ts';

/** Frames to wait for an element that is only being drawn. */
const PATIENCE = 30;

/** Tries now, then once a frame, until it works or patience ends. A newer wish ends an older one. */
class Wish {
  #number = 0;

  make(attempt: () => boolean): void {
    const mine = ++this.#number;
    // What was dispatched just now is drawn first: a key that follows at once must find its editor.
    flushSync(() => {});
    const again = (left: number) => {
      if (mine !== this.#number || attempt() || left === 0) return;
      requestAnimationFrame(() => again(left - 1));
    };
    again(PATIENCE);
  }
}

export function createScreen(editors: () => Editors): Screen {
  const wish = new Wish();
  return {
    focusCell: (id) => wish.make(() => focusCell(id)),
    focusEditor: (id, place) => wish.make(() => focusEditor(editors(), id, place)),
    cursor: () => editors().cursor(),
    leaveEditor: () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
    focusRegion: (region) => wish.make(() => focusRegion(region)),
    focusVerdicts: (id) =>
      wish.make(() =>
        focus(document.querySelector(`#cell-${id} .verdict[aria-pressed="true"], #cell-${id} .verdict[tabindex="0"]`)),
      ),
    focusWhatIf: (id) => wish.make(() => focus(document.querySelector(`#cell-${id} .control :is(input, select)`))),
    revealResult: (id) => wish.make(() => revealResult(id)),
    flushTyping: () => editors().flush(),
  };
}

function focus(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.focus();
  return true;
}

function focusCell(id: string): boolean {
  const cell = document.getElementById(`cell-${id}`);
  if (cell === null) return false;
  cell.focus({ preventScroll: true });
  revealCell(cell);
  return document.activeElement === cell;
}

/** The least scrolling that shows the cell; a cell taller than the view shows its top. */
function revealCell(cell: HTMLElement): void {
  const scroller = cell.closest('.notebook');
  if (scroller === null) return;
  const view = scroller.getBoundingClientRect();
  const box = cell.getBoundingClientRect();
  if (box.top < view.top || box.height > view.height) scroller.scrollTop += box.top - view.top;
  else if (box.bottom > view.bottom) scroller.scrollTop += box.bottom - view.bottom;
}

/** A frame later, when what the run said has been drawn. The focus stays where it is. */
function revealResult(id: string): boolean {
  requestAnimationFrame(() => {
    const result = document.querySelector(`#cell-${id} .cell-result`);
    const scroller = result?.closest('.notebook');
    if (result == null || scroller == null) return;
    const view = scroller.getBoundingClientRect();
    const box = result.getBoundingClientRect();
    const below = box.bottom - view.bottom;
    if (below > 0) scroller.scrollTop += Math.min(below, box.top - view.top);
  });
  return true;
}

function focusEditor(editors: Editors, id: string, place: TextPlace | null): boolean {
  if (editors.focus(id, place)) return true;
  editors.wake(id);
  if (editors.focus(id, place)) return true;
  const cell = document.getElementById(`cell-${id}`);
  if (cell !== null) revealCell(cell);
  return false;
}

function focusRegion(region: Region): boolean {
  const element = document.querySelector(`[data-region="${region}"]`);
  if (region !== 'notebook') return focus(element);
  return focus(element?.querySelector('.cell[data-focused="true"]') ?? element);
}
