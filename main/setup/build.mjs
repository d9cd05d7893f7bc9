import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { notes, root } from './house.mjs';
import { capture } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { readStamp, sources, writeStamp } from './stamp.mjs';

/** @typedef {'main' | 'preload' | 'renderer'} Part one output folder of the build */

/**
 * What each part is made of. A little too much is harmless here, and too little shows stale code.
 *
 * @type {Record<Part, readonly string[]>}
 */
const madeOf = {
  main: ['main', 'preload', 'renderer/runner', 'scenarios', 'bench'],
  preload: ['preload', 'main/engine'],
  renderer: ['renderer', 'preload', 'main/engine', 'scenarios'],
};

const always = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'main/setup/vite'];

/**
 * Builds those of `parts` whose sources changed since their last build. Names, sizes and times tell quickly that
 * nothing changed; where they differ (a fresh checkout, a touched file) contents decide.
 *
 * @param {readonly Part[]} parts
 */
export function ensureBuild(parts) {
  const stale = parts.filter((part) => !isFresh(part));
  if (stale.length === 0) return;
  say(`Building ${stale.join(', ')} ...`);
  // What the build reads, taken before it reads: an edit made meanwhile then counts as a change.
  const states = stale.map((part) => {
    const { quick, content } = sourcesOf(part);
    return { part, quick, content: content() };
  });
  const vite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const { status, output, errors } = capture(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, GUPBOOK_BUILD: stale.join(',') },
  });
  if (status !== 0) {
    process.stderr.write(output + errors);
    throw new SetupError(`The build of ${stale.join(', ')} failed (status ${status}); its messages stand above.`);
  }
  for (const line of errors.split('\n')) if (line.startsWith('build: ')) say(line);
  for (const { part, ...state } of states) writeStamp(stampFile(part), state);
}

/** @param {Part} part */
function isFresh(part) {
  const stamp = readStamp(stampFile(part));
  if (stamp === null || !existsSync(join(root, 'out', part))) return false;
  const { quick, content } = sourcesOf(part);
  if (stamp.quick === quick) return true;
  if (stamp.content !== content()) return false;
  writeStamp(stampFile(part), { ...stamp, quick });
  return true;
}

/** @param {Part} part */
function sourcesOf(part) {
  const isSetup = (/** @type {string} */ path) =>
    path.startsWith('main/setup/') && !path.startsWith('main/setup/vite/');
  return sources(root, [...madeOf[part], ...always], isSetup);
}

/** @param {Part} part */
function stampFile(part) {
  return join(notes, `build-${part}.json`);
}
