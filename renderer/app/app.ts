/**
 * What every command gets: the store, the bridge to main, and the few things that only the screen can do. Nothing here
 * knows React or Monaco, so that whole walks through the window are tested without either.
 */
import type { Bridge } from '../../preload/contract.ts';
import type { Region } from '../palette/keys.ts';
import type { Action } from './actions.ts';
import type { AppState } from './state.ts';
import type { Store } from './store.ts';

/** A place in a cell's text, 1-based. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** What commands ask of the screen. */
export interface Screen {
  /** Puts the focus on a cell (NAV mode) and into view. */
  focusCell(id: string): void;
  /** Puts the cursor into a cell's editor (EDIT mode); null leaves it where it was. */
  focusEditor(id: string, place: TextPlace | null): void;
  /** Where the cursor is in the editor that has the focus, or had it last; null where there is none. */
  cursor(): TextPlace | null;
  /** Takes the focus out of any editor. */
  leaveEditor(): void;
  focusRegion(region: Region): void;
  /** Puts the focus on the verdict strip of a cell. */
  focusVerdicts(id: string): void;
  /** Puts the focus on the first what-if control of a cell. */
  focusWhatIf(id: string): void;
  /** Scrolls as little as shows what the last run of a cell said. */
  revealResult(id: string): void;
  /** Makes cells of text that was held back because it would split its cell. */
  flushTyping(): void;
}

/** Time, handed in so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds, monotonic. */
  ticks(): number;
  /** Calls back once after `milliseconds`; returns what cancels it. */
  later(milliseconds: number, callback: () => void): () => void;
}

export interface App {
  readonly store: Store<AppState, Action>;
  readonly bridge: Bridge;
  readonly screen: Screen;
  readonly clock: Clock;
}

export function say(app: App, kind: 'info' | 'problem', text: string): void {
  app.store.dispatch({ type: 'notice', notice: { kind, text } });
}
