import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { anyResult, anyScriptError, anyText } from './arbitraries.ts';
import { newPath, open, reopen, tickingClock } from './place.ts';
import { failed, passed, runOf, traceOf } from './samples.ts';

const path = '/two-bios.lab.ts';

function started(now?: () => number) {
  const store = open(newPath(), now === undefined ? {} : { now });
  const { notebookId } = store.openNotebook(path, 'text');
  const finished = (...results: ExperimentResult[]): number => {
    const runId = store.startRun(runOf(notebookId, 'text'));
    for (const result of results) store.addResult(runId, result);
    store.finishRun(runId, { state: 'finished', error: null });
    return runId;
  };
  return { store, notebookId, finished };
}

describe('a run', () => {
  it('comes back whole after a restart, its traces step by step', () => {
    const { store, notebookId } = started(tickingClock());
    const runId = store.startRun({ ...runOf(notebookId, 'the text that ran'), cells: [0, 2] });
    store.addResult(runId, failed('pin-v5'));
    store.addResult(runId, passed('7.2'));
    const summary = store.finishRun(runId, { state: 'finished', error: null, seconds: 1.5 });
    expect(summary).toMatchObject({
      runId,
      notebookId,
      seconds: 1.5,
      state: 'finished',
      counts: { pass: 1, fail: 1, inconclusive: 0, 'not-applicable': 0, error: 0 },
      asExpected: true,
    });
    const run = reopen(store).getRun(runId);
    expect(run).toStrictEqual({
      ...summary,
      text: 'the text that ran',
      sha256: '8978a8bc1c4d70fccbfdbb8637d6b6f7fe7b9ab6026b1e8853c1115b55c0d582',
      path,
      engineVersion: '0.1.0',
      request: { cells: [0, 2], kernels: ['pin-v5', '7.2'], budget: { states: 1_000_000, seconds: 60 } },
      results: [failed('pin-v5'), passed('7.2')],
      error: null,
    });
    expect(run.results[0]?.failures[0]?.trace.steps).toBeInstanceOf(Int32Array);
  });

  it('of a text that was made to ask something says what was asked, and leaves no revision', () => {
    const { store, notebookId } = started();
    const before = store.revisions(notebookId);
    const runId = store.startRun({ ...runOf(notebookId, 'biasShift: 8'), question: 'biasShift = 8' });
    expect(store.finishRun(runId, { state: 'finished', error: null }).question).toBe('biasShift = 8');
    expect(store.revisions(notebookId)).toEqual(before);
    expect(reopen(store).listRuns(notebookId)[0]).toMatchObject({ runId, question: 'biasShift = 8' });
  });

  it('gives back any results exactly, in their order', () => {
    const { store, notebookId } = started();
    fc.assert(
      fc.property(fc.array(anyResult, { maxLength: 4 }), fc.option(anyScriptError), anyText, (results, error, text) => {
        const runId = store.startRun(runOf(notebookId, text));
        for (const result of results) store.addResult(runId, result);
        store.finishRun(runId, { state: error === null ? 'finished' : 'error', error });
        const run = store.getRun(runId);
        expect(run.results).toStrictEqual(results);
        expect([run.text, run.error]).toStrictEqual([text, error]);
        expect(run.asExpected).toBe(error === null && results.every((result) => result.asExpected));
      }),
      { numRuns: 40 },
    );
    expect(store.check()).toStrictEqual([]);
  });

  it('keeps the script error that ended it, and is then not as expected', () => {
    const { store, notebookId } = started();
    const runId = store.startRun(runOf(notebookId, 'throw 1'));
    const error = { message: 'Unexpected token', line: 3, column: 7, stack: '' };
    expect(store.finishRun(runId, { state: 'error', error }).asExpected).toBe(false);
    expect(reopen(store).getRun(runId).error).toStrictEqual(error);
  });

  it('takes no more results once it has ended, and ends once', () => {
    const { store, finished } = started();
    const runId = finished();
    expect(() => store.addResult(runId, passed('7.2'))).toThrow(/^Run 1 in .* has ended \(finished\)/);
    expect(() => store.finishRun(runId, { state: 'stopped', error: null })).toThrow(/has ended/);
  });

  it('takes no result that could not be read again', () => {
    const { store, notebookId } = started();
    const runId = store.startRun(runOf(notebookId, ''));
    const broken: ExperimentResult[] = [
      { ...passed('7.2'), seconds: Number.NaN },
      { ...passed('7.2'), states: -1 },
      { ...passed('7.2'), sample: { ...traceOf(2), steps: new Int32Array(13) } },
      { ...passed('7.2'), sample: { ...traceOf(2), bias: Number.NaN } },
    ];
    for (const result of broken) expect(() => store.addResult(runId, result)).toThrow(/7\.2 is not well formed/);
    store.addResult(runId, passed('7.2'));
    expect(store.getRun(runId).results).toStrictEqual([passed('7.2')]);
  });

  it('that was running when the program died is stopped at the next start, with the results it had', () => {
    const { store, notebookId } = started(tickingClock());
    const runId = store.startRun(runOf(notebookId, ''));
    store.addResult(runId, failed('pin-v5'));
    expect(store.listRuns(notebookId)[0]?.state).toBe('running');
    const [run] = reopen(store).listRuns(notebookId);
    expect(run).toMatchObject({ runId, state: 'stopped', seconds: 1, counts: { fail: 1 } });
  });

  it('says when it is not there', () => {
    const { store } = started();
    for (const call of [
      () => store.getRun(9),
      () => store.addResult(9, passed('7.2')),
      () => store.finishRun(9, { state: 'finished', error: null }),
      () => store.deleteRun(9),
    ]) {
      expect(call).toThrow(/^There is no run 9 in .*gupbook\.db/);
    }
  });
});

describe('the list of runs', () => {
  it('is newest first, by notebook, page by page', () => {
    const { store, notebookId, finished } = started();
    const ids = Array.from({ length: 5 }, () => finished(passed('7.2'))).reverse();
    const other = store.openNotebook('/other.lab.ts', '').notebookId;
    store.startRun(runOf(other, ''));
    const list = (page?: { before?: number; limit?: number }) =>
      store.listRuns(notebookId, page).map(({ runId }) => runId);
    expect(list()).toStrictEqual(ids);
    expect(list({ limit: 2 })).toStrictEqual(ids.slice(0, 2));
    expect(list({ limit: 2, before: ids[1] ?? 0 })).toStrictEqual(ids.slice(2, 4));
    expect(list({ limit: 0 })).toStrictEqual([]);
  });

  it('counts the verdicts and says whether all were expected', () => {
    const { store, notebookId, finished } = started();
    finished(passed('7.2'), failed('pin-v5'), { ...passed('5.6'), verdict: 'not-applicable', asExpected: false });
    expect(store.listRuns(notebookId)[0]).toMatchObject({
      counts: { pass: 1, fail: 1, inconclusive: 0, 'not-applicable': 1, error: 0 },
      asExpected: false,
    });
  });
});

describe('traces', () => {
  const bytes = (store: ReturnType<typeof open>) => store.forgetNotebook(store.openNotebook(null, 'x').notebookId);

  it('are stored once, whatever run found them', () => {
    const { store, finished } = started();
    const first = finished(failed('pin-v5', traceOf(30)));
    const second = finished(failed('pin-v5', traceOf(30)), failed('5.6', traceOf(30, 1)));
    expect(store.deleteRun(second)).toMatchObject({ runs: 1, traces: 1 });
    expect(store.getRun(first).results).toStrictEqual([failed('pin-v5', traceOf(30))]);
    expect(store.deleteRun(first)).toMatchObject({ runs: 1, traces: 1 });
    expect(bytes(store)).toMatchObject({ traces: 0 });
  });
});

describe('deleting', () => {
  it('takes a run with its results, and leaves the texts that are still revisions', () => {
    const { store, notebookId, finished } = started();
    const runId = finished(passed('7.2'));
    store.deleteRun(runId);
    expect(store.listRuns(notebookId)).toStrictEqual([]);
    expect(() => store.getRun(runId)).toThrow(/no run/);
    expect(store.revisions(notebookId)).toHaveLength(1);
    expect(store.check()).toStrictEqual([]);
  });

  it("never gives a deleted run's id to another", () => {
    const { store, finished } = started();
    const runId = finished();
    store.deleteRun(runId);
    expect(finished()).toBeGreaterThan(runId);
  });

  it('refuses a run that is still running', () => {
    const { store, notebookId } = started();
    const runId = store.startRun(runOf(notebookId, ''));
    expect(() => store.deleteRun(runId)).toThrow(/is still running: stop it, then delete it/);
  });

  it('prunes by number and age in every notebook, and makes the file shorter', () => {
    const { store, notebookId } = started(tickingClock(0));
    const other = store.openNotebook('/other.lab.ts', '').notebookId;
    const noise = (seed: number) =>
      Int32Array.from({ length: 12 * 2000 }, (_, i) => Math.imul(i + 1, 0x9e3779b1 + 2 * seed) | 0);
    const run = (id: number, seed: number): number => {
      const runId = store.startRun(runOf(id, `text ${seed}`));
      store.addResult(runId, failed('pin-v5', { ...traceOf(0), steps: noise(seed) }));
      store.finishRun(runId, { state: 'finished', error: null });
      return runId;
    };
    const mine = [1, 2, 3, 4].map((seed) => run(notebookId, seed));
    const theirs = [5, 6].map((seed) => run(other, seed));
    const old = store.getRun(mine[1] ?? 0).startedAt;

    expect(store.prune({ keep: 1, olderThan: old })).toMatchObject({ runs: 1, traces: 1 });
    expect(store.listRuns(notebookId)).toHaveLength(3);
    const pruned = store.prune({ keep: 1 });
    expect(pruned).toMatchObject({ runs: 3, traces: 3 });
    expect(pruned.bytes).toBeGreaterThan(3 * 12 * 2000);
    expect(store.listRuns(notebookId).map(({ runId }) => runId)).toStrictEqual([mine[3]]);
    expect(store.listRuns(other).map(({ runId }) => runId)).toStrictEqual([theirs[1]]);
    expect(store.check()).toStrictEqual([]);
  });

  it('does not prune what is running', () => {
    const { store, notebookId } = started();
    store.startRun(runOf(notebookId, ''));
    expect(store.prune({ keep: 0 }).runs).toBe(0);
  });
});

describe('settings', () => {
  it('stay across a restart, and can be removed', () => {
    const store = open();
    store.setSetting('theme', 'dark');
    store.setSetting('theme', 'light');
    store.setSetting('gone', 'x');
    store.setSetting('gone', null);
    const again = reopen(store);
    expect(again.setting('theme')).toBe('light');
    expect(again.setting('gone')).toBeNull();
  });

  it("keep the window's place, and give none where it is no place", () => {
    const store = open();
    expect(store.windowState()).toBeNull();
    const state = { x: -5, y: 10, width: 800, height: 600, maximized: true };
    store.setWindowState(state);
    expect(reopen(store).windowState()).toStrictEqual(state);
    const other = open();
    for (const value of ['', '{', '{"x":1}', '[]', JSON.stringify({ ...state, width: 0 })]) {
      other.setSetting('window', value);
      expect(other.windowState()).toBeNull();
    }
  });
});
