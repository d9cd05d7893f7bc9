/** Puts a theme on the document, and follows the system's until the user says otherwise. */
import type { Action } from '../app/actions.ts';
import type { AppState } from '../app/state.ts';
import type { Store } from '../app/store.ts';
import { cssVariables, type ThemeName } from './tokens.ts';

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
let shown: ThemeName | null = null;

export function showTheme(theme: ThemeName): void {
  if (theme === shown) return;
  shown = theme;
  sheet.replaceSync(cssVariables(theme));
  document.documentElement.dataset.theme = theme;
}

/** The system's theme first; main's, which remembers the user's choice, goes before it. */
export function followTheme(store: Store<AppState, Action>): void {
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const follow = () => store.dispatch({ type: 'theme', theme: light.matches ? 'light' : 'dark' });
  follow();
  showTheme(store.get().theme);
  light.addEventListener('change', follow);
}
