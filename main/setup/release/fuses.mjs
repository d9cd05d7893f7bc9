import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../house.mjs';

/**
 * What an Electron that is given away must not do, by name of the fuse. Integrity of the archive is checked by Electron
 * on macOS and Windows alone; on Linux the files belong to root.
 *
 * @type {Record<string, boolean>}
 */
export const RELEASE_FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: process.platform !== 'linux',
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

/**
 * Sets the fuses of an executable for release. Those that a newer Electron may have stay as they are.
 *
 * @param {string} executable
 */
export async function setReleaseFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await fuses();
  const wanted = Object.entries(RELEASE_FUSES).map(([name, on]) => [FuseV1Options[name], on]);
  await flipFuses(executable, { version: FuseVersion.V1, ...Object.fromEntries(wanted) });
}

/**
 * The fuses of an executable, by name.
 *
 * @param {string} executable
 * @returns {Promise<Record<string, boolean>>}
 */
export async function readFuses(executable) {
  const { getCurrentFuseWire, FuseV1Options, FuseState } = await fuses();
  const wire = await getCurrentFuseWire(executable);
  const known = Object.keys(RELEASE_FUSES).map((name) => [name, wire[FuseV1Options[name]] === FuseState.ENABLE]);
  return Object.fromEntries(known);
}

function fuses() {
  return import(pathToFileURL(join(root, 'node_modules/@electron/fuses/dist/index.js')).href);
}
