/** From the document's key presses to commands, before any editor sees them. */
import { KeyMatcher, pressName } from '../palette/keymap.ts';
import { REGIONS, type Region } from '../palette/keys.ts';
import type { App } from './app.ts';
import { perform } from './commands.ts';

/** Listens to the whole window. */
export function listenToKeys(app: App): void {
  const matcher = new KeyMatcher();
  const press = (event: KeyboardEvent) => {
    const { target } = event;
    if (!(target instanceof Element) || event.isComposing) return;
    // An overlay has its own few keys; nothing goes through to the window below.
    if (app.store.get().overlay !== null || ownsKey(target, event)) return;
    const mode = target.closest('.monaco-editor') === null ? 'nav' : 'edit';
    if (mode === 'nav' && isTyping(target) && !reachesOut(event)) return;
    // Escape leaves an editor only when it has nothing left to close: the editor itself decides (main.tsx).
    if (mode === 'edit' && event.key === 'Escape') return;
    if (mode === 'nav' && event.key === 'Escape') app.store.dispatch({ type: 'notice', notice: null });
    // Marked text is copied, not the run stopped.
    if (pressName(event) === 'Ctrl+C' && window.getSelection()?.isCollapsed === false) return;
    const match = matcher.feed(event, { mode, region: app.store.get().region });
    app.store.dispatch({ type: 'pending-keys', keys: match.kind === 'pending' ? match.keys : null });
    if (match.kind === 'none') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (match.kind === 'command') perform(app, match.command);
  };
  window.addEventListener('keydown', press, { capture: true });
  window.addEventListener('pointerdown', () => matcher.reset(), { capture: true });
  document.addEventListener('focusin', (event) => {
    const region = event.target instanceof Element ? regionOf(event.target) : null;
    if (region !== null) app.store.dispatch({ type: 'region', region });
  });
}

/** Widgets with keys of their own name them: `data-own-keys="ArrowLeft Enter"`. Buttons own Enter and the blank. */
function ownsKey(target: Element, event: KeyboardEvent): boolean {
  const name = pressName(event);
  if (name === null) return false;
  if (target.matches('button, summary, a[href]') && (name === 'Enter' || name === 'Space')) return true;
  const own = target.closest('[data-own-keys]')?.getAttribute('data-own-keys') ?? '';
  return own.split(' ').includes(name);
}

function isTyping(target: Element): boolean {
  return target.matches('input, textarea, select');
}

/** Keys that mean nothing in a field: they reach the commands from there as well. */
function reachesOut(event: KeyboardEvent): boolean {
  return /^(?:Shift\+)?F\d+$|^Ctrl\+(?:Enter|\.|S|O|P|Shift\+.)$/.test(pressName(event) ?? '');
}

function regionOf(target: Element): Region | null {
  const name = target.closest('[data-region]')?.getAttribute('data-region');
  return REGIONS.find((region) => region === name) ?? null;
}
