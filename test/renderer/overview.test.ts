import { expect, it } from 'vitest';
import { perform } from '../../renderer/app/commands.ts';
import { start } from '../../renderer/app/files.ts';
import { followRuns } from '../../renderer/app/running.ts';
import { overviewOf, overviewText } from '../../renderer/notebook/overview.ts';
import { fakeApp, INFO, settle, summary } from './fake-app.ts';
import { failing, result } from './traces.ts';

it('all verdicts stand in one table, kernels in the order of history, what is missing as such', async () => {
  const app = fakeApp();
  followRuns(app);
  await start(app);
  perform(app, 'run.all');
  await settle();
  const plan = (name: string, line: number, kernels: string[]) => ({ name, line, kernels });
  app.bridge.tell('run:plan', 1, [plan('first', 7, ['7.2', 'pin-v5']), plan('second', 10, ['7.2'])]);
  app.bridge.tell('run:result', 1, result({ kernel: '7.2', experiment: 'first', line: 7, verdict: 'pass' }));
  app.bridge.tell('run:result', 1, { ...failing('pin-v5'), experiment: 'first', line: 7 });
  app.bridge.tell('run:result', 1, result({ kernel: '7.2', experiment: 'second', line: 10, verdict: 'inconclusive' }));
  app.bridge.tell('run:end', summary(1), null);
  const { notebook, cellRuns } = app.store.get();
  if (notebook === null) throw new Error('no notebook is open');
  const overview = overviewOf(notebook, cellRuns, INFO.kernels);
  expect(overview.kernels).toEqual(['pin-v5', '7.2']);
  expect(overview.rows.map(({ number, experiment, stale }) => [number, experiment, stale])).toEqual([
    [2, 'first', false],
    [3, 'second', false],
  ]);
  expect(overviewText(overview)).toBe('pin-v5 7.2\nFAIL   ok     first\n-      limit  second\n');
  perform(app, 'overview');
  expect(app.store.get().overlay).toEqual({ kind: 'overview' });
});
