import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notes, platform, root } from './house.mjs';
import { npm, run } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { digest, readStamp, writeStamp } from './stamp.mjs';

const stampFile = join(notes, 'packages.json');

/** Names what must be installed: the lock file, on this kind of machine. */
function wanted() {
  return digest([readFileSync(join(root, 'package-lock.json')), platform]);
}

/** Whether node_modules holds what the lock file asks for, by our own note. */
export function hasPackages() {
  return readStamp(stampFile)?.lock === wanted();
}

/** Installs the packages of the lock file, exactly, without running any of their scripts. */
export async function ensurePackages() {
  if (hasPackages()) return;
  if (!isInstalled(lockOf('package-lock.json'), lockOf('node_modules/.package-lock.json'))) {
    say('Installing packages (npm ci) ...');
    const [command, ...first] = npm();
    const options = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const status = await run(command, [...first, 'ci', ...options], { cwd: root });
    if (status !== 0) {
      throw new SetupError(
        `npm ci failed with status ${status} in ${root}; its own message stands above, and a registry is needed once.`,
      );
    }
  }
  writeStamp(stampFile, { lock: wanted() });
}

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Locked */

/**
 * @param {string} path
 * @returns {Record<string, Locked>} installed path to package; empty where there is no such file
 */
function lockOf(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/**
 * Whether npm's own list of what is installed fits the lock file. Packages for other platforms may be absent.
 *
 * @param {Record<string, Locked>} lock
 * @param {Record<string, Locked>} installed
 */
export function isInstalled(lock, installed) {
  if (Object.keys(installed).length === 0) return false;
  const fits = Object.entries(lock).every(([path, { version, integrity, optional, devOptional }]) => {
    const found = installed[path];
    if (path === '' || (found === undefined && (optional === true || devOptional === true))) return true;
    return found?.version === version && found?.integrity === integrity;
  });
  return fits && Object.keys(installed).every((path) => lock[path] !== undefined);
}
