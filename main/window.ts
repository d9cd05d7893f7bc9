/** The notebook window: how it is made, where it was, and what happens when its page dies. */
import { BrowserWindow, type BrowserWindowConstructorOptions, dialog, nativeTheme, screen } from 'electron';
import type { ThemeChoice } from '../preload/contract.ts';
import { APP_ORIGIN } from './scheme.ts';
import type { Store, WindowState } from './store/index.ts';

export type Theme = 'dark' | 'light';
const THEME = 'theme';
const THEME_CHOICES = ['system', 'dark', 'light', 'contrast'] as const satisfies readonly ThemeChoice[];
/** Behind the page until it paints: the page's own ground (renderer/theme/tokens.ts), so that nothing flashes. */
const GROUND: Readonly<Record<Theme, string>> = { dark: '#16181d', light: '#fcfbf8' };
/** Milliseconds for the page to save its text; it takes a few. */
const CLOSE_PATIENCE = 1000;
/** A page that lived for less, in milliseconds, would die again. */
const CRASH_PAUSE = 5000;
const SMALLEST = { width: 640, height: 480 } as const;

/** Everything that Electron would let a page do is off, whatever its defaults are. */
export function windowOptions(
  preload: string,
  theme: Theme,
  state: WindowState | null,
): BrowserWindowConstructorOptions {
  return {
    show: false,
    title: 'Gupbook',
    backgroundColor: GROUND[theme],
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    ...(state === null
      ? { width: 1360, height: 860 }
      : { x: state.x, y: state.y, width: state.width, height: state.height }),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

/** Opens the window where it was last, if that place is still on a screen. */
export function openWindow(store: Store, preload: string): BrowserWindow {
  const state = visible(store.windowState());
  followTheme(themeOf(store));
  const ground = nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
  const window = new BrowserWindow(windowOptions(preload, ground, state));
  if (state?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    store.setWindowState({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  reviveOnCrash(window);
  void window.loadURL(`${APP_ORIGIN}/index.html`);
  return window;
}

/**
 * Holds the window open until its page has put what was typed last into the journal, or has had time enough.
 *
 * @param warn tells the page.
 * @returns closes the window; the page's answer.
 */
export function closeWhenSafe(window: BrowserWindow, warn: () => void): () => void {
  let safe = false;
  const close = () => {
    safe = true;
    // The answer goes to the page first.
    setImmediate(() => {
      if (!window.isDestroyed()) window.close();
    });
  };
  window.on('close', (event) => {
    const { webContents } = window;
    if (safe || webContents.isCrashed() || webContents.isLoading()) return;
    event.preventDefault();
    warn();
    setTimeout(close, CLOSE_PATIENCE);
  });
  return close;
}

/** A page that dies comes back, and finds its text in the journal; one that dies at once again does not. */
function reviveOnCrash(window: BrowserWindow): void {
  let last = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const again = performance.now() - last < CRASH_PAUSE;
    last = performance.now();
    if (!again) {
      window.webContents.reload();
      return;
    }
    dialog.showErrorBox(
      'Gupbook',
      `The window's page ended twice in a row (${reason}). Unsaved text is kept: start again.`,
    );
    window.destroy();
  });
}

/** The user's choice; the system's theme until there is one. */
export function themeOf(store: Pick<Store, 'setting'>): ThemeChoice {
  const chosen = store.setting(THEME);
  return THEME_CHOICES.find((choice) => choice === chosen) ?? 'system';
}

export function setTheme(store: Pick<Store, 'setSetting'>, theme: ThemeChoice): void {
  store.setSetting(THEME, theme);
  followTheme(theme);
}

/** Native menus and dialogs have no high contrast of their own to be asked for: they are dark with it. */
function followTheme(theme: ThemeChoice): void {
  nativeTheme.themeSource = theme === 'contrast' ? 'dark' : theme;
}

/** A place of which a corner that can be grasped lies on a screen; else null. */
function visible(state: WindowState | null): WindowState | null {
  if (state === null || state.width < SMALLEST.width || state.height < SMALLEST.height) return null;
  const { x, y } = screen.getDisplayMatching(state).workArea;
  const { width, height } = screen.getDisplayMatching(state).workArea;
  const onScreen =
    state.x < x + width - 100 && state.x + state.width > x + 100 && state.y >= y && state.y < y + height - 50;
  return onScreen ? state : null;
}
