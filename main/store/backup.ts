/** Copies of the store in one file, made while it is in use. */
import { accessSync, closeSync, constants, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { examine } from './connect.ts';
import type { Context } from './context.ts';
import { closed, StoreError, toWritingError } from './error.ts';

/**
 * Copies, checks the copy, and only then puts it in the place of whatever was there.
 * @throws StoreError `damaged` where the copy does not pass the check: the store itself is damaged.
 */
export async function backupTo({ db, path }: Context, to: string): Promise<void> {
  if (!db.open) throw closed(path);
  if (db.memory) throw new StoreError('place', 'This store is in memory only: export it to keep what it holds.');
  const target = resolve(to);
  if ([path, `${path}-wal`, `${path}-shm`, `${path}.lock`].includes(target)) {
    throw new StoreError(
      'place',
      `The backup cannot be written to ${target}, which the store uses: name another file.`,
    );
  }
  const partial = `${target}.partial`;
  try {
    rmSync(partial, { force: true });
    accessSync(dirname(target), constants.W_OK);
    await db.backup(partial);
    const why = examine(partial);
    if (why !== null) {
      throw new StoreError(
        'damaged',
        `The store ${path} is damaged (${why}) and no backup was made: restart Gupbook, which sets the file aside.`,
      );
    }
    sync(partial);
    renameSync(partial, target);
    sync(dirname(target));
  } catch (error) {
    throw db.open ? toWritingError(error, 'backup', target) : closed(path);
  } finally {
    remove([partial, `${partial}-wal`, `${partial}-shm`]);
  }
}

/** What cannot be removed was never made. */
function remove(files: readonly string[]): void {
  for (const file of files) {
    try {
      rmSync(file, { force: true });
    } catch {}
  }
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
