import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { capture, hasProgram } from '../run.mjs';
import { SetupError } from '../say.mjs';
import { WINDOW } from './tree.mjs';

/** Debian's names of processors, by Node's. */
const ARCHITECTURES = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

/** What Electron links to, under the names of releases before and after the change to 64-bit time. */
const DEPENDS = [
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libasound2 | libasound2t64',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0 | libatk-bridge2.0-0t64',
  'libdrm2',
];

/** Whether a package can be built here: Debian's own tool does it. */
export function canBuildDeb() {
  return hasProgram('dpkg-deb') && ARCHITECTURES.has(process.arch);
}

/**
 * Makes a Debian package of the unpacked application. Chromium's sandbox helper belongs to root with the set-user-id
 * bit, as in Debian's own Chromium, so that the sandbox works where users have no namespaces.
 *
 * @param {string} tree
 * @param {string} version
 * @param {string} output folder
 * @returns {string} path of the package
 */
export function buildDeb(tree, version, output) {
  const architecture = ARCHITECTURES.get(process.arch) ?? '';
  const draft = join(output, 'deb');
  rmSync(draft, { recursive: true, force: true });
  const opt = join(draft, 'opt/gupbook');
  mkdirSync(dirname(opt), { recursive: true });
  cpSync(tree, opt, { recursive: true, verbatimSymlinks: true });
  rmSync(join(opt, 'install.sh'));
  mkdirSync(join(draft, 'usr/bin'), { recursive: true });
  cpSync(join(opt, 'share'), join(draft, 'usr/share'), { recursive: true });
  rmSync(join(opt, 'share'), { recursive: true });
  symlinkSync('../../opt/gupbook/bin/gupbook', join(draft, 'usr/bin/gupbook'));
  symlinkSync(`../../opt/gupbook/${WINDOW}`, join(draft, 'usr/bin', WINDOW));
  chmodSync(join(opt, 'chrome-sandbox'), 0o4755);
  mkdirSync(join(draft, 'DEBIAN'));
  writeFileSync(join(draft, 'DEBIAN/control'), control(version, architecture, kilobytes(draft)));
  const file = join(output, `gupbook_${version}_${architecture}.deb`);
  const { status, errors } = capture('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', draft, file]);
  if (status !== 0) throw new SetupError(`dpkg-deb failed with status ${status}: ${errors.trim()}`);
  rmSync(draft, { recursive: true });
  return file;
}

/**
 * @param {string} version
 * @param {string} architecture
 * @param {number} size in kilobytes
 */
function control(version, architecture, size) {
  return `Package: gupbook
Version: ${version}
Architecture: ${architecture}
Maintainer: Gupbook maintainers <maintainers@gupbook.example>
Installed-Size: ${size}
Depends: ${DEPENDS.join(', ')}
Recommends: nodejs (>= 20.19)
Section: devel
Priority: optional
Description: lab notebook for Linux page reference counting
 Experiments about who pins, splits and unmaps a page, searched through every
 interleaving under an executable model of the kernel's refcounting.
`;
}

/** @param {string} folder */
function kilobytes(folder) {
  return Number(capture('du', ['-sk', folder]).output.split('\t')[0]);
}
