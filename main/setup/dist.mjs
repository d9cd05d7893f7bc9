// npm run dist [-- --check] [--output FOLDER]: what is given away: a folder, a tar.gz of it, a Debian package, an
// AppImage, each where its tools are. --check tries what was built with the tests of the packaged application.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeElectron } from './electron.mjs';
import { root } from './house.mjs';
import { advisories } from './release/audit.mjs';
import { buildDeb, canBuildDeb } from './release/deb.mjs';
import { buildTree, runBuilder } from './release/tree.mjs';
import { capture } from './run.mjs';
import { main, SetupError, say } from './say.mjs';
import { setUpForElectron } from './setup.mjs';
import { app } from './stages.mjs';

/** How long the place of AppImage's tools may take to answer at all, in milliseconds. */
const PATIENCE = 4000;

await main(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, output: { type: 'string' } } });
  if (process.platform !== 'linux') throw new SetupError('npm run dist builds for Linux, on Linux.');
  const output = resolve(values.output ?? join(root, 'dist'));
  const electron = await setUpForElectron();
  say(describeElectron(electron));
  say(advisories());
  mkdirSync(output, { recursive: true });
  const tree = await buildTree(electron, output);
  const version = packageVersion();
  const built = [tree, tarball(tree, version, output)];
  if (canBuildDeb()) built.push(buildDeb(tree, version, output));
  else say('No Debian package: dpkg-deb is not here.');
  built.push(...(await appImage(tree, output)));
  for (const path of built) process.stdout.write(`${path} ${size(path)}\n`);
  if (values.check !== true) return 0;
  process.env.GUPBOOK_PACKAGED = tree;
  const { passed, failed } = await app([
    'test/app/packaged',
    'test/app/notebook',
    'test/app/window',
    'test/app/replay',
  ]);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});

function packageVersion() {
  return capture(process.execPath, ['-p', 'require("./package.json").version'], { cwd: root }).output.trim();
}

/**
 * @param {string} tree
 * @param {string} version
 * @param {string} output
 */
function tarball(tree, version, output) {
  const name = `gupbook-${version}-${process.platform}-${process.arch}`;
  const file = join(output, `${name}.tar.gz`);
  // Owners, order and times of the files are not ours to tell: the same sources give the same archive.
  const plain = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  const rename = `--transform=s#^${basename(tree)}#${name}#`;
  const args = [...plain, rename, '-czf', file, '-C', dirname(tree), basename(tree)];
  const { status, errors } = capture('tar', args);
  if (status !== 0) throw new SetupError(`tar failed with status ${status}: ${errors.trim()}`);
  return file;
}

/**
 * electron-builder makes it, with tools that it downloads unless APPIMAGE_TOOLS_PATH names them.
 *
 * @param {string} tree
 * @param {string} output
 * @returns {Promise<string[]>} nothing where the tools cannot be had
 */
async function appImage(tree, output) {
  const own = process.env.APPIMAGE_TOOLS_PATH ?? '';
  const unreachable = own === '' ? await whyUnreachable() : null;
  if (unreachable !== null) {
    say(`No AppImage: its tools cannot be downloaded (${unreachable}); set APPIMAGE_TOOLS_PATH where you have them.`);
    return [];
  }
  const config = join(output, 'builder.json');
  const args = ['--linux', 'AppImage', '--prepackaged', tree, '--publish', 'never', '--projectDir', root];
  await runBuilder([...args, '--config', config]);
  const { output: listed } = capture('find', [output, '-maxdepth', '1', '-name', '*.AppImage']);
  return listed.split('\n').filter((path) => path !== '' && existsSync(path));
}

/** @returns {Promise<string | null>} null when there is an answer, else why not */
async function whyUnreachable() {
  try {
    const place = 'https://github.com/electron-userland/electron-builder-binaries/releases';
    await fetch(place, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
    return null;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** @param {string} path */
function size(path) {
  const stat = statSync(path);
  if (stat.isFile()) return `${(stat.size / 1e6).toFixed(1)} MB`;
  return `${(Number(capture('du', ['-sb', path]).output.split('\t')[0]) / 1e6).toFixed(1)} MB`;
}
