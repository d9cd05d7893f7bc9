import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { parse } from '../../main/lab/notebook-format.ts';
import { type Action, reduce } from '../../renderer/app/actions.ts';
import { withCellText } from '../../renderer/app/document.ts';
import { matchCells, selectedResult } from '../../renderer/app/runs.ts';
import { type AppState, INITIAL } from '../../renderer/app/state.ts';
import { cellState } from '../../renderer/notebook/cell-state.ts';
import { stripsOf, worst } from '../../renderer/notebook/strip.ts';
import { FIRST, INFO, notebook, SECOND, storedRun, summary, TEXT } from './fake-app.ts';
import { failing, result } from './traces.ts';

const plan = (...names: readonly string[]) =>
  names.map((name) => ({ name, line: name === 'first' ? 7 : 10, kernels: ['pin-v5', '7.2'] }));

function stateAfter(...actions: readonly Action[]): AppState {
  const opened: Action[] = [
    { type: 'started', info: INFO },
    { type: 'opened', open: notebook() },
  ];
  return [...opened, ...actions].reduce(reduce, INITIAL);
}

const START: readonly Action[] = [
  { type: 'run-asked', doc: parse(TEXT), cells: [FIRST, SECOND], asks: null, at: 1 },
  { type: 'run-named', runId: 5 },
  { type: 'run-plan', runId: 5, plan: plan('first', 'second') },
];
const first = (kernel: string, fails = false) => ({
  ...(fails ? failing(kernel) : result({ kernel })),
  experiment: 'first',
  line: 7,
});
const second = (kernel: string) => result({ kernel, experiment: 'second', line: 10 });
const tells = (...results: readonly ExperimentResult[]): readonly Action[] =>
  results.map((told) => ({ type: 'run-result', runId: 5, result: told }));
const ended = (
  change: Parameters<typeof summary>[1] = {},
  error: Extract<Action, { type: 'run-ended' }>['error'] = null,
): Action => ({
  type: 'run-ended',
  summary: summary(5, change),
  error,
});

function words(state: AppState): string[] {
  const doc = state.notebook?.doc ?? parse('');
  return [FIRST, SECOND].map((id) => cellState({ doc, reading: null }, id, state.cellRuns.get(id)).word);
}

describe('the states of cells', () => {
  it('are fresh before anything ran', () => {
    expect(words(stateAfter())).toEqual(['fresh', 'fresh']);
  });

  it('are queued when asked for, running when something is known of them, done when all verdicts are in', () => {
    expect(words(stateAfter(...START.slice(0, 1)))).toEqual(['queued', 'queued']);
    expect(words(stateAfter(...START.slice(0, 2)))).toEqual(['running', 'queued']);
    expect(words(stateAfter(...START))).toEqual(['queued', 'queued']);
    const progress = { experiment: 'first', kernel: 'pin-v5', states: 1234, transitions: 5, frontier: 6, depth: 7 };
    const running = stateAfter(...START, { type: 'run-progress', runId: 5, progress });
    expect(words(running)).toEqual(['running', 'queued']);
    expect(cellState({ doc: parse(TEXT), reading: null }, FIRST, running.cellRuns.get(FIRST)).detail).toBe(
      '1,234 states, depth 7, pin-v5',
    );
    expect(words(stateAfter(...START, ...tells(first('pin-v5'))))).toEqual(['running', 'queued']);
    expect(words(stateAfter(...START, ...tells(first('pin-v5'), first('7.2'))))).toEqual(['ok', 'queued']);
  });

  it('are done as soon as the script is evaluated where they declare no experiment', () => {
    const [asked, named] = START;
    const told: Action = { type: 'run-plan', runId: 5, plan: plan('second') };
    expect(words(asked && named ? stateAfter(asked, named, told) : stateAfter())).toEqual(['ok', 'queued']);
  });

  it('say FAIL for a failure, expected or not', () => {
    const expected = { ...first('pin-v5', true), expected: 'fail' } as const;
    const state = stateAfter(...START, ...tells(expected, first('7.2')), ended());
    expect(words(state)).toEqual(['FAIL', 'ok']);
    expect(cellState({ doc: parse(TEXT), reading: null }, FIRST, state.cellRuns.get(FIRST)).detail).toBe(
      '1 of 2, as expected',
    );
  });

  it('never call a cut-off search ok', () => {
    const cut = { ...first('pin-v5'), verdict: 'inconclusive', exhaustive: false, limit: 'states' } as const;
    expect(words(stateAfter(...START, ...tells(cut, first('7.2')), ended()))[0]).toBe('limit');
  });

  it('are aborted where a stop came before the last verdict', () => {
    const stopped = stateAfter(
      ...START,
      ...tells(first('pin-v5'), first('7.2'), second('pin-v5')),
      ended({ state: 'stopped' }),
    );
    expect(words(stopped)).toEqual(['ok', 'aborted']);
    expect(cellState({ doc: parse(TEXT), reading: null }, SECOND, stopped.cellRuns.get(SECOND)).detail).toBe(
      '1 of 2 verdicts',
    );
  });

  it('are an error in the cell whose line it is, though another was asked for', () => {
    const error = { message: 'Unexpected token', line: 7, column: 3, stack: '' };
    const state = stateAfter(
      { type: 'run-asked', doc: parse(TEXT), cells: [SECOND], asks: null, at: 1 },
      { type: 'run-named', runId: 5 },
      ended({ state: 'error' }, error),
    );
    expect(words(state)).toEqual(['error', 'aborted']);
    expect(state.cellRuns.get(FIRST)?.error).toEqual(error);
  });

  it('are stale from the first changed code on, and not any more when the edit is undone', () => {
    const done = stateAfter(
      ...START,
      ...tells(first('pin-v5'), first('7.2'), second('pin-v5'), second('7.2')),
      ended(),
    );
    const doc = done.notebook?.doc ?? parse('');
    const edited = reduce(done, { type: 'typed', doc: withCellText(doc, SECOND, 'x;') });
    expect(words(edited)).toEqual(['ok', 'stale']);
    expect(
      cellState({ doc: edited.notebook?.doc ?? doc, reading: null }, SECOND, edited.cellRuns.get(SECOND)).detail,
    ).toContain('was ok');
    const above = reduce(done, { type: 'typed', doc: withCellText(doc, FIRST, 'x;') });
    expect(words(above)).toEqual(['stale', 'stale']);
    const undone = withCellText(above.notebook?.doc ?? doc, FIRST, "experiment('first', {}, () => {});");
    expect(words(reduce(above, { type: 'typed', doc: undone }))).toEqual(['ok', 'ok']);
    const prose = reduce(done, { type: 'typed', doc: withCellText(doc, 'c1', 'Other words.') });
    expect(words(prose)).toEqual(['ok', 'ok']);
  });

  it('belong to the text that ran, although the notebook is edited meanwhile', () => {
    const started = stateAfter(...START);
    const doc = withCellText(started.notebook?.doc ?? parse(''), 'c1', 'One\nline\nmore\nand\nmore');
    const edited = reduce(started, { type: 'typed', doc });
    const told = tells(second('pin-v5')).reduce(reduce, edited);
    expect(told.cellRuns.get(SECOND)?.results).toHaveLength(1);
  });

  it('ignore what another run says', () => {
    const state = stateAfter(...START);
    expect(reduce(state, { type: 'run-result', runId: 4, result: first('pin-v5') })).toBe(state);
  });

  it('are as before where main refuses the run', () => {
    const refused = stateAfter(
      { type: 'run-asked', doc: parse(TEXT), cells: [FIRST], asks: null, at: 1 },
      { type: 'run-refused' },
    );
    expect(words(refused)).toEqual(['fresh', 'fresh']);
    expect(refused.run).toBeNull();
  });
});

describe('the selection', () => {
  it('is the first failure of a run, at its failing step', () => {
    const state = stateAfter(...START, ...tells(first('7.2'), first('pin-v5', true)));
    expect(state.selection).toEqual({ cellId: FIRST, experiment: 'first', kernel: 'pin-v5', failure: 0, step: 1 });
    expect(selectedResult(state)?.verdict).toBe('fail');
  });

  it('stays with the kernel that is looked at, and follows its new result', () => {
    const looking = stateAfter(...START, ...tells(first('pin-v5', true), first('7.2')), ended(), {
      type: 'selected',
      selection: { cellId: FIRST, experiment: 'first', kernel: '7.2', failure: 0, step: 0 },
    });
    const again = [...START, ...tells(first('pin-v5', true), first('7.2'))].reduce(reduce, looking);
    expect(again.selection?.kernel).toBe('7.2');
  });
});

describe('a stored run', () => {
  const run = storedRun(3, { results: [first('pin-v5', true), second('7.2')] });

  it('lies over the cells again, in the state that is true now', () => {
    expect(words(stateAfter({ type: 'run-shown', run, keep: false }))).toEqual(['FAIL', 'ok']);
    const older = { ...run, text: TEXT.replace("'second'", "'other'") };
    expect(words(stateAfter({ type: 'run-shown', run: older, keep: false }))).toEqual(['FAIL', 'stale']);
  });

  it('leaves alone what is newer, where it is told to', () => {
    const newer = storedRun(4, { results: [first('7.2')] });
    const state = stateAfter({ type: 'run-shown', run: newer, keep: true }, { type: 'run-shown', run, keep: true });
    expect(state.cellRuns.get(FIRST)?.runId).toBe(4);
    expect(state.cellRuns.get(SECOND)?.runId).toBe(3);
  });

  it('shows where it was stopped, and its error at the line that it had', () => {
    const stopped = storedRun(3, { state: 'stopped', results: [first('pin-v5')] });
    expect(words(stateAfter({ type: 'run-shown', run: stopped, keep: false }))[0]).toBe('aborted');
    const error = { message: 'boom', line: 10, column: 1, stack: '' };
    const broken = stateAfter({ type: 'run-shown', run: storedRun(3, { state: 'error', error }), keep: false });
    expect(words(broken)).toEqual(['fresh', 'error']);
  });

  it('finds its cells by their text, else by title, else by place', () => {
    const moved = parse("// %% Second\nexperiment('second', {}, () => {});\n\n// %% First\nlet changed;\n");
    expect([...matchCells(parse(TEXT), moved)]).toEqual([
      [SECOND, 'c1'],
      [FIRST, 'c2'],
    ]);
  });
});

describe('the verdict strip', () => {
  it('has a column for each planned kernel, in history order, also while there is no verdict', () => {
    const state = stateAfter(...START, ...tells(first('7.2')));
    const run = state.cellRuns.get(FIRST);
    const [strip] = run === undefined ? [] : stripsOf(run, INFO.kernels);
    expect(strip?.columns.map(({ kernel, sign }) => `${kernel} ${sign.word}`)).toEqual(['pin-v5 ...', '7.2 ok']);
  });

  it('puts kernels that history does not know last', () => {
    const derived = first('pin-v5+biasShift=8');
    const state = stateAfter(...START, ...tells(derived, first('7.2')));
    const run = state.cellRuns.get(FIRST);
    const [strip] = run === undefined ? [] : stripsOf(run, INFO.kernels);
    expect(strip?.columns.map(({ kernel }) => kernel)).toEqual(['pin-v5', '7.2', 'pin-v5+biasShift=8']);
  });

  it('speaks of the worst, of an unexpected result before an expected one', () => {
    const expected = { ...failing('pin-v5'), expected: 'fail', asExpected: true } as const;
    const surprise = { ...result({ kernel: '7.2' }), expected: 'fail', asExpected: false } as const;
    expect(worst([result(), expected])?.kernel).toBe('pin-v5');
    expect(worst([expected, surprise])?.kernel).toBe('7.2');
    expect(worst([])).toBeNull();
  });
});
