/** What ships beside the program. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../lab/input-error.ts';

/** The folder that holds `file`: one above this program, in a clone as in a package. InputError where it is nowhere. */
export function shippedFolder(file: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (folder === dirname(folder)) throw new InputError(`${file} is missing here: install Gupbook again`);
  }
}
