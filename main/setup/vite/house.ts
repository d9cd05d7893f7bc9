import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { lowerGenerators } from '../../engine/lower/plugin.ts';

/** The repository: found by its build file, because this file may itself run out of a bundled configuration. */
export const root = repository(import.meta.dirname);

function repository(folder: string): string {
  if (existsSync(resolve(folder, 'electron.vite.config.ts'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('electron.vite.config.ts is in no folder above this file.');
  return repository(parent);
}

/** The oldest runtime that must work: Electron 33 is Node 20.18 and Chromium 130, and Node 20 runs the command line. */
export const target = { node: 'node20', chrome: 'chrome130' } as const;

/** Source transforms of the engine. Every bundle that holds engine code and the tests apply the same ones. */
export function engineTransforms(): Plugin[] {
  return [lowerGenerators(root)];
}

/**
 * Entries by output name, absolute. One that does not exist is left out with a message, so that the rest still builds.
 *
 * @param wanted output name to path from the repository.
 */
export function entries(wanted: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, path] of Object.entries(wanted)) {
    if (existsSync(resolve(root, path))) found[name] = resolve(root, path);
    else console.warn(`build: ${path} does not exist; ${name} is left out.`);
  }
  return found;
}
