import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. Told in words that an old Node knows too, so that it can be told that it is too old. */
export const root = resolve(fileURLToPath(import.meta.url), '../../..');

/** Where the set-up notes what it has done. It goes away with the packages, as it should. */
export const notes = join(root, 'node_modules', '.gupbook');

/**
 * What several clones of one user share: a runtime, a compiled module.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
export function cacheFolder(environment = process.env) {
  const base = environment.XDG_CACHE_HOME;
  // The base directory specification tells us to ignore a relative path.
  const absolute = base !== undefined && isAbsolute(base);
  return join(absolute ? base : join(homedir(), '.cache'), 'gupbook');
}

/** `linux-x64` and the like. */
export const platform = `${process.platform}-${process.arch}`;

/** Whether this process may do everything (and whether Chromium therefore refuses its sandbox). */
export const isRoot = process.getuid?.() === 0;

/**
 * Version of an installed package, or of what package.json asks for where it is not installed.
 *
 * @param {string} name
 * @returns {string}
 */
export function packageVersion(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}
