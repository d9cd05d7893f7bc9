/** Everything in the store as plain files that need no Gupbook to be read. */
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Context } from './context.ts';
import { hasErrno, StoreError, toWritingError } from './error.ts';
import type { Journal } from './journal.ts';
import type { Notebooks } from './notebooks.ts';
import type { Runs } from './runs.ts';
import type { Settings } from './settings.ts';
import type { Texts } from './texts.ts';
import type { Exported, Notebook, Revision } from './types.ts';

interface Parts {
  readonly texts: Texts;
  readonly journal: Journal;
  readonly notebooks: Notebooks;
  readonly runs: Runs;
  readonly settings: Settings;
}

/**
 * Writes
 *
 *     notebooks.json, settings.json
 *     notebooks/<id>-<name>/<number>-<reason>-<hash>.lab.ts, unsaved.lab.ts
 *     runs/<id>.json
 *
 * into a folder that is new or empty. The folder appears when everything is in it.
 */
export function exportAll({ db, path }: Context, parts: Parts, directory: string): Exported {
  const target = resolve(directory);
  const partial = `${target}.partial`;
  try {
    requireEmpty(target);
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(partial, 'notebooks'), { recursive: true });
    mkdirSync(join(partial, 'runs'));
    const ids = db.prepare<[], number>('SELECT notebook_id FROM notebooks ORDER BY notebook_id').pluck().all();
    const notebooks = ids.map((id) => parts.notebooks.get(id));
    const written = notebooks.map((notebook) => writeNotebook(parts, partial, notebook));
    const runIds = db.prepare<[], number>('SELECT run_id FROM runs ORDER BY run_id').pluck().all();
    for (const id of runIds) writeJson(join(partial, 'runs', `${id}.json`), parts.runs.get(id));
    writeJson(join(partial, 'notebooks.json'), written);
    writeJson(join(partial, 'settings.json'), { store: path, settings: parts.settings.all() });
    removeEmpty(target);
    renameSync(partial, target);
    const revisions = written.reduce((sum, notebook) => sum + notebook.revisions.length, 0);
    return { directory: target, notebooks: ids.length, revisions, runs: runIds.length };
  } catch (error) {
    throw toWritingError(error, 'export', target);
  } finally {
    removePartial(partial);
  }
}

interface WrittenNotebook extends Omit<Notebook, 'lastText'> {
  readonly folder: string;
  readonly revisions: readonly (Revision & { readonly file: string })[];
}

function writeNotebook({ texts, journal, notebooks }: Parts, root: string, notebook: Notebook): WrittenNotebook {
  const { lastText: _, ...facts } = notebook;
  const name = safeName(notebook.path === null ? 'unsaved' : basename(notebook.path, '.lab.ts'));
  const folder = join('notebooks', `${notebook.notebookId}-${name}`);
  mkdirSync(join(root, folder));
  const own = notebooks.revisions(notebook.notebookId).filter((r) => r.notebookId === notebook.notebookId);
  const revisions = own.toReversed().map((revision, index) => {
    const number = String(index + 1).padStart(4, '0');
    const file = `${number}-${revision.reason}-${revision.sha256.slice(0, 12)}.lab.ts`;
    writeFileSync(join(root, folder, file), texts.byHash(revision.sha256));
    return { ...revision, file };
  });
  const unsaved = journal.recover(notebook.notebookId);
  if (unsaved !== null) writeFileSync(join(root, folder, 'unsaved.lab.ts'), unsaved.text);
  return { ...facts, folder, revisions };
}

/** Typed arrays become arrays of numbers. */
function writeJson(file: string, value: unknown): void {
  const plain = (_key: string, item: unknown) => (item instanceof Int32Array ? [...item] : item);
  writeFileSync(file, `${JSON.stringify(value, plain, 1)}\n`);
}

/** A file name of any notebook's name: short, and nothing a shell or another system would trip over. */
function safeName(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 60);
  return safe === '' ? 'notebook' : safe;
}

function requireEmpty(directory: string): void {
  try {
    if (readdirSync(directory).length === 0) return;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return;
    throw error;
  }
  throw new StoreError('place', `The folder ${directory} is not empty: name a new or an empty one for the export.`);
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
  }
}

/** What cannot be removed was never made. */
function removePartial(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {}
}
