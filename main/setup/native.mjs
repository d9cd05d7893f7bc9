import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { installSystemPackages } from './debian.mjs';
import { cacheFolder, notes, packageVersion, platform, root } from './house.mjs';
import { capture, hasProgram, npm } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/**
 * A program that must be able to open a database.
 *
 * @typedef {{ name: string, command: string, env: NodeJS.ProcessEnv }} Runtime
 */

const folder = join(root, 'node_modules', 'better-sqlite3');
const built = join(folder, 'build', 'Release', 'better_sqlite3.node');
const stampFile = join(notes, 'native.json');

/** The Node that runs this. */
export function nodeRuntime() {
  return { name: `Node ${process.versions.node}`, command: process.execPath, env: process.env };
}

/**
 * Electron's own Node.
 *
 * @param {{ executable: string, version: string }} electron
 */
export function electronRuntime({ executable, version }) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return { name: `Electron ${version}`, command: executable, env };
}

/**
 * Sees to it that better-sqlite3 loads in all `runtimes`. Its prebuilt module asks for Node-API 10, and loading it into
 * something older ends the process without an error to catch; so it is tried in child processes, and only where it
 * fails the module is compiled from the sources that came with it.
 *
 * @param {readonly Runtime[]} runtimes
 */
export async function ensureNative(runtimes) {
  const stamp = readStamp(stampFile) ?? {};
  const binding = bindingState();
  if (runtimes.every(({ name }) => stamp[name] === binding)) return;
  let failed = runtimes.filter((runtime) => !loads(runtime));
  if (failed.length > 0) {
    if (!restore() || !runtimes.every(loads)) {
      const names = failed.map(({ name }) => name).join(' and ');
      await compile(`The prebuilt better-sqlite3 does not load in ${names}`);
    }
    failed = runtimes.filter((runtime) => !loads(runtime));
    if (failed.length > 0) {
      const names = failed.map(({ name }) => name).join(' and ');
      throw new SetupError(`better-sqlite3 does not load in ${names}, not even compiled here; see ${folder}.`);
    }
  }
  const now = bindingState();
  const kept = now === binding ? stamp : {};
  writeStamp(stampFile, { ...kept, ...Object.fromEntries(runtimes.map(({ name }) => [name, now])) });
}

/** Names the module that better-sqlite3 would load now: its version, and the compiled one where there is one. */
function bindingState() {
  const stat = statSync(built, { throwIfNoEntry: false });
  const which = stat === undefined ? 'prebuilt' : `compiled ${stat.size} ${stat.mtimeMs}`;
  return `${packageVersion('better-sqlite3')} ${which}`;
}

/**
 * Whether a runtime opens a database and computes with it.
 *
 * @param {Runtime} runtime
 */
function loads({ command, env }) {
  const script = `
    const Database = require(${JSON.stringify(folder)});
    process.exit(new Database(':memory:').prepare('select 6 * 7 as n').get().n === 42 ? 0 : 1);`;
  return capture(command, ['-e', script], { cwd: root, env, timeout: 30_000 }).status === 0;
}

/** Where a module that was compiled once on this machine is kept for the next clone. */
function kept() {
  return join(cacheFolder(), `better-sqlite3-${packageVersion('better-sqlite3')}-${platform}`, 'better_sqlite3.node');
}

/** Takes the kept module; false where there is none. */
function restore() {
  if (!existsSync(kept())) return false;
  mkdirSync(dirname(built), { recursive: true });
  copyFileSync(kept(), built);
  return true;
}

/**
 * Compiles the module. The flags lift the Node-API version that its sources ask for, which is all that keeps it from
 * Node 20; what comes out runs in all our runtimes.
 *
 * @param {string} why
 */
async function compile(why) {
  const missing = ['g++', 'make', 'python3'].filter((program) => !hasProgram(program));
  if (missing.length > 0) await installSystemPackages(missing, `${why}, and compiling it needs ${missing.join(', ')}`);
  say(`${why}: compiling it from its own sources (about a minute, once per user) ...`);
  rmSync(join(folder, 'build'), { recursive: true, force: true });
  const [command, ...first] = npm();
  const { status, output, errors } = capture(command, [...first, 'run', 'build-release'], {
    cwd: folder,
    env: {
      ...process.env,
      CXXFLAGS: '-UNAPI_VERSION -DNAPI_VERSION=2147483647 -DNAPI_EXPERIMENTAL',
      npm_config_jobs: 'max',
      ...headers(),
    },
  });
  if (status !== 0) {
    const lines = `${output}\n${errors}`.split('\n').filter((line) => /\berr(or|!)/i.test(line));
    throw new SetupError(`${why}, and compiling it failed: ${lines.slice(0, 3).join(' | ') || `status ${status}`}`);
  }
  const target = kept();
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(built, `${target}.${process.pid}`);
  renameSync(`${target}.${process.pid}`, target);
}

/** Node's own headers where they are installed, so that none are downloaded. Node-API is the same in all of them. */
function headers() {
  if (process.env.npm_config_nodedir !== undefined) return {};
  const places = [resolve(dirname(process.execPath), '..'), '/usr', '/usr/local'];
  const place = places.find((path) => existsSync(join(path, 'include/node/node_api.h')));
  return place === undefined ? {} : { npm_config_nodedir: place };
}
