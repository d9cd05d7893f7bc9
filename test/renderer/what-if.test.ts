import { beforeEach, describe, expect, it } from 'vitest';
import { Analyst } from '../../main/lab/analysis.ts';
import { print } from '../../main/lab/notebook-format.ts';
import { perform } from '../../renderer/app/commands.ts';
import { withCellText } from '../../renderer/app/document.ts';
import { start } from '../../renderer/app/files.ts';
import { followText, READING_PAUSE } from '../../renderer/app/reading.ts';
import { followRuns } from '../../renderer/app/running.ts';
import { clear, keep, questionText, setControl, sweep } from '../../renderer/app/what-if.ts';
import { cellState } from '../../renderer/notebook/cell-state.ts';
import { differences, differenceText } from '../../renderer/notebook/difference.ts';
import { stripsOf } from '../../renderer/notebook/strip.ts';
import { type FakeApp, fakeApp, INFO, notebook, settle, summary } from './fake-app.ts';
import { failing, result } from './traces.ts';

const TEXT = `// %% Sizes
const BIOS = 2;
// %% Unrelated
const other = 1;
// %% Seed
experiment('seed', {}, (lab) => {
  const { kernel } = lab;
  kernel;
  lab.splitBios;
  BIOS;
});
`;
const SIZES = 'c1';
const UNRELATED = 'c2';
const SEED = 'c3';
const LINE = 6;

let app: FakeApp;
let analyst: Analyst;
let runId = 0;

beforeEach(async () => {
  app = fakeApp();
  analyst = new Analyst();
  runId = 0;
  app.bridge.answers['notebook:last'] = () => ({ ok: true, value: notebook({ text: TEXT }) });
  app.bridge.answers['notebook:analyse'] = (text) => ({ ok: true, value: analyst.analyse(text) });
  app.bridge.answers['run:start'] = () => ({ ok: true, value: { runId: ++runId } });
  followRuns(app);
  followText(app);
  await start(app);
  app.clock.pass(READING_PAUSE);
  await settle();
});

const state = () => app.store.get();
const open = () => {
  const { notebook: now } = state();
  if (now === null) throw new Error('no notebook is open');
  return now;
};
const word = (id: string) => cellState(open(), id, state().cellRuns.get(id)).word;
const ran = () => {
  const request = app.bridge.last('run:start')?.[0];
  return typeof request === 'object' && request !== null && 'text' in request ? String(request.text) : '';
};

/** Answers the run that was started last: these kernels fail, the others pass. */
async function answer(...failed: readonly string[]): Promise<void> {
  await settle();
  const kernels = ['pin-v5', '7.2'];
  app.bridge.tell('run:plan', runId, [{ name: 'seed', line: LINE, kernels }]);
  for (const kernel of kernels) {
    const made = failed.includes(kernel) ? failing(kernel) : result({ kernel, verdict: 'pass' });
    app.bridge.tell('run:result', runId, { ...made, experiment: 'seed', line: LINE });
  }
  app.bridge.tell('run:end', summary(runId), null);
  await settle();
}

async function runSeed(): Promise<void> {
  app.store.dispatch({ type: 'focused', id: SEED });
  perform(app, 'run.cell');
  await answer('pin-v5');
}

async function type(id: string, text: string): Promise<void> {
  app.store.dispatch({ type: 'typed', doc: withCellText(open().doc, id, text) });
  app.clock.pass(READING_PAUSE);
  await settle();
}

describe('a question about a cell', () => {
  it('runs a changed text, and leaves the file and its results alone', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await answer();
    expect(ran()).toContain('{ kernel: lab.kernel.with({ biasShift: 8 }) }');
    expect(ran().split('\n')).toHaveLength(TEXT.split('\n').length);
    expect(print(open().doc)).toBe(TEXT);
    expect(word(SEED)).toBe('FAIL');
    const question = state().whatIf.get(SEED);
    const key = question?.key ?? '';
    expect(questionText(question?.values ?? new Map())).toBe('biasShift = 8');
    expect(
      state()
        .cellRuns.get(key)
        ?.results.map(({ verdict }) => verdict),
    ).toEqual(['pass', 'pass']);
  });

  it('says which verdicts differ from those of the file', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await answer('7.2');
    const base = state().cellRuns.get(SEED)?.results ?? [];
    const run = state().cellRuns.get(state().whatIf.get(SEED)?.key ?? '');
    const said = differenceText(differences(base, run?.results ?? []));
    expect(said).toContain("2 of 2 verdicts differ from the file's: FAIL -> ok on pin-v5; ok -> FAIL on 7.2.");
    const [strip] = run === undefined ? [] : stripsOf(run, INFO.kernels, base);
    expect(strip?.columns.map(({ label }) => label)).toEqual(['pin-v5: ok, was FAIL', '7.2: FAIL, was ok']);
    expect(differenceText(differences(base, base))).toContain("No verdict differs from the file's (2 compared).");
  });

  it('is taken back by the value of the file, and put away', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await answer();
    const started = app.bridge.count('run:start');
    await setControl(app, SEED, 'biasShift', '10');
    expect(state().whatIf.has(SEED)).toBe(false);
    expect([...state().cellRuns.keys()]).toEqual([SEED]);
    expect(app.bridge.count('run:start')).toBe(started);
  });

  it('keeps what was asked before: two values at once', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await answer();
    void setControl(app, SEED, 'ipiFlush', 'false');
    await answer();
    expect(ran()).toContain('biasShift: 8');
    expect(ran()).toContain('ipiFlush: false');
    expect(state().whatIf.get(SEED)?.values.size).toBe(2);
  });

  it('refuses what is no value, in one sentence, and runs nothing', async () => {
    await runSeed();
    await setControl(app, SEED, 'biasShift', 'ten');
    expect(state().notice?.text).toBe('biasShift wants a whole number, such as 2.');
    await setControl(app, SEED, 'ipiFlush', '3');
    expect(state().notice?.text).toBe('ipiFlush is one of true, false.');
    expect(app.bridge.count('run:start')).toBe(1);
  });

  it('ends an older one that is still being answered; a run of the notebook goes before it', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await settle();
    void setControl(app, SEED, 'biasShift', '9');
    await settle();
    expect(app.bridge.last('run:stop')).toEqual([2]);
    app.bridge.tell('run:end', summary(2, { state: 'stopped' }), null);
    await answer();
    expect(ran()).toContain('biasShift: 9');
    perform(app, 'run.cell');
    await settle();
    await setControl(app, SEED, 'biasShift', '7');
    expect(state().notice?.text).toContain('A run is going on');
  });

  it('is written into the cell on demand, which undo takes back', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await answer();
    await keep(app, SEED);
    expect(print(open().doc)).toContain('biasShift: 8');
    expect(state().whatIf.has(SEED)).toBe(false);
    perform(app, 'cell.undo');
    expect(print(open().doc)).toBe(TEXT);
  });

  it('has its answer chosen and stepped through like any other', async () => {
    await runSeed();
    void setControl(app, SEED, 'biasShift', '8');
    await answer('7.2');
    const key = state().whatIf.get(SEED)?.key ?? '';
    const told = state().cellRuns.get(key)?.results[1];
    expect(told?.kernel).toBe('7.2');
    app.store.dispatch({
      type: 'selected',
      selection: { cellId: key, experiment: 'seed', kernel: '7.2', failure: 0, step: 0 },
    });
    perform(app, 'step.forward');
    expect(state().selection).toMatchObject({ cellId: key, step: 1 });
    clear(app, SEED);
    expect(state().selection?.cellId).toBe(SEED);
  });
});

describe('a sweep', () => {
  it('runs once for each value, and keeps every answer', async () => {
    await runSeed();
    const swept = sweep(app, SEED, 'ipiFlush');
    await answer();
    await answer('7.2');
    await swept;
    expect(
      state()
        .whatIf.get(SEED)
        ?.sweep?.rows.map(({ value }) => value),
    ).toEqual(['true', 'false']);
    const keys =
      state()
        .whatIf.get(SEED)
        ?.sweep?.rows.map(({ key }) => key) ?? [];
    expect(keys.map((key) => state().cellRuns.get(key)?.results.at(-1)?.verdict)).toEqual(['pass', 'fail']);
    expect(state().notice?.text).toBe('Swept ipiFlush over 2 of 2 values.');
  });

  it('ends with the stop key, and says how far it came', async () => {
    await runSeed();
    const swept = sweep(app, SEED, 'biasShift');
    await answer();
    perform(app, 'run.stop');
    await settle();
    app.bridge.tell('run:end', summary(runId, { state: 'stopped' }), null);
    await swept;
    expect(state().notice?.text).toBe('Swept biasShift over 2 of 10 values.');
    expect(state().run).toBeNull();
  });
});

describe('results are stale', () => {
  it('where the cell or one that it needs was edited, and not where another was', async () => {
    await runSeed();
    await type(UNRELATED, 'const other = 2;');
    expect(word(SEED)).toBe('FAIL');
    await type(SIZES, 'const BIOS = 3;');
    expect(word(SEED)).toBe('stale');
    await type(SIZES, 'const BIOS = 2;');
    expect(word(SEED)).toBe('FAIL');
  });

  it('where a cell that it needs is gone, or another engine made them', async () => {
    await runSeed();
    app.store.dispatch({ type: 'focused', id: SIZES });
    perform(app, 'cell.delete');
    app.clock.pass(READING_PAUSE);
    await settle();
    expect(word(SEED)).toBe('stale');
    perform(app, 'cell.undo');
    app.clock.pass(READING_PAUSE);
    await settle();
    expect(word(SEED)).toBe('FAIL');
    const run = state().cellRuns.get(SEED);
    if (run === undefined) throw new Error('the cell did not run');
    expect(cellState(open(), SEED, { ...run, outdated: true }).word).toBe('stale');
  });
});
