import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../main/store/index.ts';
import { anyText } from './arbitraries.ts';
import { newPath, open, reopen, tickingClock } from './place.ts';
import { passed, runOf } from './samples.ts';

describe('opening notebooks', () => {
  it('gives a path the same id every time, across restarts', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'one');
    const other = store.openNotebook('/b.lab.ts', 'two').notebookId;
    expect(other).not.toBe(notebookId);
    const again = reopen(store);
    expect(again.openNotebook('/a.lab.ts', 'three').notebookId).toBe(notebookId);
    expect(again.notebookAt('/b.lab.ts')?.notebookId).toBe(other);
    expect(again.notebookAt('/c.lab.ts')).toBeNull();
  });

  it('gives every notebook without a path an id of its own', () => {
    const store = open();
    expect(store.openNotebook(null, '').notebookId).not.toBe(store.openNotebook(null, '').notebookId);
  });

  it('remembers which notebook was used last, with its text, even if the clock stands still', () => {
    const store = open(newPath(), { now: () => 5 });
    expect(store.lastNotebook()).toBeNull();
    const a = store.openNotebook('/a.lab.ts', 'a');
    store.openNotebook('/b.lab.ts', 'b');
    store.savedNotebook(a.notebookId, '/a.lab.ts', 'a2');
    expect(store.lastNotebook()).toStrictEqual({
      notebookId: a.notebookId,
      path: '/a.lab.ts',
      lastOpenedAt: 5,
      lastText: 'a2',
      unsaved: false,
    });
    expect(store.notebooks().map(({ path }) => path)).toStrictEqual(['/a.lab.ts', '/b.lab.ts']);
  });

  it('does not offer an empty unsaved notebook as the last one, but one with unsaved text', () => {
    const store = open();
    store.openNotebook('/a.lab.ts', 'a');
    const { notebookId } = store.openNotebook(null, '');
    expect(store.lastNotebook()?.path).toBe('/a.lab.ts');
    store.journal(notebookId, 'typed');
    expect(store.lastNotebook()).toMatchObject({ notebookId, path: null, unsaved: true });
  });

  it('says which notebook is missing', () => {
    const store = open();
    for (const call of [
      () => store.notebook(7),
      () => store.journal(7, ''),
      () => store.savedNotebook(7, '/x', ''),
      () => store.listRuns(7),
      () => store.revisions(7),
      () => store.startRun(runOf(7, '')),
      () => store.forgetNotebook(7),
    ]) {
      expect(call).toThrow(/There is no notebook 7 in .*gupbook\.db/);
    }
  });
});

describe('the recovery journal', () => {
  it('keeps the last unsaved text across a restart and offers it when the file is opened', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'saved');
    expect(store.recover(notebookId)).toBeNull();
    store.journal(notebookId, 'first');
    store.journal(notebookId, 'second');
    const again = reopen(store);
    expect(again.recover(notebookId)).toMatchObject({ notebookId, path: '/a.lab.ts', text: 'second' });
    expect(again.openNotebook('/a.lab.ts', 'saved')).toStrictEqual({ notebookId, recovered: 'second' });
  });

  it('is empty once the text is saved', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'saved');
    store.journal(notebookId, 'edited');
    store.savedNotebook(notebookId, '/a.lab.ts', 'edited');
    expect(store.recover(notebookId)).toBeNull();
    expect(store.openNotebook('/a.lab.ts', 'edited').recovered).toBeNull();
  });

  it('keeps what was typed while the file was being written', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'saved');
    store.journal(notebookId, 'one');
    const mark = store.journalMark(notebookId);
    store.journal(notebookId, 'two');
    store.savedNotebook(notebookId, '/a.lab.ts', 'one', mark);
    expect(store.recover(notebookId)?.text).toBe('two');
    store.savedNotebook(notebookId, '/a.lab.ts', 'two', store.journalMark(notebookId));
    expect(store.recover(notebookId)).toBeNull();
  });

  it('never gives two entries the same mark, even after a save emptied it', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', '');
    const slow = store.journal(notebookId, 'one');
    store.savedNotebook(notebookId, '/a.lab.ts', 'one', slow);
    store.journal(notebookId, 'two');
    store.savedNotebook(notebookId, '/a.lab.ts', 'one', slow);
    expect(store.recover(notebookId)?.text).toBe('two');
  });

  it('offers nothing when the file already has the text', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'saved');
    store.journal(notebookId, 'written by another editor');
    expect(store.openNotebook('/a.lab.ts', 'written by another editor').recovered).toBeNull();
    expect(store.unsaved()).toStrictEqual([]);
  });

  it('keeps discarded text among the revisions', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'saved');
    store.journal(notebookId, 'thrown away');
    store.discard(notebookId);
    expect(store.recover(notebookId)).toBeNull();
    const [newest] = store.revisions(notebookId);
    expect(newest?.reason).toBe('discarded');
    expect(store.revisionText(newest?.sha256 ?? '')).toBe('thrown away');
  });

  it('lists all notebooks with unsaved text, the last edited first', () => {
    const store = open(newPath(), { now: tickingClock() });
    const a = store.openNotebook('/a.lab.ts', '').notebookId;
    const b = store.openNotebook(null, '').notebookId;
    store.journal(a, 'a');
    store.journal(b, 'b');
    expect(store.unsaved().map(({ path, text }) => [path, text])).toStrictEqual([
      [null, 'b'],
      ['/a.lab.ts', 'a'],
    ]);
  });

  it('gives back any text exactly', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', '');
    fc.assert(
      fc.property(anyText, (text) => {
        store.journal(notebookId, text);
        expect(store.recover(notebookId)?.text).toBe(text);
      }),
    );
  });

  it('agrees with a model of editors, saves and restarts', () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('journal' as const), text: anyText }),
      fc.record({ do: fc.constant('mark' as const) }),
      fc.record({ do: fc.constant('save' as const), marked: fc.boolean() }),
      fc.record({ do: fc.constant('restart' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        let store = open();
        const { notebookId } = store.openNotebook('/a.lab.ts', 'start');
        let unsaved: { text: string; edit: number } | null = null;
        let edits = 0;
        let marked = { mark: 0, edit: 0 };
        for (const step of actions) {
          if (step.do === 'journal') {
            store.journal(notebookId, step.text);
            unsaved = { text: step.text, edit: ++edits };
          } else if (step.do === 'mark') {
            marked = { mark: store.journalMark(notebookId), edit: edits };
          } else if (step.do === 'save') {
            if (step.marked) store.savedNotebook(notebookId, '/a.lab.ts', 'saved', marked.mark);
            else store.savedNotebook(notebookId, '/a.lab.ts', 'saved');
            if (!step.marked || (unsaved !== null && unsaved.edit <= marked.edit)) unsaved = null;
          } else {
            store = reopen(store);
          }
          expect(store.recover(notebookId)?.text ?? null).toBe(unsaved?.text ?? null);
        }
        store.close();
      }),
      { numRuns: 20 },
    );
  });
});

describe('revisions', () => {
  it('keep any text exactly, across a restart', () => {
    const texts = fc.sample(anyText, 20);
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', '');
    for (const text of texts) store.savedNotebook(notebookId, '/a.lab.ts', text);
    const again = reopen(store);
    const kept = again.revisions(notebookId).map(({ sha256 }) => again.revisionText(sha256));
    const distinct = ['', ...texts].filter((text, i, all) => i === 0 || text !== all[i - 1]);
    expect(kept).toStrictEqual(distinct.reverse());
  });

  it('name why a text was kept, and a text that comes again is stored once', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'one');
    store.startRun(runOf(notebookId, 'two'));
    store.savedNotebook(notebookId, '/a.lab.ts', 'two');
    store.savedNotebook(notebookId, '/a.lab.ts', 'one');
    const revisions = store.revisions(notebookId);
    expect(revisions.map(({ reason }) => reason)).toStrictEqual(['saved', 'saved', 'opened']);
    expect(new Set(revisions.map(({ sha256 }) => sha256)).size).toBe(2);
    expect(revisions[0]?.bytes).toBe(3);
  });

  it('say so when there is no such text', () => {
    expect(() => open().revisionText('00')).toThrow(StoreError);
  });

  it('refuse a text of more than 64 MB with one sentence', () => {
    const store = open();
    expect(() => store.openNotebook('/a.lab.ts', 'x'.repeat(65 * 1024 * 1024))).toThrow(
      /^The notebook's text has 65 MB, and .*gupbook\.db keeps at most 64: split it\.$/,
    );
  });
});

describe('saving under another path', () => {
  const history = (store: ReturnType<typeof open>, id: number) => store.listRuns(id).map(({ runId }) => runId);

  function run(store: ReturnType<typeof open>, notebookId: number): number {
    const runId = store.startRun(runOf(notebookId, 'text'));
    store.addResult(runId, passed('7.2'));
    store.finishRun(runId, { state: 'finished', error: null });
    return runId;
  }

  it('keeps id and runs of a notebook that had no path', () => {
    const store = open();
    const { notebookId } = store.openNotebook(null, '');
    const first = run(store, notebookId);
    store.savedNotebook(notebookId, '/new.lab.ts', 'text');
    expect(store.openNotebook('/new.lab.ts', 'text').notebookId).toBe(notebookId);
    expect(history(store, notebookId)).toStrictEqual([first]);
  });

  it('keeps the id with the document, and both paths share the history up to then', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'a');
    const before = run(store, notebookId);
    store.savedNotebook(notebookId, '/b.lab.ts', 'b');
    const after = run(store, notebookId);
    expect(store.notebook(notebookId).path).toBe('/b.lab.ts');
    expect(history(store, notebookId)).toStrictEqual([after, before]);

    const a = store.openNotebook('/a.lab.ts', 'a').notebookId;
    expect(a).not.toBe(notebookId);
    const own = run(store, a);
    expect(history(store, a)).toStrictEqual([own, before]);
    expect(store.listRuns(a).every((summary) => summary.notebookId === a)).toBe(true);
    expect(history(store, notebookId)).toStrictEqual([after, before]);
    expect(store.revisions(a).some(({ reason }) => reason === 'saved')).toBe(false);
  });

  it('joins the history of a path that was known, and loses none of its unsaved text', () => {
    const store = open();
    const b = store.openNotebook('/b.lab.ts', 'b').notebookId;
    const old = run(store, b);
    store.journal(b, 'unsaved b');
    const a = store.openNotebook('/a.lab.ts', 'a').notebookId;
    const mine = run(store, a);
    store.savedNotebook(a, '/b.lab.ts', 'a');
    expect(store.notebookAt('/b.lab.ts')?.notebookId).toBe(a);
    expect(history(store, a)).toStrictEqual([mine, old]);
    expect(store.revisions(a).some(({ reason }) => reason === 'discarded')).toBe(true);
    expect(history(store, store.openNotebook('/a.lab.ts', 'a').notebookId)).toStrictEqual([mine]);
    expect(store.notebooks().map(({ path }) => path)).toStrictEqual(['/a.lab.ts', '/b.lab.ts']);
  });

  it('goes back and forth without losing a run', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'a');
    const first = run(store, notebookId);
    store.savedNotebook(notebookId, '/b.lab.ts', 'a');
    const second = run(store, notebookId);
    store.savedNotebook(notebookId, '/a.lab.ts', 'a');
    expect(history(store, notebookId)).toStrictEqual([second, first]);
    expect(history(store, store.openNotebook('/b.lab.ts', 'a').notebookId)).toStrictEqual([second, first]);
  });

  it('keeps shared history when one of the two is forgotten, and drops it with the last', () => {
    const store = open();
    const { notebookId } = store.openNotebook('/a.lab.ts', 'a');
    const shared = run(store, notebookId);
    store.savedNotebook(notebookId, '/b.lab.ts', 'b');
    run(store, notebookId);
    const a = store.openNotebook('/a.lab.ts', 'a').notebookId;
    expect(store.forgetNotebook(notebookId)).toMatchObject({ runs: 1 });
    expect(store.notebookAt('/b.lab.ts')).toBeNull();
    expect(history(store, a)).toStrictEqual([shared]);
    expect(store.forgetNotebook(a)).toMatchObject({ runs: 1, traces: 1 });
    expect(store.notebooks()).toStrictEqual([]);
    expect(() => store.notebook(notebookId)).toThrow(/no notebook/);
    expect(store.check()).toStrictEqual([]);
  });
});
