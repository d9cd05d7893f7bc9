import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ensureFallback, suitsFallback } from './fallback.mjs';
import { isRoot, notes, packageVersion, root } from './house.mjs';
import { checkSandbox, ensureLibraries } from './libraries.mjs';
import { capture } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/**
 * The Electron that the application runs in.
 *
 * @typedef {object} Electron
 * @property {string} executable absolute path
 * @property {string} version such as `45.4.1`
 * @property {'official' | 'fallback' | 'override'} source `official`: the electron package's own download; `fallback`:
 *   the older runtime of the package registry; `override`: ELECTRON_OVERRIDE_DIST_PATH
 * @property {readonly string[]} args what a test must put before the application's folder on this machine
 */

const stampFile = join(notes, 'electron.json');

/** How long the official download may take to answer at all, in milliseconds. */
const PATIENCE = 4000;

/**
 * The Electron that set-up chose. Cheap, changes nothing.
 *
 * @returns {Electron}
 */
export function resolveElectron() {
  const electron = noted();
  if (electron === null) {
    throw new SetupError('No Electron is set up for this clone; "npm start" or "npm test" does it.');
  }
  return electron;
}

/**
 * Sees to it that an Electron is there and can start.
 *
 * @returns {Promise<Electron>}
 */
export async function ensureElectron() {
  const known = noted();
  if (known !== null) return known;
  const { executable, source } = await choose();
  await ensureLibraries(executable);
  const version = versionOf(executable);
  writeStamp(stampFile, { ...wish(), executable, version, source });
  checkSandbox(join(dirname(executable), 'chrome-sandbox'));
  return { executable, version, source, args: testArguments() };
}

/**
 * The one line that says which Electron is used.
 *
 * @param {Electron} electron
 */
export function describeElectron({ version, source, executable }) {
  switch (source) {
    case 'official':
      return `Electron ${version} (official download)`;
    case 'override':
      return `Electron ${version} (ELECTRON_OVERRIDE_DIST_PATH: ${executable})`;
    case 'fallback':
      return (
        `Electron ${version} (fallback from the package registry: ${packageVersion('electron')} could not be ` +
        'downloaded; to try again, delete node_modules/.gupbook/electron.json)'
      );
  }
}

/** What the choice depends on. */
function wish() {
  return { wanted: packageVersion('electron'), override: process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '' };
}

/** @returns {Electron | null} */
function noted() {
  const stamp = readStamp(stampFile);
  if (stamp === null) return null;
  const { wanted, override } = wish();
  const { executable, version, source } = stamp;
  if (stamp.wanted !== wanted || stamp.override !== override) return null;
  if (typeof executable !== 'string' || typeof version !== 'string' || !existsSync(executable)) return null;
  if (source !== 'official' && source !== 'fallback' && source !== 'override') return null;
  return { executable, version, source, args: testArguments() };
}

/**
 * Chromium refuses its sandbox to root, and a test needs no GPU.
 *
 * @param {boolean} asRoot
 */
export function testArguments(asRoot = isRoot) {
  return asRoot ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];
}

/** @returns {Promise<{ executable: string, source: Electron['source'] }>} */
async function choose() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined && override !== '') {
    const executable = resolve(override, officialName());
    if (existsSync(executable)) return { executable, source: 'override' };
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH names ${override}, which holds no ${officialName()}.`);
  }
  const reason = await downloadOfficial();
  if (reason === null) return { executable: officialExecutable(), source: 'official' };
  if (suitsFallback()) {
    say(`Electron ${packageVersion('electron')} cannot be downloaded here: ${reason}.`);
    return { executable: await ensureFallback(), source: 'fallback' };
  }
  throw new SetupError(
    `Electron ${packageVersion('electron')} could not be downloaded (${reason}); connect once, or set ` +
      'ELECTRON_MIRROR or ELECTRON_OVERRIDE_DIST_PATH.',
  );
}

/**
 * Downloads the official Electron, unless it is there.
 *
 * @returns {Promise<string | null>} null when it is there, else why not
 */
async function downloadOfficial() {
  if (existsSync(officialExecutable())) return null;
  const unreachable = await whyUnreachable();
  if (unreachable !== null) return unreachable;
  say(`Downloading Electron ${packageVersion('electron')} ...`);
  const { status, errors } = capture(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    timeout: 15 * 60 * 1000,
  });
  if (status === 0 && existsSync(officialExecutable())) return null;
  return errors.trim().split('\n')[0] || `status ${status}`;
}

/**
 * Asks the place of the download for any answer, so that a machine without one does not wait for a long timeout. With a
 * proxy or mirror of the user's own the download itself must find out.
 *
 * @returns {Promise<string | null>} null when there is an answer, else why not
 */
async function whyUnreachable() {
  const own = /^(https?_proxy|all_proxy|electron_mirror|npm_config_electron_mirror|npm_config_(https?_)?proxy)$/i;
  if (Object.entries(process.env).some(([name, value]) => own.test(name) && value !== '')) return null;
  try {
    await fetch('https://github.com/electron/electron/releases', {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return null;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function officialName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

function officialExecutable() {
  return join(root, 'node_modules/electron/dist', officialName());
}

/**
 * Asks the executable itself, which also shows that it starts.
 *
 * @param {string} executable
 */
function versionOf(executable) {
  const { status, output, errors } = capture(executable, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const version = output.trim();
  if (status === 0 && /^\d+\.\d+\.\d+/.test(version)) return version;
  const reason = errors.trim().split('\n')[0] || `status ${status}`;
  throw new SetupError(`${executable} does not start: ${reason}`);
}
