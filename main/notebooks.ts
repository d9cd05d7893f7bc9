/**
 * Notebook files, as the window may have them. A file is read only where a person named it: in a dialog, on the command
 * line, earlier (the store knows it), or where it is one of the shipped scenarios. It is written only where it was
 * opened, or where a dialog says.
 */
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { OpenNotebook, Outcome } from '../preload/contract.ts';
import { errorCode } from './lab/file-trouble.ts';
import { parse } from './lab/notebook-format.ts';
import { readNotebookFile } from './lab/read-file.ts';
import { writeNotebookFile } from './lab/write-file.ts';
import { fine, problem } from './problem.ts';
import type { Store } from './store/index.ts';

/** What people are asked by a window of the desktop. Null: they called it off. */
export interface Dialogs {
  chooseOpen(folder: string | null): Promise<string | null>;
  chooseSave(suggested: string): Promise<string | null>;
  /** A kernel's log or trace. */
  chooseRecording(): Promise<string | null>;
  /** A message or a mailbox. */
  chooseMail(): Promise<string | null>;
}

type NotebookStore = Pick<
  Store,
  'openNotebook' | 'savedNotebook' | 'notebook' | 'notebookAt' | 'lastNotebook' | 'journal' | 'journalMark' | 'recover'
>;

export interface NotebooksParts {
  readonly store: NotebookStore;
  readonly dialogs: Pick<Dialogs, 'chooseOpen' | 'chooseSave'>;
  /** Folder of the shipped scenarios. */
  readonly scenarios: string;
  /** Hears which file the window shows now, to watch it. */
  readonly shows?: (path: string) => void;
}

export class Notebooks {
  readonly #store: NotebookStore;
  readonly #dialogs: NotebooksParts['dialogs'];
  readonly #scenarios: string;
  /** Files that people named in this session. */
  readonly #named = new Set<string>();
  readonly #shows: (path: string) => void;
  #first: string | null = null;

  constructor({ store, dialogs, scenarios, shows }: NotebooksParts) {
    this.#shows = shows ?? (() => {});
    this.#store = store;
    this.#dialogs = dialogs;
    this.#scenarios = resolve(scenarios);
  }

  /** Lets the window open a file that was named outside of it: on the command line, or by the desktop. */
  allow(path: string): void {
    this.#named.add(resolve(path));
  }

  /** Opens this file in place of the notebook that was open last, once. */
  nameFirst(path: string): void {
    this.allow(path);
    this.#first = resolve(path);
  }

  async openDialog(): Promise<Outcome<OpenNotebook | null>> {
    const last = this.#store.lastNotebook()?.path ?? null;
    const path = await this.#dialogs.chooseOpen(last === null || this.#isShipped(last) ? null : dirname(last));
    if (path === null) return fine(null);
    this.allow(path);
    return this.open(path);
  }

  async open(path: string): Promise<Outcome<OpenNotebook>> {
    const file = resolve(path);
    if (!(await this.#mayRead(file))) {
      return problem(`${path} was not opened here before: choose it with "Open notebook" first.`);
    }
    return fine(await this.#read(file));
  }

  /**
   * Saves where the notebook was opened. A file that somebody else changed meanwhile is not overwritten: "Save as" asks,
   * and may be told to.
   */
  async save(notebookId: number, path: string, text: string): Promise<Outcome<{ readonly path: string }>> {
    const file = resolve(path);
    if (this.#isShipped(file)) return problem(`${basename(file)} belongs to Gupbook: save it under another name.`);
    const known = this.#store.notebook(notebookId);
    if (known.path !== file) return problem(`This notebook is not ${path}: use "Save as".`);
    if (await this.#changedOutside(file, known.lastText)) {
      return problem(`${file} was changed by another program since it was opened: use "Save as" to keep both.`);
    }
    return fine(await this.#write(notebookId, file, text));
  }

  async saveDialog(
    notebookId: number,
    suggested: string,
    text: string,
  ): Promise<Outcome<{ readonly path: string } | null>> {
    const known = this.#store.notebook(notebookId);
    const folder = known.path === null || this.#isShipped(known.path) ? null : dirname(known.path);
    const chosen = await this.#dialogs.chooseSave(
      folder === null ? basename(suggested) : join(folder, basename(suggested)),
    );
    if (chosen === null) return fine(null);
    const file = resolve(chosen);
    if (this.#isShipped(file)) return problem(`${basename(file)} belongs to Gupbook: choose another folder.`);
    this.allow(file);
    return fine(await this.#write(notebookId, file, text));
  }

  /** What another program made of a notebook's file; null where it is still as it was opened or saved here. */
  async outside(path: string): Promise<{ readonly notebookId: number; readonly text: string | null } | null> {
    const known = this.#store.notebookAt(path);
    if (known === null) return null;
    try {
      const text = await readNotebookFile(path);
      return text === known.lastText ? null : { notebookId: known.notebookId, text };
    } catch (thrown) {
      // A file that cannot be read for another reason says so when it is saved.
      return isMissing(thrown) ? { notebookId: known.notebookId, text: null } : null;
    }
  }

  journal(notebookId: number, text: string): Outcome<null> {
    this.#store.journal(notebookId, text);
    return fine(null);
  }

  /** What was open last. Where its file is gone, the text as it was last known, to be saved anew. */
  async last(): Promise<Outcome<OpenNotebook | null>> {
    const first = this.#first;
    this.#first = null;
    if (first !== null) return this.open(first);
    const last = this.#store.lastNotebook();
    if (last === null) return fine(null);
    const { notebookId, path, lastText } = last;
    const recovered = this.#store.recover(notebookId)?.text ?? null;
    if (path === null) return fine({ path, text: lastText, notebookId, shipped: false, recovered });
    try {
      return fine(await this.#read(path));
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
      return fine({ path: null, text: '', notebookId, shipped: false, recovered: recovered ?? lastText });
    }
  }

  /** Paths and titles of the shipped scenarios, by name. */
  async scenarios(): Promise<{ readonly path: string; readonly title: string }[]> {
    const names = (await readdir(this.#scenarios).catch(() => [])).filter((name) => name.endsWith('.lab.ts')).sort();
    return Promise.all(
      names.map(async (name) => {
        const path = join(this.#scenarios, name);
        return { path, title: titleOf(await readNotebookFile(path)) ?? name };
      }),
    );
  }

  /** The shipped scenarios themselves. */
  async shipped(): Promise<{ readonly name: string; readonly text: string }[]> {
    const all = await this.scenarios();
    return Promise.all(all.map(async ({ path }) => ({ name: basename(path), text: await readNotebookFile(path) })));
  }

  async #read(path: string): Promise<OpenNotebook> {
    const text = await readNotebookFile(path);
    const { notebookId, recovered } = this.#store.openNotebook(path, text);
    this.#shows(path);
    return { path, text, notebookId, shipped: this.#isShipped(path), recovered };
  }

  async #write(notebookId: number, path: string, text: string): Promise<{ readonly path: string }> {
    const mark = this.#store.journalMark(notebookId);
    await writeNotebookFile(path, text);
    this.#store.savedNotebook(notebookId, path, text, mark);
    this.#shows(path);
    return { path };
  }

  async #mayRead(path: string): Promise<boolean> {
    if (this.#named.has(path) || this.#store.notebookAt(path) !== null) return true;
    if (!this.#isShipped(path)) return false;
    // A link in the folder must not lead out of it.
    return this.#isShipped(await realpath(path).catch(() => path));
  }

  async #changedOutside(path: string, expected: string): Promise<boolean> {
    try {
      return (await readNotebookFile(path)) !== expected;
    } catch (thrown) {
      // Deleted meanwhile: saving brings it back.
      if (isMissing(thrown)) return false;
      throw thrown;
    }
  }

  #isShipped(path: string): boolean {
    return path.startsWith(this.#scenarios + sep);
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && errorCode(thrown.cause) === 'ENOENT';
}

/** The title of the first cell that has one. */
function titleOf(text: string): string | null {
  return parse(text).cells.find((cell) => cell.title !== '')?.title ?? null;
}
