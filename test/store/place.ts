/** Temporary folders and stores in them, removed and closed after each test. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type OpenOptions, openStore, type Store } from '../../main/store/index.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-test-'));
  cleanups.push(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A path for a store in a new folder. */
export function newPath(): string {
  return join(temporaryFolder(), 'gupbook.db');
}

/** Opens a store that is closed when the test ends. */
export function open(path: string = newPath(), options: OpenOptions = {}): Store {
  const store = openStore(path, options);
  cleanups.push(() => store.close());
  return store;
}

/** Closes the store and opens it again, as a restart does. */
export function reopen(store: Store): Store {
  store.close();
  return open(store.path);
}

/** A clock that goes on by a second whenever it is read. */
export function tickingClock(start = Date.UTC(2026, 0, 1)): () => number {
  let now = start;
  return () => {
    now += 1000;
    return now;
  };
}
