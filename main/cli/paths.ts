/** From the paths of a command line to notebook files. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';

const ENDING = '.lab.ts';

/** A notebook file: where it is, and how it is called in output (relative to the working folder, with `/`). */
export interface NotebookFile {
  readonly path: string;
  readonly file: string;
}

/**
 * The notebooks that paths name, each once: a file is itself, a folder stands for all `*.lab.ts` in it and below,
 * sorted by name. InputError for a path that is not there and a folder without notebooks.
 */
export async function notebooksAt(paths: readonly string[], cwd: string): Promise<NotebookFile[]> {
  const found = new Map<string, NotebookFile>();
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const files = await filesAt(absolute, path);
    if (files.length === 0) throw new InputError(`there is no notebook (*${ENDING}) in ${shown(path)}`);
    for (const file of files) {
      const key = await realpath(file).catch(() => file);
      if (!found.has(key)) found.set(key, { path: file, file: nameOf(file, cwd) });
    }
  }
  return [...found.values()];
}

/** How a file is called in output. */
export function nameOf(path: string, cwd: string): string {
  const name = relative(cwd, path);
  return name.startsWith('..') ? path : name.split(sep).join('/');
}

async function filesAt(absolute: string, path: string): Promise<string[]> {
  try {
    return (await stat(absolute)).isDirectory() ? await walk(absolute) : [absolute];
  } catch (error) {
    throw fileTrouble('read', path, error);
  }
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) files.push(...(await walk(path)));
    } else if (entry.name.endsWith(ENDING)) files.push(path);
  }
  return files;
}
