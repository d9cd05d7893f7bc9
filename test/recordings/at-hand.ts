/** Recordings that tests can use: the samples of this repository, and the whole set where it lies beside the clone. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const SAMPLES = fileURLToPath(new URL('./samples', import.meta.url));
/** The whole set; whether it is there has to be asked. */
export const BESIDE = fileURLToPath(new URL('../../../shared/recordings', import.meta.url));

export const ROOTS: readonly string[] = [SAMPLES, BESIDE].filter((root) => existsSync(root));

/** Files below the roots whose names end so, with a short name for people. */
export function filesEnding(ending: string): readonly { readonly path: string; readonly name: string }[] {
  return ROOTS.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(ending))
      .sort()
      .map((path) => ({ path: join(root, path), name: `${basename(dirname(path))}/${basename(path, ending)}` })),
  );
}
