/** Closing what lies over the window, and what is to happen once it has gone. */
import type { App } from './app.ts';

export function closeOverlay(app: App): void {
  app.store.dispatch({ type: 'overlay', overlay: null });
}

/** Closes the dialog, then acts: by then it has given the focus back, and the deed may move it on. */
export function closeThen(app: App, deed: () => void): void {
  closeOverlay(app);
  window.setTimeout(deed, 0);
}
