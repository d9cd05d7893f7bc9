import { beforeEach, describe, expect, it } from 'vitest';
import { perform } from '../../renderer/app/commands.ts';
import { copyComparison } from '../../renderer/app/comparing.ts';
import { start } from '../../renderer/app/files.ts';
import { followRuns } from '../../renderer/app/running.ts';
import { compareText, firstDifference, pairs } from '../../renderer/interleaving/compare.ts';
import { type FakeApp, FIRST, fakeApp, settle, summary } from './fake-app.ts';
import { failing, randomTrace, result, unpinTwice } from './traces.ts';

const random = (seed: number) => (below: number) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed % below;
};

describe('two schedules', () => {
  it('that are the same differ nowhere', () => {
    expect(firstDifference(unpinTwice(), unpinTwice())).toBeNull();
    expect(compareText(['a', 'b'], unpinTwice(), unpinTwice())).toContain('the two are the same to the end');
  });

  it('differ where the first step says something else, or one has ended', () => {
    const long = randomTrace(300, random(3));
    const short = { ...long, steps: long.steps.slice(0, long.steps.length - 12) };
    expect(firstDifference(long, short)).toBe(299);
    const changed = { ...long, steps: long.steps.slice() };
    changed.steps[200 * 12 + 6] = (changed.steps[200 * 12 + 6] ?? 0) + 1;
    expect(firstDifference(long, changed)).toBe(200);
    const rows = pairs(long, changed);
    expect(rows.length).toBeLessThanOrEqual(200);
    expect(rows.find(({ differs }) => differs)?.step).toBe(200);
  });

  it('are a text that fits a mail', () => {
    const text = compareText(['pin-v5, FAIL: x', '7.2, ok: x'], unpinTwice(), randomTrace(20, random(5)));
    expect(text).toContain('-- the first difference --');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
  });
});

describe('the command', () => {
  let app: FakeApp;
  beforeEach(async () => {
    app = fakeApp();
    followRuns(app);
    await start(app);
  });

  async function ran(): Promise<void> {
    app.store.dispatch({ type: 'focused', id: FIRST });
    perform(app, 'run.cell');
    await settle();
    app.bridge.tell('run:plan', 1, [{ name: 'first', line: 7, kernels: ['pin-v5', '7.2'] }]);
    app.bridge.tell('run:result', 1, { ...failing('pin-v5'), experiment: 'first', line: 7 });
    const sample = randomTrace(5, random(1));
    app.bridge.tell('run:result', 1, result({ kernel: '7.2', experiment: 'first', line: 7, verdict: 'pass', sample }));
    app.bridge.tell('run:end', summary(1), null);
  }

  it('lays the nearest kernel with another verdict beside the one that is shown', async () => {
    await ran();
    perform(app, 'compare.show');
    const { overlay } = app.store.get();
    expect(overlay).toMatchObject({
      kind: 'compare',
      left: { name: '7.2, ok: first' },
      right: { name: 'pin-v5, FAIL: first' },
    });
    if (overlay?.kind === 'compare') await copyComparison(app, overlay);
    expect(app.bridge.last('clipboard:write')?.[0]).toContain('A  7.2, ok: first');
  });

  it('lays the kept one beside another', async () => {
    await ran();
    perform(app, 'compare.keep');
    expect(app.store.get().notice?.text).toContain('Kept: pin-v5');
    app.store.dispatch({
      type: 'selected',
      selection: { cellId: FIRST, experiment: 'first', kernel: '7.2', failure: 0, step: 0 },
    });
    perform(app, 'compare.show');
    expect(app.store.get().overlay).toMatchObject({
      left: { name: 'pin-v5, FAIL: first' },
      right: { name: '7.2, ok: first' },
    });
  });

  it('says what is missing', () => {
    perform(app, 'compare.show');
    expect(app.store.get().notice?.text).toContain('Choose a verdict first');
  });
});
