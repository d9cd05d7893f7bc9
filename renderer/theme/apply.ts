/** Puts a theme on the document: the user's choice, or what the system says as long as that is the choice. */
import type { Action } from '../app/actions.ts';
import type { AppState } from '../app/state.ts';
import type { Store } from '../app/store.ts';
import { cssVariables, type ThemeName } from './tokens.ts';

const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
let shown = '';

export function showTheme({ theme, preferences }: Pick<AppState, 'theme' | 'preferences'>): void {
  const rule = cssVariables(theme, preferences.fontSize);
  if (rule === shown) return;
  shown = rule;
  sheet.replaceSync(rule);
  document.documentElement.dataset.theme = theme;
}

/** Keeps the store's theme what the choice and the system make it. Main tells Chromium of dark and light as well. */
export function followTheme(store: Store<AppState, Action>): void {
  const light = window.matchMedia('(prefers-color-scheme: light)');
  const more = window.matchMedia('(prefers-contrast: more), (forced-colors: active)');
  const system = (): ThemeName => (more.matches ? 'contrast' : light.matches ? 'light' : 'dark');
  const follow = () => {
    const { themeChoice, theme } = store.get();
    const wanted = themeChoice === 'system' ? system() : themeChoice;
    if (wanted !== theme) store.dispatch({ type: 'theme', theme: wanted });
  };
  follow();
  showTheme(store.get());
  light.addEventListener('change', follow);
  more.addEventListener('change', follow);
  store.subscribe(follow);
}
