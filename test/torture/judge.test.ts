import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY, openStore, type Store } from '../../main/store/index.ts';
import { runOf } from '../store/samples.ts';
import { Judge } from './judge.ts';
import { IMPORTED, type Line, pathOf, resultOf, textOf } from './work.ts';

let store: Store;
let notebookId: number;

beforeEach(() => {
  store = openStore(IN_MEMORY);
  notebookId = store.openNotebook(pathOf(0), textOf(0, 0)).notebookId;
});

afterEach(() => store.close());

function judged(...lines: Line[]): readonly string[] {
  const judge = new Judge();
  judge.read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return judge.lost(store);
}

const edit = (n: number): Line => ({ begin: { do: 'edit', notebook: 0, n } });
const done: Line = { done: 0 };

describe('the judge of the torture', () => {
  it('is content when everything acknowledged is there', () => {
    store.journal(notebookId, textOf(0, 2));
    expect(judged(edit(1), done, edit(2), done)).toStrictEqual([]);
  });

  it('lets an operation that was going on have happened or not', () => {
    store.journal(notebookId, textOf(0, 2));
    expect(judged(edit(2), done, edit(3))).toStrictEqual([]);
    expect(judged(edit(1), done, edit(2))).toStrictEqual([]);
  });

  it('names an acknowledged edit that is not there', () => {
    store.journal(notebookId, textOf(0, 1));
    expect(judged(edit(1), done, edit(2), done)).toHaveLength(1);
    expect(judged(edit(1), done, edit(2), done, edit(3))).toHaveLength(1);
  });

  it('names an acknowledged save that is not there, and a journal that should be empty', () => {
    const save: Line = { begin: { do: 'save', notebook: 0, n: 1 } };
    expect(judged(edit(1), done, save, done)).toHaveLength(1);
    store.savedNotebook(notebookId, pathOf(0), textOf(0, 1));
    expect(judged(edit(1), done, save, done)).toStrictEqual([]);
    store.journal(notebookId, textOf(0, 5));
    expect(judged(edit(1), done, save, done)).toHaveLength(1);
  });

  it('names an import that is not there, or is another', () => {
    const imported: Line = { begin: { do: 'import', n: 4 } };
    const id = store.openNotebook(null, textOf(IMPORTED, 4)).notebookId;
    expect(judged(imported, { done: id })).toStrictEqual([]);
    expect(judged(imported, { done: id + 1 })).toHaveLength(1);
    expect(judged(imported, { done: notebookId })).toHaveLength(1);
  });

  it('names a text that is not the one acknowledged', () => {
    store.journal(notebookId, `${textOf(0, 1)}x`);
    expect(judged(edit(1), done)).toHaveLength(1);
  });

  it('names lost results, changed results and runs that still run', () => {
    const runId = store.startRun(runOf(notebookId, textOf(0, 1)));
    const log: Line[] = [{ begin: { do: 'start', notebook: 0, n: 1 } }, { done: runId }];
    const result: Line[] = [{ begin: { do: 'result', n: 2 } }, done];
    store.addResult(runId, { ...resultOf(2), states: 1 });
    store.finishRun(runId, { state: 'stopped', error: null });
    expect(judged(...log)).toHaveLength(1);
    expect(judged(...log, ...result)).toHaveLength(1);
    store.startRun(runOf(notebookId, ''));
    expect(judged()).toStrictEqual(['run 2 is still running after the program died']);
  });
});
