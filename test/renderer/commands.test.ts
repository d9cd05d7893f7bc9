import { beforeEach, describe, expect, it } from 'vitest';
import { print } from '../../main/lab/notebook-format.ts';
import { perform } from '../../renderer/app/commands.ts';
import { focusedText } from '../../renderer/app/copying.ts';
import { viewCells, withCellText } from '../../renderer/app/document.ts';
import { changeExport, copyReport, saveReport } from '../../renderer/app/exporting.ts';
import {
  followFile,
  isDirty,
  JOURNAL_DELAY,
  keepJournal,
  keepJournalAtEnd,
  openPath,
  recover,
  start,
} from '../../renderer/app/files.ts';
import { findAll, goToFound, replaceEverywhere } from '../../renderer/app/finding.ts';
import { showRun } from '../../renderer/app/history.ts';
import { followRuns } from '../../renderer/app/running.ts';
import { COMMAND_LIST } from '../../renderer/palette/keys.ts';
import { type FakeApp, FIRST, fakeApp, notebook, SECOND, settle, storedRun, summary, TEXT } from './fake-app.ts';
import { failing, result } from './traces.ts';

let app: FakeApp;

beforeEach(async () => {
  app = fakeApp();
  followRuns(app);
  keepJournal(app);
  await start(app);
});

const state = () => app.store.get();
const doc = () => {
  const { notebook: open } = state();
  if (open === null) throw new Error('no notebook is open');
  return open.doc;
};
const type = (id: string, text: string) => app.store.dispatch({ type: 'typed', doc: withCellText(doc(), id, text) });
const text = () => print(doc());

async function runs(id: string, ...results: readonly ReturnType<typeof result>[]): Promise<void> {
  app.store.dispatch({ type: 'focused', id });
  perform(app, 'run.cell');
  await settle();
  const [first] = results;
  if (first !== undefined) {
    const kernels = results.map(({ kernel }) => kernel);
    app.bridge.tell('run:plan', 1, [{ name: first.experiment, line: first.line, kernels }]);
  }
  for (const told of results) app.bridge.tell('run:result', 1, told);
  app.bridge.tell('run:end', summary(1), null);
}
const first = () => ({ ...failing('pin-v5'), experiment: 'first', line: 7 });

describe('opening', () => {
  it('begins with the last notebook, the focus on its first cell', () => {
    expect(text()).toBe(TEXT);
    expect(app.screen.done).toEqual(['cell c1']);
    expect(isDirty(state().notebook ?? never())).toBe(false);
  });

  it('stays on the first-run page where there is none, and opens a scenario from there', async () => {
    const fresh = fakeApp();
    fresh.bridge.answers['notebook:last'] = () => ({ ok: true, value: null });
    await start(fresh);
    expect(fresh.store.get().notebook).toBeNull();
    await openPath(fresh, '/scenarios/two-bios.lab.ts');
    expect(fresh.store.get().notebook?.path).toBe('/scenarios/two-bios.lab.ts');
  });

  it('says in one sentence why a file cannot be opened, and keeps what is open', async () => {
    app.bridge.answers['notebook:open'] = () => ({ ok: false, problem: { message: 'nb.lab.ts is not UTF-8.' } });
    await openPath(app, '/nb.lab.ts');
    expect(state().notice).toEqual({ kind: 'problem', text: 'nb.lab.ts is not UTF-8.' });
    expect(text()).toBe(TEXT);
  });

  it('shows each cell its newest stored verdicts', async () => {
    const old = fakeApp();
    old.bridge.answers['run:list'] = () => ({ ok: true, value: [summary(3), summary(4)] });
    old.bridge.answers['run:get'] = (runId) => ({ ok: true, value: storedRun(runId, { results: [first()] }) });
    await start(old);
    expect(old.store.get().cellRuns.get(FIRST)?.runId).toBe(4);
    expect(old.store.get().runs.map(({ runId }) => runId)).toEqual([4, 3]);
  });

  it('runs nothing', () => {
    expect(app.bridge.count('run:start')).toBe(0);
  });
});

describe('saving', () => {
  it('writes the text as it is, byte for byte where nothing was typed', async () => {
    perform(app, 'file.save');
    await settle();
    expect(app.bridge.last('notebook:save')).toEqual([7, '/home/jan/nb.lab.ts', TEXT]);
  });

  it('asks for a place where the file is a shipped scenario', async () => {
    app.store.dispatch({ type: 'opened', open: notebook({ shipped: true }) });
    app.bridge.answers['notebook:save-dialog'] = () => ({ ok: true, value: { path: '/home/jan/mine.lab.ts' } });
    perform(app, 'file.save');
    await settle();
    expect(app.bridge.count('notebook:save')).toBe(0);
    expect(state().notebook).toMatchObject({ path: '/home/jan/mine.lab.ts', shipped: false });
  });

  it('keeps the text and says so where the disk does not take it', async () => {
    type(FIRST, 'x;');
    app.bridge.answers['notebook:save'] = () => ({ ok: false, problem: { message: 'The disk is full.' } });
    perform(app, 'file.save');
    await settle();
    expect(state().notice?.text).toBe('The disk is full.');
    expect(isDirty(state().notebook ?? never())).toBe(true);
  });
});

describe('the journal', () => {
  it('takes the last edit before the window closes', async () => {
    keepJournalAtEnd(app);
    type(FIRST, 'const last = 1;');
    app.bridge.tell('window:closing');
    await settle();
    expect(app.bridge.asked.slice(-2)).toEqual([['notebook:journal', 7, text()], ['window:close']]);
  });

  it('has every edit within two seconds', async () => {
    type(FIRST, 'x');
    app.clock.pass(JOURNAL_DELAY);
    await settle();
    expect(JOURNAL_DELAY).toBeLessThanOrEqual(2000);
    expect(app.bridge.last('notebook:journal')).toEqual([7, text()]);
  });

  it('is not put off by going on typing', async () => {
    for (let i = 0; i < 10; i++) {
      type(FIRST, `x${i}`);
      app.clock.pass(JOURNAL_DELAY / 4);
    }
    await settle();
    expect(app.bridge.count('notebook:journal')).toBe(2);
  });

  it('has text that an editor holds back, and the cell is not split for it', async () => {
    app.store.dispatch({ type: 'held', id: FIRST, text: 'one;\n// %% Two\ntwo;' });
    expect(isDirty(state().notebook ?? never())).toBe(true);
    app.clock.pass(JOURNAL_DELAY);
    await settle();
    expect(app.bridge.last('notebook:journal')?.[1]).toContain('// %% Two\ntwo;');
    expect(viewCells(doc())).toHaveLength(3);
  });

  it('is written before another notebook is opened', async () => {
    type(FIRST, 'x');
    const typed = text();
    await openPath(app, '/other.lab.ts');
    expect(app.bridge.last('notebook:journal')).toEqual([7, typed]);
  });

  it('offers what it had: the choice is taken or left', () => {
    const recovered = TEXT.replace("'first'", "'recovered'");
    app.store.dispatch({ type: 'opened', open: notebook({ recovered }) });
    expect(text()).toBe(TEXT);
    recover(app, true);
    expect(text()).toBe(recovered);
    expect(state().notebook?.recovered).toBeNull();
    app.store.dispatch({ type: 'opened', open: notebook({ recovered }) });
    recover(app, false);
    expect(text()).toBe(TEXT);
  });
});

describe('running', () => {
  it('asks for the focused cell by its number among the code cells, with the text as it is now', async () => {
    type(SECOND, 'changed;');
    app.store.dispatch({ type: 'focused', id: SECOND });
    perform(app, 'run.cell');
    await settle();
    expect(app.bridge.last('run:start')).toMatchObject([{ notebookId: 7, text: text(), cells: [1], kernels: null }]);
  });

  it('takes along text that an editor still held back', async () => {
    app.screen.flush = () => type(FIRST, 'held back;');
    perform(app, 'run.all');
    await settle();
    expect(app.bridge.last('run:start')).toMatchObject([{ cells: null, text: text() }]);
    expect(text()).toContain('held back;');
  });

  it('goes to the next cell where that is asked for', async () => {
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'run.next');
    await settle();
    expect(state().notebook?.focused).toBe(SECOND);
    expect(app.bridge.count('run:start')).toBe(1);
  });

  it('refuses a second run while one goes on', async () => {
    perform(app, 'run.all');
    await settle();
    perform(app, 'run.all');
    await settle();
    expect(app.bridge.count('run:start')).toBe(1);
    expect(state().notice?.kind).toBe('problem');
  });

  it('loses no event that is faster than the answer', async () => {
    app.bridge.answers['run:start'] = async () => {
      app.bridge.tell('run:plan', 1, [{ name: 'first', line: 7, kernels: ['pin-v5'] }]);
      app.bridge.tell('run:result', 1, first());
      app.bridge.tell('run:end', summary(1), null);
      return { ok: true, value: { runId: 1 } };
    };
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'run.cell');
    await settle();
    expect(state().cellRuns.get(FIRST)).toMatchObject({ runId: 1, stage: 'done' });
    expect(state().run).toBeNull();
  });

  it('stops by the number of the run, and says how long that took', async () => {
    perform(app, 'run.all');
    await settle();
    perform(app, 'run.stop');
    expect(app.bridge.last('run:stop')).toEqual([1]);
    app.clock.pass(12);
    app.bridge.tell('run:end', summary(1, { state: 'stopped' }), null);
    expect(state()).toMatchObject({ run: null, lastStop: 12 });
    expect(state().cellRuns.get(FIRST)?.stage).toBe('aborted');
  });

  it('stops a run that main has not numbered yet as soon as it has', async () => {
    perform(app, 'run.all');
    perform(app, 'run.stop');
    expect(app.bridge.count('run:stop')).toBe(0);
    await settle();
    expect(app.bridge.last('run:stop')).toEqual([1]);
  });

  it('keeps what the script prints below the cell', async () => {
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'run.cell');
    await settle();
    app.bridge.tell('run:console', 1, 'hello');
    expect(state().cellRuns.get(FIRST)?.printed).toEqual(['hello']);
  });
});

describe('stepping', () => {
  beforeEach(() => runs(FIRST, first(), result({ experiment: 'first', line: 7, kernel: '7.2' })));

  it('begins at the failing step and goes where the keys say', () => {
    const steps = (
      ['step.back', 'step.back', 'step.back', 'step.forward', 'step.last', 'step.first', 'step.failing'] as const
    ).map((command) => {
      perform(app, command);
      return state().selection?.step;
    });
    expect(steps).toEqual([0, -1, -1, 0, 2, -1, 1]);
  });

  it('jumps between changes of pages', () => {
    perform(app, 'step.first');
    perform(app, 'step.nextChange');
    expect(state().selection?.step).toBe(0);
    perform(app, 'step.previousChange');
    expect(state().selection?.step).toBe(-1);
  });

  it('goes round the broken checks', () => {
    perform(app, 'failure.next');
    expect(state().selection).toMatchObject({ failure: 0, step: 1 });
  });

  it("leads to the author's line of a step, in the cell as it stands now", () => {
    type('c1', 'More\nlines\nof prose.');
    perform(app, 'step.source');
    // Line 3 of the text that ran lies above the cell: the trace is made by hand.
    expect(app.screen.done.at(-1)).toMatch(/^(editor|cell)/);
  });

  it('copies what has the focus', async () => {
    const copied: string[] = [];
    for (const region of ['notebook', 'state', 'interleaving'] as const) {
      app.store.dispatch({ type: 'region', region });
      perform(app, 'copy');
      await settle();
      copied.push(String(app.bridge.last('clipboard:write')?.[0]));
    }
    expect(copied[0]).toContain("experiment('first'");
    expect(copied[0]).toContain('pin-v5  FAIL');
    expect(copied[1]).toContain('State after step 2 of 3');
    expect(copied[2]).toContain('SUBT buf._refcount, 1024');
    app.store.dispatch({ type: 'region', region: 'outline' });
    expect(focusedText(state())).toBeNull();
  });
});

describe('cells', () => {
  it('are walked, and the walk ends at both ends', () => {
    for (const command of ['cell.previous', 'cell.next', 'cell.next', 'cell.next'] as const) perform(app, command);
    expect(state().notebook?.focused).toBe(SECOND);
    perform(app, 'cell.first');
    expect(state().notebook?.focused).toBe('c1');
  });

  it('come, go, move, change and are pasted; undo takes each back', () => {
    app.store.dispatch({ type: 'focused', id: FIRST });
    const commands = ['cell.below', 'cell.above', 'cell.kind', 'cell.down', 'cell.up', 'cell.delete'] as const;
    for (const command of commands) {
      app.store.dispatch({ type: 'focused', id: FIRST });
      const before = text();
      perform(app, command);
      const after = text();
      expect(after, command).not.toBe(before);
      perform(app, 'cell.undo');
      expect(text(), command).toBe(before);
      perform(app, 'cell.redo');
      expect(text(), command).toBe(after);
      perform(app, 'cell.undo');
    }
    perform(app, 'cell.delete');
    perform(app, 'cell.paste');
    expect(viewCells(doc()).map(({ title }) => title)).toContain('First');
  });

  it('are opened for typing at once when new', () => {
    perform(app, 'cell.below');
    expect(app.screen.done.at(-1)).toBe(`editor ${state().notebook?.focused}`);
  });

  it('show Markdown as source while it is edited, and drawn again after', () => {
    perform(app, 'cell.edit');
    expect(state().notebook?.editing).toBe('c1');
    perform(app, 'cell.leave');
    expect(state().notebook?.editing).toBeNull();
    expect(app.screen.done.at(-1)).toBe('cell c1');
  });
});

describe('a stored run', () => {
  it('is shown again with its first failure', async () => {
    app.bridge.answers['run:get'] = (runId) => ({ ok: true, value: storedRun(runId, { results: [first()] }) });
    await showRun(app, 3);
    expect(state().selection).toMatchObject({ cellId: FIRST, kernel: 'pin-v5', step: 1 });
  });
});

describe('a report', () => {
  it('is about the chosen experiment, shown before it is copied or saved', async () => {
    await runs(FIRST, first());
    perform(app, 'report.export');
    await settle();
    expect(app.bridge.last('report:text')).toMatchObject([
      { runId: 1, format: 'reply', experiments: ['first'], inReplyTo: null },
    ]);
    expect(state().overlay).toMatchObject({ kind: 'export', text: 'a reply\n' });
    await changeExport(app, { format: 'mbox', inReplyTo: ' <x@y> ', whole: true });
    expect(app.bridge.last('report:text')).toMatchObject([{ format: 'mbox', experiments: null, inReplyTo: '<x@y>' }]);
    await copyReport(app);
    expect(app.bridge.last('clipboard:write')).toEqual(['a mbox\n']);
    await saveReport(app);
    expect(app.bridge.last('report:save-dialog')).toEqual(['nb-run-1.mbox', 'a mbox\n']);
  });

  it('needs a run', () => {
    perform(app, 'report.export');
    expect(state().notice?.kind).toBe('problem');
    expect(state().overlay).toBeNull();
  });

  it('shows the problem in place of a text', async () => {
    await runs(FIRST, first());
    app.bridge.answers['report:text'] = () => ({ ok: false, problem: { message: 'That is no Message-ID.' } });
    perform(app, 'report.export');
    await settle();
    expect(state().overlay).toMatchObject({ text: null, problem: 'That is no Message-ID.' });
  });
});

describe('cells are shaped', () => {
  const names = () => viewCells(doc()).map(({ title }) => title);

  it('duplicated, merged with the one below, and divided at the cursor; undo takes each back', () => {
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'cell.duplicate');
    expect(names()).toEqual(['Why', 'First', 'First', 'Second']);
    perform(app, 'cell.undo');
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'cell.merge');
    expect(names()).toEqual(['Why', 'First']);
    expect(viewCells(doc())[1]?.text).toContain("experiment('second'");
    app.screen.place = { line: 2, column: 1 };
    perform(app, 'cell.split');
    expect(viewCells(doc())).toHaveLength(3);
    expect(viewCells(doc())[1]?.text).toBe("experiment('first', {}, () => {});");
    perform(app, 'cell.undo');
    perform(app, 'cell.undo');
    expect(text()).toBe(TEXT);
  });

  it('not where that cannot be: it says why', () => {
    app.store.dispatch({ type: 'focused', id: SECOND });
    perform(app, 'cell.merge');
    expect(state().notice?.text).toBe('There is no cell below.');
    app.store.dispatch({ type: 'focused', id: 'c1' });
    perform(app, 'cell.merge');
    expect(state().notice?.text).toBe('The cell below is of the other kind.');
    perform(app, 'cell.split');
    expect(state().notice?.text).toContain('Put the cursor');
    expect(text()).toBe(TEXT);
  });

  it('folded and unfolded; editing a folded cell unfolds it', () => {
    perform(app, 'cell.foldAll');
    expect(state().notebook?.folded.size).toBe(3);
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'cell.edit');
    expect(state().notebook?.folded.has(FIRST)).toBe(false);
    perform(app, 'cell.fold');
    expect(state().notebook?.folded.has(FIRST)).toBe(true);
    perform(app, 'cell.unfoldAll');
    expect(state().notebook?.folded.size).toBe(0);
  });
});

describe('run all stale', () => {
  it('runs those that are stale, and says so where none is', async () => {
    await runs(FIRST, first());
    perform(app, 'run.stale');
    await settle();
    expect(state().notice?.text).toBe('No cell is stale.');
    type(FIRST, "experiment('first', {}, () => { });");
    perform(app, 'run.stale');
    await settle();
    expect(app.bridge.last('run:start')).toMatchObject([{ cells: [0] }]);
  });
});

describe('every command', () => {
  it('does something or says why not, in a notebook that never ran', async () => {
    for (const { id } of COMMAND_LIST) {
      const fresh = fakeApp();
      await start(fresh);
      fresh.store.dispatch({ type: 'region', region: 'notebook' });
      const before = fresh.store.get();
      const [asked, done] = [fresh.bridge.asked.length, fresh.screen.done.length];
      perform(fresh, id);
      await settle();
      const acted =
        fresh.store.get() !== before || fresh.bridge.asked.length > asked || fresh.screen.done.length > done;
      expect(acted, id).toBe(true);
    }
  });
});

function never(): never {
  throw new Error('no notebook is open');
}

describe('another program changes the file', () => {
  const CHANGED = `// %% New\nconst more = 1;\n${TEXT}`;
  const onDisk = (text: string) => {
    app.bridge.answers['notebook:open'] = (path) => ({ ok: true, value: notebook({ path, text }) });
    app.bridge.tell('notebook:outside', 7, text);
  };

  beforeEach(() => {
    followFile(app);
  });

  it('a notebook without edits takes the text anew, keeps its cells, and undo brings the old text back', async () => {
    await runs(FIRST, first());
    onDisk(TEXT.replace('// Jan Kara', '// Honza'));
    await settle();
    expect(text()).toContain('Honza');
    expect(isDirty(state().notebook ?? never())).toBe(false);
    expect(state().notice?.text).toContain('line 4 of');
    expect(state().cellRuns.has(FIRST)).toBe(true);
    perform(app, 'cell.undo');
    expect(text()).toBe(TEXT);
  });

  it('a cell that says the same is the same cell, wherever it stands now', async () => {
    onDisk(TEXT.replace('// %% First', '// %% Between\nlet x;\n\n// %% First'));
    await settle();
    expect(viewCells(doc()).map(({ id }) => id)).toEqual(['c1', 'c4', FIRST, SECOND]);
  });

  it('edits are not overwritten: which text is wanted is asked', async () => {
    type(FIRST, 'mine;');
    onDisk(CHANGED);
    await settle();
    expect(text()).toContain('mine;');
    expect(state().notice).toMatchObject({ kind: 'problem', text: expect.stringContaining('while you edited it') });
    perform(app, 'file.reload');
    await settle();
    expect(text()).toBe(CHANGED);
    expect(app.bridge.last('notebook:journal')?.[1]).toContain('mine;');
    perform(app, 'cell.undo');
    expect(text()).toContain('mine;');
  });

  it('a file that is gone is said to be, and its text stays', () => {
    app.bridge.tell('notebook:outside', 7, null);
    expect(state().notice?.text).toContain('is gone from the disk');
    expect(text()).toBe(TEXT);
  });
});

describe('finding', () => {
  it('finds in all cells, goes to a place, and round at the ends', () => {
    expect(findAll(doc(), 'jan kara').map(({ number, place }) => [number, place])).toEqual([
      [1, { line: 1, column: 1 }],
    ]);
    expect(findAll(doc(), 'Experiment')).toEqual([]);
    goToFound(app, 'experiment', 0);
    expect(app.screen.done.at(-1)).toBe(`editor ${FIRST} 1:1`);
    perform(app, 'find.next');
    expect(app.screen.done.at(-1)).toBe(`editor ${SECOND} 1:1`);
    perform(app, 'find.next');
    expect(app.screen.done.at(-1)).toBe(`editor ${FIRST} 1:1`);
    perform(app, 'find.previous');
    expect(state().notice?.text).toBe('"experiment": place 2 of 2.');
  });

  it('replaces every place as one step to undo', () => {
    replaceEverywhere(app, 'experiment(', 'trial(');
    expect(text().match(/trial\(/g)).toHaveLength(2);
    expect(state().notice?.text).toContain('Replaced 2 places');
    perform(app, 'cell.undo');
    expect(text()).toBe(TEXT);
    replaceEverywhere(app, 'nowhere at all', 'x');
    expect(state().notice?.text).toContain('is nowhere');
  });
});
