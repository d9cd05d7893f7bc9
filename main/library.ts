/** The store of this user, or, where it cannot be had, one in memory: the window opens all the same, and says so. */
import { join } from 'node:path';
import { IN_MEMORY, openStore, type Store, StoreError, type StoreErrorCode } from './store/index.ts';

export interface Library {
  readonly store: Store;
  /** What the user must be told about this opening, one sentence each. */
  readonly notices: readonly string[];
  /** The same for the log: codes of the store's errors. */
  readonly codes: readonly StoreErrorCode[];
}

/** @param folder the application's data folder. */
export function openLibrary(folder: string): Library {
  try {
    const store = openStore(join(folder, 'gupbook.sqlite'));
    const { notices } = store;
    return { store, notices: notices.map(({ message }) => message), codes: notices.map(({ code }) => code) };
  } catch (thrown) {
    if (!(thrown instanceof StoreError)) throw thrown;
    const notice = `${thrown.message} Until then nothing of this session is kept: save your notebooks as files.`;
    return { store: openStore(IN_MEMORY), notices: [notice], codes: [thrown.code] };
  }
}
