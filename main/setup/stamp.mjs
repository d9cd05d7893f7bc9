import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {{ readonly [key: string]: string | number | boolean }} Stamp what was done, and with what */

/**
 * A stamp, or null where there is none or it is no JSON object.
 *
 * @param {string} file
 * @returns {Stamp | null}
 */
export function readStamp(file) {
  try {
    const stamp = JSON.parse(readFileSync(file, 'utf8'));
    return typeof stamp === 'object' && stamp !== null && !Array.isArray(stamp) ? stamp : null;
  } catch {
    return null;
  }
}

/**
 * Writes a stamp whole or not at all.
 *
 * @param {string} file
 * @param {Stamp} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(stamp)}\n`);
  renameSync(draft, file);
}

/**
 * SHA-256 in hex of some texts, each with its length, so that their borders count.
 *
 * @param {readonly (string | Buffer)[]} parts
 */
export function digest(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/**
 * The state of a set of sources, cheap and exact. `quick` sees names, sizes and times; `content` is read on demand.
 *
 * @param {string} folder all paths are relative to it
 * @param {readonly string[]} paths files and folders; one that does not exist counts as absent
 * @param {(path: string) => boolean} [skip]
 */
export function sources(folder, paths, skip = () => false) {
  const files = paths.flatMap((path) => [...filesBelow(folder, path)]).filter((path) => !skip(path));
  files.sort();
  return {
    files,
    quick: digest(
      files.map((path) => {
        const { size, mtimeMs } = statSync(join(folder, path));
        return `${path} ${size} ${mtimeMs}`;
      }),
    ),
    content: () => digest(files.flatMap((path) => [path, readFileSync(join(folder, path))])),
  };
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {Generator<string>}
 */
function* filesBelow(folder, path) {
  const stat = statSync(join(folder, path), { throwIfNoEntry: false });
  if (stat?.isFile()) yield path;
  if (!stat?.isDirectory()) return;
  for (const name of readdirSync(join(folder, path))) yield* filesBelow(folder, `${path}/${name}`);
}
