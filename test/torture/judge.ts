/**
 * What must be in the store after the kill: everything acknowledged. The operation that was going on may have happened
 * or not, but not by half.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../../main/store/index.ts';
import { IMPORTED, type Line, NOTEBOOKS, pathOf, resultOf, textOf, type Work } from './work.ts';

/** A notebook as the log says it is. `unsaved` is the edit in the journal, null where it is empty. */
interface Document {
  unsaved: number | null;
  saved: number;
}

interface Run {
  readonly runId: number;
  readonly results: number[];
  finished: boolean;
}

/** Everything the victims were told was kept, over all kills of one torture. */
export class Judge {
  /** Edits, saves and imports that the store acknowledged. */
  acknowledged = 0;
  private readonly documents: Document[] = Array.from({ length: NOTEBOOKS }, () => ({ unsaved: null, saved: 0 }));
  private runs: Run[] = [];
  private imports: { readonly notebookId: number; readonly n: number }[] = [];
  private interrupted: Work | null = null;
  private largest = 0;

  /** First number that no operation has had. */
  get next(): number {
    return this.largest + 1;
  }

  /** Takes note of what a victim logged before it was killed; the last line may be cut off. */
  read(log: string): void {
    this.interrupted = null;
    for (const text of log.split('\n').slice(0, -1)) {
      const line: Line = JSON.parse(text);
      if ('begin' in line) this.begin(line.begin);
      else if (this.interrupted !== null) this.end(this.interrupted, line.done);
    }
  }

  private begin(work: Work): void {
    this.interrupted = work;
    if ('n' in work) this.largest = Math.max(this.largest, work.n);
  }

  private end(work: Work, answer: number): void {
    this.interrupted = null;
    const run = this.runs.at(-1);
    const document = 'notebook' in work ? this.documents[work.notebook] : undefined;
    if (work.do === 'edit' && document !== undefined) document.unsaved = work.n;
    if (work.do === 'save' && document !== undefined) Object.assign(document, { unsaved: null, saved: work.n });
    if (work.do === 'import') this.imports = [...this.imports.slice(-19), { notebookId: answer, n: work.n }];
    if (work.do === 'edit' || work.do === 'save' || work.do === 'import') this.acknowledged++;
    if (work.do === 'start') this.runs = [...this.runs.slice(-2), { runId: answer, results: [], finished: false }];
    if (work.do === 'result') run?.results.push(work.n);
    if (work.do === 'finish' && run !== undefined) run.finished = true;
  }

  /**
   * Compares the store with what it acknowledged, and goes on from what it has.
   * @returns a sentence for every acknowledged edit, save or result that is not there.
   */
  lost(store: Store): readonly string[] {
    const losses = this.documents.flatMap((document, notebook) => this.lostText(store, document, notebook));
    losses.push(...this.runs.flatMap((run, i) => this.lostRun(store, run, i === this.runs.length - 1)));
    losses.push(...this.imports.flatMap((imported) => lostImport(store, imported)));
    for (let notebook = 0; notebook < NOTEBOOKS; notebook++) {
      const id = store.notebookAt(pathOf(notebook))?.notebookId;
      const running = id === undefined ? [] : store.listRuns(id).filter(({ state }) => state === 'running');
      losses.push(...running.map(({ runId }) => `run ${runId} is still running after the program died`));
    }
    return losses;
  }

  private lostText(store: Store, document: Document, notebook: number): readonly string[] {
    const kept = store.notebookAt(pathOf(notebook));
    if (kept === null) return document.saved === 0 && document.unsaved === null ? [] : [`notebook ${notebook}`];
    const found = { saved: kept.lastText, unsaved: store.recover(kept.notebookId)?.text ?? null };
    const allowed = [{ ...document }];
    const work = this.interrupted;
    if (work?.do === 'edit' && work.notebook === notebook) allowed.push({ ...document, unsaved: work.n });
    if (work?.do === 'save' && work.notebook === notebook) allowed.push({ unsaved: null, saved: work.n });
    // An opening empties the journal of text that the file has.
    if (document.unsaved === document.saved) allowed.push({ unsaved: null, saved: document.saved });
    const match = allowed.find(
      ({ saved, unsaved }) =>
        found.saved === textOf(notebook, saved) &&
        found.unsaved === (unsaved === null ? null : textOf(notebook, unsaved)),
    );
    if (match !== undefined) {
      Object.assign(document, match);
      return [];
    }
    const have = `${firstLine(found.saved)} with ${found.unsaved === null ? 'nothing' : firstLine(found.unsaved)}`;
    return [`notebook ${notebook}: has ${have} unsaved, not ${document.saved} with ${document.unsaved}`];
  }

  private lostRun(store: Store, run: Run, last: boolean): readonly string[] {
    const work = last ? this.interrupted : null;
    const found = store.getRun(run.runId);
    const numbers = found.results.map(({ line }) => line);
    const more = work?.do === 'result' && numbers.length === run.results.length + 1;
    const expected = more ? [...run.results, work.n] : run.results;
    const losses: string[] = [];
    if (!isDeepStrictEqual(found.results, expected.map(resultOf))) {
      losses.push(`run ${run.runId}: has the results ${numbers}, not ${expected}`);
    }
    const states = run.finished ? ['finished'] : work?.do === 'finish' ? ['finished', 'stopped'] : ['stopped'];
    if (!states.includes(found.state)) losses.push(`run ${run.runId}: is ${found.state}, not ${states}`);
    run.finished = true;
    if (more) run.results.push(work.n);
    if (found.state === 'stopped') this.runs = this.runs.filter((other) => other !== run);
    return losses;
  }
}

function lostImport(
  store: Store,
  { notebookId, n }: { readonly notebookId: number; readonly n: number },
): readonly string[] {
  try {
    const { lastText } = store.notebook(notebookId);
    if (lastText === textOf(IMPORTED, n)) return [];
    return [`import ${n}: has ${firstLine(lastText)}`];
  } catch (missing) {
    return [`import ${n}: ${missing instanceof Error ? missing.message : missing}`];
  }
}

function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n'));
}
