/** Runs beside each other, a revision brought back, and where what is found leads. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../../main/engine/result.ts';
import type { Found } from '../../preload/contract.ts';
import { perform } from '../../renderer/app/commands.ts';
import { fileText } from '../../renderer/app/document.ts';
import { start } from '../../renderer/app/files.ts';
import { goToEntry, restore, shownRun } from '../../renderer/app/past.ts';
import { compareRuns, compareRunsText } from '../../renderer/past/compare-runs.ts';
import { bytesText, prunedText } from '../../renderer/past/storage-text.ts';
import { failed, passed } from '../store/samples.ts';
import { type FakeApp, fakeApp, notebook, SECOND, storedRun, summary, TEXT } from './fake-app.ts';

const other = (result: ExperimentResult): ExperimentResult => ({ ...result, experiment: 'another' });

describe('two runs', () => {
  const left = storedRun(3, { results: [passed('5.6'), failed('pin-v5'), passed('7.2'), other(passed('7.2'))] });
  const right = storedRun(5, { results: [passed('5.6'), passed('pin-v5'), failed('7.2'), other(failed('5.6'))] });

  it('differ in a verdict, in what is checked first, and where one has none', () => {
    const { differences, same } = compareRuns(left, right);
    expect(same).toBe(1);
    expect(
      differences.map(({ experiment, kernel, left: a, right: b }) => [experiment, kernel, a?.verdict, b?.verdict]),
    ).toStrictEqual([
      ['two bios over one THP', 'pin-v5', 'fail', 'pass'],
      ['two bios over one THP', '7.2', 'pass', 'fail'],
      ['another', '7.2', 'pass', undefined],
      ['another', '5.6', undefined, 'fail'],
    ]);
    const [failure] = failed('pin-v5').failures;
    const elsewhere = failure === undefined ? [] : [{ ...failure, check: 'something else' }];
    const changed = storedRun(6, { results: [{ ...failed('pin-v5'), failures: elsewhere }] });
    expect(compareRuns(storedRun(3, { results: [failed('pin-v5')] }), changed).differences).toHaveLength(1);
    expect(compareRuns(left, left)).toStrictEqual({ differences: [], same: 4 });
  });

  it('are text', () => {
    expect(compareRunsText(left, { ...right, sha256: 'x', engineVersion: '2', question: 'biasShift = 8' })).toBe(
      [
        'run 3, 1970-01-01T00:00:01.000Z, 0.50 s, finished',
        'run 5, 1970-01-01T00:00:01.000Z, 0.50 s, finished, what if biasShift = 8',
        'They ran different texts, under engines 1 and 2.',
        '',
        'two bios over one THP',
        '  pin-v5  FAIL (I4 a held pin reads as pinned) -> ok',
        '  7.2     ok -> FAIL (I4 a held pin reads as pinned)',
        'another',
        '  7.2     ok -> no verdict',
        '  5.6     no verdict -> FAIL (I4 a held pin reads as pinned)',
        '4 verdicts differ, 1 is the same.',
        '',
      ].join('\n'),
    );
  });
});

describe('sizes', () => {
  it('are words', () => {
    expect([0, 1023, 1024, 1.5 * 2 ** 20, 3 * 2 ** 40].map(bytesText)).toStrictEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.5 MiB',
      '3072.0 GiB',
    ]);
    expect(prunedText({ runs: 1, traces: 2, texts: 0, bytes: 4096 })).toBe(
      'Deleted: 1 run, 2 traces, 0 texts; 4.0 KiB given back.',
    );
    expect(prunedText({ runs: 0, traces: 0, texts: 0, bytes: 0 })).toBe('There was nothing to delete.');
  });
});

describe('in the window', () => {
  let app: FakeApp;
  const state = () => app.store.get();
  const textNow = () => {
    const open = state().notebook;
    return open === null ? null : fileText(open.doc);
  };
  const found: Found = {
    notebookId: 7,
    path: '/home/jan/nb.lab.ts',
    at: 0,
    runId: null,
    sha256: 'ab',
    newest: true,
    line: 10,
    text: "experiment('second', {}, () => {});",
  };

  beforeEach(async () => {
    app = fakeApp();
    app.bridge.answers['run:list'] = () => ({ ok: true, value: [summary(2), summary(1, { pinned: true })] });
    await start(app);
  });

  it('a line that was found is gone to, wherever it stands now; an older text is shown as a revision', async () => {
    await goToEntry(app, found);
    expect(app.screen.done.at(-1)).toBe(`editor ${SECOND} 1:1`);
    await goToEntry(app, { ...found, line: 2 });
    expect(app.screen.done.at(-1)).toBe(`editor ${SECOND} 1:1`);
    await goToEntry(app, { ...found, text: 'gone' });
    expect(state().overlay).toStrictEqual({ kind: 'revisions', sha256: 'ab' });
    await goToEntry(app, { ...found, newest: false, sha256: 'cd' });
    expect(state().overlay).toStrictEqual({ kind: 'revisions', sha256: 'cd' });
  });

  it('what was found in another notebook opens that; one without a file says so', async () => {
    app.bridge.answers['notebook:open'] = (path) => ({ ok: true, value: notebook({ path, notebookId: 8 }) });
    await goToEntry(app, { ...found, notebookId: 9, path: null });
    expect(state().notice?.text).toMatch(/never saved/);
    await goToEntry(app, { ...found, notebookId: 8, path: '/home/jan/other.lab.ts', runId: 2 });
    expect(state().notebook?.path).toBe('/home/jan/other.lab.ts');
    expect(app.bridge.last('run:get')).toStrictEqual([2]);
  });

  it('a revision is restored unsaved, and undone in one step', () => {
    restore(app, TEXT, 'revision 1');
    expect(state().notice?.text).toMatch(/has that text already/);
    restore(app, `${TEXT}\n// %% Third\nlet a = 1;\n`, 'revision 1');
    expect(textNow()).toContain('Third');
    expect(state().notebook?.saved).toBe(TEXT);
    perform(app, 'cell.undo');
    expect(textNow()).toBe(TEXT);
  });

  it('the run that is shown is pinned, and let go', async () => {
    expect(shownRun(state())?.runId).toBe(2);
    perform(app, 'history.pin');
    await expect.poll(() => state().notice?.text).toMatch(/Run 2 is pinned: it is never pruned/);
    expect(app.bridge.last('run:pin')).toStrictEqual([2, true]);
    app.bridge.answers['run:list'] = () => ({ ok: true, value: [summary(1, { pinned: true })] });
    await start(app);
    perform(app, 'history.pin');
    await expect.poll(() => state().notice?.text).toMatch(/Run 1 is pinned no more/);
    expect(app.bridge.last('run:pin')).toStrictEqual([1, false]);
    perform(app, 'history.runs');
    expect(state().notice?.text).toMatch(/no two runs/);
  });
});
