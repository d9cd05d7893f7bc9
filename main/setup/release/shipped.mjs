import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house.mjs';
import { SetupError } from '../say.mjs';

/** @typedef {{ name: string, version: string, license: string, folder: string }} Package an installed package */
/** @typedef {{ name?: string, dependencies?: Record<string, string>, version?: string, license?: string }} Manifest */

/** Licences under which we may give away what we did not write. None asks for the source of what it is put beside. */
const PERMISSIVE = new Set(
  '0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 PSF-2.0 Python-2.0 Unlicense Zlib'.split(
    ' ',
  ),
);

/**
 * The packages that ship: those of `dependencies` in package.json and all they need. The window's are bundled into its
 * page, main's lie beside it.
 *
 * @param {string} folder of a clone
 * @returns {Package[]} by name
 */
export function shippedPackages(folder = root) {
  return closure(folder, Object.keys(manifest(folder).dependencies ?? {}));
}

/**
 * These packages and all they need, as Node would find them.
 *
 * @param {string} folder that holds node_modules
 * @param {readonly string[]} names
 * @returns {Package[]}
 */
export function closure(folder, names) {
  /** @type {Map<string, Package>} */
  const found = new Map();
  const waiting = names.map((name) => ({ name, from: folder }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const at = locate(folder, next.from, next.name);
    if (at === null) throw new SetupError(`${next.name} is not installed; npm ci installs it.`);
    if (found.has(at)) continue;
    const { version = '', license = '', dependencies = {} } = manifest(at);
    found.set(at, { name: next.name, version, license, folder: at });
    waiting.push(...Object.keys(dependencies).map((name) => ({ name, from: at })));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Whether a licence lets us ship: of alternatives (OR) one must, of several at once (AND) all.
 *
 * @param {string} expression an SPDX expression
 * @returns {boolean}
 */
export function isPermissive(expression) {
  const inner = /^\((.*)\)$/.exec(expression.trim())?.[1] ?? expression.trim();
  if (/ OR /.test(inner)) return inner.split(' OR ').some(isPermissive);
  if (/ AND /.test(inner)) return inner.split(' AND ').every(isPermissive);
  return PERMISSIVE.has(inner);
}

/**
 * Refuses what may not ship.
 *
 * @param {readonly Package[]} packages
 */
export function checkLicences(packages) {
  const refused = packages.filter(({ license }) => !isPermissive(license));
  if (refused.length === 0) return;
  const list = refused.map(({ name, version, license }) => `${name} ${version} (${license || 'no licence'})`);
  throw new SetupError(`These may not ship with Gupbook, whose licence is MIT: ${list.join(', ')}.`);
}

/**
 * The texts that must go with what ships.
 *
 * @param {readonly Package[]} packages
 * @param {string} electron version
 */
export function thirdPartyText(packages, electron) {
  const parts = [
    'Gupbook ships with what is listed here. Electron and what is in it (Chromium, Node.js and others) have their',
    'licences in LICENSE.electron.txt and LICENSES.chromium.html beside the program. SQLite, inside better-sqlite3,',
    'is in the public domain.',
    '',
    `electron ${electron} (MIT)`,
    ...packages.map(({ name, version, license }) => `${name} ${version} (${license})`),
  ];
  for (const { name, version, folder } of packages) {
    parts.push('', '-'.repeat(78), `${name} ${version}`, '', licenceText(folder) ?? 'The package carries no text.');
  }
  return `${parts.join('\n')}\n`;
}

/** @param {string} folder */
function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)([.-]|$)/i.test(name));
  return file === undefined ? null : readFileSync(join(folder, file), 'utf8').trim();
}

/**
 * @param {string} root_
 * @param {string} from
 * @param {string} name
 */
function locate(root_, from, name) {
  const places = [join(from, 'node_modules', name), join(root_, 'node_modules', name)];
  return places.find((place) => existsSync(join(place, 'package.json'))) ?? null;
}

/**
 * @param {string} folder
 * @returns {Manifest}
 */
function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
