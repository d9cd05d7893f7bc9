import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../house.mjs';
import { capture, npm, run } from '../run.mjs';
import { SetupError, say } from '../say.mjs';
import { CLI_SCRIPT, desktopEntry, INSTALL_SCRIPT, MIME_TYPE } from './desktop.mjs';
import { setReleaseFuses } from './fuses.mjs';
import { billOfMaterials } from './sbom.mjs';
import { checkLicences, closure, shippedPackages, thirdPartyText } from './shipped.mjs';

/** @typedef {import('../electron.mjs').Electron} Electron */

/** Name of the executable that opens the window; `gupbook` is the command line. */
export const WINDOW = 'gupbook-window';

const tools = import.meta.dirname;

/** Of packages, what only their developers need. */
const WITHOUT = ['deps', 'src', 'prebuilds', 'build/!(Release)', '**/*.d.ts', '**/*.d.mts', '**/*.d.cts', '**/*.map'];

/**
 * Builds the unpacked application: the whole of what is installed, in one folder.
 *
 * @param {Electron} electron
 * @param {string} output folder in which `linux-unpacked` is made
 * @returns {Promise<string>} its path
 */
export async function buildTree(electron, output) {
  const shipped = shippedPackages();
  checkLicences(shipped);
  await installTools();
  const runtime = join(output, 'runtime');
  prepareRuntime(electron, runtime);
  const config = join(output, 'builder.json');
  writeFileSync(config, JSON.stringify(configuration(electron, output, runtime), null, 2));
  say('Packing the application ...');
  const builder = ['--linux', 'dir', '--publish', 'never', '--projectDir', root, '--config', config];
  await runBuilder(builder);
  rmSync(runtime, { recursive: true });
  const tree = join(output, 'linux-unpacked');
  await finish(tree, electron, shipped);
  return tree;
}

/**
 * electron-builder, from its own lock file.
 *
 * @param {readonly string[]} args
 */
export async function runBuilder(args) {
  const cli = join(tools, 'node_modules/electron-builder/cli.js');
  const { status, output, errors } = capture(process.execPath, [cli, ...args], { cwd: root });
  if (status === 0) return;
  process.stderr.write(output + errors);
  throw new SetupError(`electron-builder failed with status ${status}; its own messages stand above.`);
}

async function installTools() {
  const wanted = readFileSync(join(tools, 'package-lock.json'), 'utf8');
  const note = join(tools, 'node_modules/.gupbook-lock');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return;
  say('Installing electron-builder (npm ci) ...');
  const [command, ...first] = npm();
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const status = await run(command, [...first, 'ci', ...options], { cwd: tools });
  if (status !== 0) throw new SetupError(`npm ci failed with status ${status} in ${tools}; a registry is needed once.`);
  writeFileSync(note, wanted);
}

/**
 * A copy of the runtime without what set-up put there for development.
 *
 * @param {Electron} electron
 * @param {string} to
 */
function prepareRuntime({ executable, source }, to) {
  rmSync(to, { recursive: true, force: true });
  cpSync(dirname(executable), to, { recursive: true });
  if (source !== 'fallback') return;
  for (const path of ['resources/app', 'gupbook.json', 'browser_v8_context_snapshot.bin']) {
    rmSync(join(to, path), { recursive: true, force: true });
  }
}

/**
 * @param {Electron} electron
 * @param {string} output
 * @param {string} runtime
 */
function configuration({ version }, output, runtime) {
  const packages = closure(root, externals())
    // For compiling native modules only.
    .filter(({ name }) => name !== 'node-addon-api')
    .map(({ folder }) => folder.slice(root.length + 1));
  return {
    appId: 'org.gupbook.Gupbook',
    productName: 'gupbook',
    copyright: 'MIT licence',
    directories: { output, buildResources: join(tools, 'icons') },
    electronVersion: version,
    electronDist: runtime,
    npmRebuild: false,
    asar: true,
    // The command line reads its files with a plain Node, which knows no archives; native code is loaded from files.
    asarUnpack: ['package.json', 'scenarios/**', 'out/main/cli.js', 'out/main/chunks/**', 'node_modules/**'],
    files: [
      'package.json',
      'out/**',
      'scenarios/**',
      '!node_modules/**',
      ...packages.flatMap((folder) => [`${folder}/**`, ...WITHOUT.map((path) => `!${folder}/${path}`)]),
    ],
    linux: { target: 'dir', executableName: WINDOW, icon: join(tools, 'icons'), category: 'Development' },
  };
}

/** The packages that main's build names: it imports them, or looks them up by name. All others are in the page. */
function externals() {
  const folder = join(root, 'out/main');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = (/** @type {string} */ text, /** @type {string} */ name) => new RegExp(`["']${name}["'/]`).test(text);
  return Object.keys(dependencies).filter((name) => texts.some((text) => names(text, name)));
}

/**
 * What belongs beside the program, and the fuses.
 *
 * @param {string} tree
 * @param {Electron} electron
 * @param {readonly import('./shipped.mjs').Package[]} shipped
 */
async function finish(tree, electron, shipped) {
  const { version, source } = electron;
  /** @param {string} path @param {string} text @param {number} [mode] */
  const put = (path, text, mode = 0o644) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
    chmodSync(join(tree, path), mode);
  };
  put('bin/gupbook', CLI_SCRIPT, 0o755);
  put('install.sh', INSTALL_SCRIPT, 0o755);
  put('share/applications/gupbook.desktop', desktopEntry(WINDOW));
  put('share/mime/packages/gupbook.xml', MIME_TYPE);
  put('share/doc/gupbook/THIRD-PARTY.txt', thirdPartyText(shipped, version));
  put('share/doc/gupbook/sbom.cdx.json', billOfMaterials(version, source));
  put('resources/release.json', `${JSON.stringify({ electron: version, source })}\n`);
  for (const file of ['LICENSE', 'SECURITY.md', 'README.md']) {
    if (existsSync(join(root, file))) put(`share/doc/gupbook/${file}`, readFileSync(join(root, file), 'utf8'));
  }
  const icons = join(tree, 'share/icons/hicolor');
  for (const file of readdirSync(join(tools, 'icons'))) {
    const size = file.endsWith('.svg') ? 'scalable' : `${file.slice(0, -4)}x${file.slice(0, -4)}`;
    mkdirSync(join(icons, size, 'apps'), { recursive: true });
    cpSync(join(tools, 'icons', file), join(icons, size, 'apps', `gupbook${file.slice(file.lastIndexOf('.'))}`));
  }
  await setReleaseFuses(join(tree, WINDOW));
}
