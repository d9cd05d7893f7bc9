/** Runs that are pinned, what the store takes, and what is found in it. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../main/store/index.ts';
import { newPath, open, reopen, tickingClock } from './place.ts';
import { failed, passed, runOf, traceOf } from './samples.ts';

function finished(store: Store, notebookId: number, text: string): number {
  const runId = store.startRun(runOf(notebookId, text));
  store.addResult(runId, failed('pin-v5', traceOf(12, runId)));
  store.addResult(runId, passed('7.2'));
  store.finishRun(runId, { state: 'finished', error: null });
  return runId;
}

describe('a pinned run', () => {
  it('is never pruned, takes no place of another, and can be let go', () => {
    let store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'a');
    const [first = 0, second = 0, third = 0] = [1, 2, 3].map(() => finished(store, notebookId, 'a'));
    store.pinRun(first, true);
    store.pinRun(third, true);
    store = reopen(store);
    expect(store.getRun(first).pinned).toBe(true);
    expect(store.prune({ keep: 1 }).runs).toBe(0);
    expect(store.prune({ keep: 0 }).runs).toBe(1);
    expect(store.listRuns(notebookId).map(({ runId }) => runId)).toStrictEqual([third, first]);
    expect(() => store.pinRun(second, true)).toThrow(/no run 2/);
    store.pinRun(first, false);
    expect(store.listRuns(notebookId)[1]?.pinned).toBeUndefined();
    expect(store.prune({ keep: 0 }).runs).toBe(1);
  });
});

describe('the storage', () => {
  it('is told with its sizes, the last notebook first', () => {
    const store = open();
    expect(store.storage()).toMatchObject({ texts: 0, results: 0, traces: 0, notebooks: [] });
    const a = store.openNotebook('/a.lab.ts', 'a').notebookId;
    const b = store.openNotebook(null, 'b').notebookId;
    const runId = finished(store, a, 'a again');
    store.pinRun(runId, true);
    const said = store.storage();
    expect(said.path).toBe(store.path);
    expect(said.notebooks).toMatchObject([
      { notebookId: b, path: null, revisions: 1, runs: 0, pinned: 0, bytes: 0 },
      { notebookId: a, path: '/a.lab.ts', revisions: 2, runs: 1, pinned: 1, bytes: said.results + said.traces },
    ]);
    expect(said.texts).toBeGreaterThan(0);
    expect(said.traces).toBeGreaterThan(0);
    store.close();
    expect(statSync(store.path).size).toBe(said.bytes);
  });
});

describe('a search', () => {
  const text = '// %% One\nconst n = 1;\npage_ref_count(page); // GUP\r\n_refcount\n';

  it('finds words, and beginnings of words, in texts and results', () => {
    const store = open(newPath(), { now: tickingClock() });
    const { notebookId } = store.openNotebook('/a.lab.ts', text);
    const runId = finished(store, notebookId, text);
    expect(store.search('gup page_ref')).toMatchObject([
      { notebookId, path: '/a.lab.ts', runId: null, newest: true, line: 3, text: 'page_ref_count(page); // GUP' },
    ]);
    expect(store.search('512 pins held')).toMatchObject([
      {
        notebookId,
        runId,
        sha256: null,
        line: 3,
        text: expect.stringContaining('two bios over one THP, pin-v5: fail'),
      },
    ]);
    expect(store.search('thp')).toHaveLength(2);
    for (const nothing of ['', ' "*(', 'ref_count', 'gup absent']) expect(store.search(nothing), nothing).toEqual([]);
    // What would be an operator of the index is a word like any other.
    expect(store.search('page OR absent')).toEqual([]);
    expect(store.search('body:one')).toEqual([]);
  });

  it('gives a text once for each notebook, the newest first, and tells an old one from the newest', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'old words');
    store.savedNotebook(notebookId, '/a.lab.ts', 'new words');
    store.savedNotebook(notebookId, '/a.lab.ts', 'old words');
    expect(store.search('words').map(({ newest, text: line }) => [newest, line])).toEqual([
      [true, 'old words'],
      [false, 'new words'],
    ]);
    const [{ sha256 } = { sha256: null }] = store.search('old');
    expect(store.revisionText(sha256 ?? '')).toBe('old words');
  });

  it('knows nothing of what was deleted, nor of what came after in its place', () => {
    const store = open();
    const a = store.openNotebook('/a.lab.ts', 'alpha').notebookId;
    finished(store, a, 'alpha');
    expect(store.search('alpha')).toHaveLength(1);
    store.forgetNotebook(a);
    const b = store.openNotebook('/b.lab.ts', 'beta').notebookId;
    expect(store.search('alpha')).toEqual([]);
    expect(store.search('bios')).toEqual([]);
    expect(store.search('beta')).toMatchObject([{ notebookId: b }]);
    expect(store.check()).toEqual([]);
  });

  it('of a store that another process owns gives what was indexed', () => {
    const store = open();
    store.openNotebook('/a.lab.ts', 'alpha');
    const reader = open(store.path, { readOnly: true });
    expect(reader.search('alpha')).toEqual([]);
    store.search('alpha');
    expect(reader.search('alpha')).toHaveLength(1);
  });
});
