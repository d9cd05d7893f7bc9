/** How components reach the application: the commands' app, and one selector over the snapshot. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Editors } from '../notebook/editors.ts';
import { lineHeightOf } from '../theme/tokens.ts';
import type { App } from './app.ts';
import type { AppState } from './state.ts';

export interface Parts extends App {
  readonly editors: Editors;
}

const AppContext = createContext<Parts | null>(null);
export const AppProvider = AppContext.Provider;

export function useApp(): Parts {
  const app = useContext(AppContext);
  if (app === null) throw new Error('A component stands outside of AppProvider.');
  return app;
}

/** Height of a line of text, in CSS pixels. */
export function useLineHeight(): number {
  return useAppState(({ preferences }) => lineHeightOf(preferences.fontSize));
}

/** A part of the snapshot. `select` must return the same value for the same snapshot. */
export function useAppState<T>(select: (state: AppState) => T): T {
  const { store } = useApp();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
