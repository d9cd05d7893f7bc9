/** Arrow keys in a list of buttons: up and down walk it, Home and End go to its ends. */
import type { KeyboardEvent } from 'react';

/** What such a list keeps from the window's own keys. */
export const ROVING_KEYS = 'ArrowDown ArrowUp j k Home End';

/** Moves the focus among the buttons below the element that listens. */
export function rove(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button.matches(':focus'));
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const to = targets[event.key];
  if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
}
