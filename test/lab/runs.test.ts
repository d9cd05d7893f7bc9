import { beforeEach, describe, expect, it } from 'vitest';
import type { RunEnd, RunHandle, Runner } from '../../main/lab/runner.ts';
import { Runs } from '../../main/lab/runs.ts';
import { IN_MEMORY, openStore, type Store } from '../../main/store/index.ts';
import type { RunRequest } from '../../preload/contract.ts';
import type { RealmMessage, RunInit } from '../../renderer/runner/protocol.ts';
import { failed, passed } from '../store/samples.ts';

/** A runner that does what the test says: nothing runs. */
class FakeRunner implements Runner {
  readonly inits: RunInit[] = [];
  say: (message: RealmMessage) => void = () => {};
  end: (end: RunEnd) => void = () => {};
  stopped = 0;

  start(init: RunInit, _limits: object, onMessage: (message: RealmMessage) => void): RunHandle {
    this.inits.push(init);
    this.say = onMessage;
    const ended = new Promise<RunEnd>((resolve) => {
      this.end = resolve;
    });
    const stop = () => {
      this.stopped++;
      this.end({ kind: 'stopped', message: 'Stopped.', at: null });
    };
    return { ended, stop };
  }
  close(): void {}
}

let store: Store;
let runner: FakeRunner;
let runs: Runs;
let told: [string, ...unknown[]][];
let verdict: string | null;
let request: RunRequest;

beforeEach(() => {
  store = openStore(IN_MEMORY);
  runner = new FakeRunner();
  told = [];
  verdict = null;
  runs = new Runs({
    runner,
    store,
    engineVersion: '1',
    verify: () => verdict,
    tell: (channel, ...event) => {
      told.push([channel, ...event]);
    },
  });
  const { notebookId } = store.openNotebook(null, '');
  const budget = { states: 1000, seconds: 1 };
  request = {
    notebookId,
    path: '/home/two bios.lab.ts',
    text: 'const x: number = 1;\n',
    cells: null,
    kernels: null,
    budget,
  };
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
const done: RunEnd = { kind: 'done', message: '', at: null };

async function begin(changed: Partial<RunRequest> = {}): Promise<number> {
  const outcome = runs.start({ ...request, ...changed });
  if (!outcome.ok) throw new Error(outcome.problem.message);
  expect(told).toEqual([]);
  await turn();
  return outcome.value.runId;
}
async function finish(end: RunEnd): Promise<void> {
  runner.end(end);
  await turn();
}

describe('a run', () => {
  it('gets the script without its types, by the name of its file', async () => {
    await begin();
    expect(runner.inits[0]).toMatchObject({ code: 'const x         = 1;\n', name: 'two_bios.lab.ts', lines: null });
  });

  it('stores results and tells the window, in order', async () => {
    const runId = await begin();
    runner.say({ kind: 'plan', experiments: [] });
    runner.say({ kind: 'result', result: failed('pin-v5') });
    runner.say({ kind: 'result', result: passed('7.2') });
    await finish(done);
    expect(told.map(([channel]) => channel)).toEqual(['run:plan', 'run:result', 'run:result', 'run:end']);
    expect(store.getRun(runId)).toMatchObject({ state: 'finished', error: null, counts: { pass: 1, fail: 1 } });
    expect(store.getRun(runId).results).toEqual([failed('pin-v5'), passed('7.2')]);
  });

  it('keeps no failure that does not replay', async () => {
    verdict = 'step 1: no';
    const runId = await begin();
    runner.say({ kind: 'result', result: failed('pin-v5') });
    await finish(done);
    expect(store.getRun(runId).results[0]).toMatchObject({ verdict: 'error', failures: [] });
    expect(told[0]?.[2]).toMatchObject({ verdict: 'error' });
  });

  it('runs the code cells that are asked for, counted without Markdown', async () => {
    const text = '// %% [markdown] a\n// text\n// %% b\nb();\n// %% c\nc();\n';
    await begin({ text, cells: [1] });
    expect(runner.inits[0]?.lines).toEqual([[5, 6]]);
  });
});

describe('what goes wrong is told with its place', () => {
  it('a script that does not parse', async () => {
    const runId = await begin({ text: '\nconst = 1;\n' });
    await turn();
    expect(runner.inits).toEqual([]);
    expect(store.getRun(runId)).toMatchObject({ state: 'error', error: { line: 2, column: 7 } });
    expect(told.map(([channel]) => channel)).toEqual(['run:end']);
  });

  it('a script that throws', async () => {
    const runId = await begin();
    runner.say({ kind: 'fatal', error: { message: 'boom', line: 4, column: 2, stack: '' } });
    await finish(done);
    expect(store.getRun(runId)).toMatchObject({ state: 'error', error: { message: 'boom', line: 4, column: 2 } });
  });

  it('a script that is cut off, with the results that it had', async () => {
    const runId = await begin();
    runner.say({ kind: 'result', result: passed('7.2') });
    await finish({ kind: 'time-limit', message: 'Too long.', at: { line: 7, column: 3 } });
    expect(store.getRun(runId)).toMatchObject({ state: 'error', error: { message: 'Too long.', line: 7, column: 3 } });
    expect(store.getRun(runId).results).toHaveLength(1);
  });

  it('an experiment that is cut off; those after it run in a process of their own', async () => {
    const runId = await begin();
    const experiments = ['first', 'stuck', 'last'].map((name, i) => ({ name, line: i + 1, kernels: ['5.6', '7.2'] }));
    const passes = (experiment: string, kernel: string) =>
      runner.say({ kind: 'result', result: { ...passed(kernel), experiment } });
    runner.say({ kind: 'plan', experiments });
    for (const kernel of ['5.6', '7.2']) passes('first', kernel);
    await finish({ kind: 'time-limit', message: 'Too long.', at: { line: 2, column: 3 } });
    expect(runner.inits[1]?.skip).toEqual(
      ['first', 'stuck'].flatMap((experiment) => ['5.6', '7.2'].map((kernel) => ({ experiment, kernel }))),
    );
    runner.say({ kind: 'plan', experiments });
    passes('last', '5.6');
    await finish({ kind: 'memory-limit', message: 'Out of memory.', at: null });
    expect(runner.inits).toHaveLength(2);
    const { state, error, results } = store.getRun(runId);
    expect({ state, error }).toEqual({ state: 'finished', error: null });
    expect(results.map((one) => [one.experiment, one.kernel, one.error?.message ?? one.verdict])).toEqual([
      ['first', '5.6', 'pass'],
      ['first', '7.2', 'pass'],
      ['stuck', '5.6', 'Too long.'],
      ['stuck', '7.2', 'Not run. Too long.'],
      ['last', '5.6', 'pass'],
      ['last', '7.2', 'Out of memory.'],
    ]);
    expect(told.filter(([channel]) => channel === 'run:plan')).toHaveLength(1);
  });

  it('a kernel that does not exist, before anything runs', () => {
    expect(runs.start({ ...request, kernels: ['9.9'] })).toEqual({
      ok: false,
      problem: { message: 'There is no kernel "9.9".' },
    });
  });

  it('a code cell that does not exist', async () => {
    const runId = await begin({ text: '// %% a\na();\n', cells: [3] });
    await turn();
    expect(store.getRun(runId).error?.message).toBe('There is no code cell 4; the notebook has 1.');
  });
});

describe('stopping', () => {
  it('kills the run and keeps what it had', async () => {
    const runId = await begin();
    runner.say({ kind: 'result', result: passed('7.2') });
    expect(runs.stop(runId)).toEqual({ ok: true, value: null });
    await turn();
    expect(store.getRun(runId)).toMatchObject({ state: 'stopped', error: null, counts: { pass: 1 } });
    expect(told.at(-1)).toMatchObject(['run:end', { state: 'stopped' }, null]);
  });

  it('works before the runner has begun', async () => {
    const outcome = runs.start(request);
    if (outcome.ok) runs.stop(outcome.value.runId);
    await turn();
    await turn();
    expect(runner.inits).toEqual([]);
    expect(told).toMatchObject([['run:end', { state: 'stopped' }, null]]);
  });

  it('is no problem when the run is over, and stops no other', async () => {
    const first = await begin();
    await finish(done);
    told.length = 0;
    await begin();
    expect(runs.stop(first).ok).toBe(true);
    expect(runner.stopped).toBe(0);
  });

  it('comes with closing, which waits until the end is stored', async () => {
    const runId = await begin();
    await runs.close();
    expect(store.getRun(runId).state).toBe('stopped');
  });
});

it('a second run waits for the user to stop the first', async () => {
  await begin();
  expect(runs.start(request)).toMatchObject({ ok: false, problem: { message: expect.stringContaining('stop it') } });
});

it('the window hears of the end even when the store takes nothing any more', async () => {
  await begin();
  store.close();
  runner.say({ kind: 'result', result: passed('7.2') });
  await turn();
  expect(told.map(([channel]) => channel)).toEqual(['run:result', 'run:end']);
  expect(told[1]?.[2]).toMatchObject({ message: expect.stringContaining('could not be stored') });
});

it('a script that prints without end is shown the beginning of it', async () => {
  await begin();
  for (let i = 0; i < 1000; i++) runner.say({ kind: 'console', text: 'x'.repeat(1000) });
  const shown = told.filter(([channel]) => channel === 'run:console');
  expect(shown.length).toBeLessThan(202);
  expect(shown.at(-1)?.[2]).toBe('The script prints more than is shown.');
});
