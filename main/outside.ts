/**
 * Notices when another program changes the file of the open notebook: a git checkout under the application is the normal
 * case. The folder is watched, not the file: programs that save well put a new file in the place of the old one.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds of quiet after the last sign of a change: a checkout writes many files, an editor several times. */
const QUIET = 150;

export class OutsideChanges {
  readonly #changed: (path: string) => void;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #path: string | null = null;

  /** @param changed hears of a path that may have changed; whether it has is for the caller to see. */
  constructor(changed: (path: string) => void) {
    this.#changed = changed;
  }

  /** Watches this file in place of the one before; null watches nothing. A folder that cannot be watched is not. */
  follow(path: string | null): void {
    if (path === this.#path) return;
    this.close();
    this.#path = path;
    if (path === null) return;
    try {
      this.#watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(path)) this.#wait(path);
      });
      this.#watcher.on('error', () => this.close());
    } catch {
      this.#watcher = null;
    }
  }

  #wait(path: string): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#changed(path);
    }, QUIET);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#watcher?.close();
    this.#watcher = null;
    this.#path = null;
  }
}
