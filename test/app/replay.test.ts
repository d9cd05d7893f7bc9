/** What the window ran and stored, and what the command line replays from its schedule, are the same trace. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { traceText } from '../../main/report/trace-text.ts';
import { notebookWindow, type Started, startGupbook } from './harness.ts';

const repository = resolve(import.meta.dirname, '../..');
const NOTEBOOK = 'scenarios/undo-race.lab.ts';

let app: Started;
let page: Page;

beforeAll(async () => {
  app = await startGupbook();
  page = await notebookWindow(app);
});
afterAll(async () => {
  await app?.close();
});

/** Runs the shipped notebook in the application and reads the run back from its store. */
async function storedResults(): Promise<readonly ExperimentResult[]> {
  return page.evaluate(async () => {
    const { scenarios } = await window.gupbook.request('app:info');
    const path = scenarios.find((scenario) => scenario.path.endsWith('undo-race.lab.ts'))?.path ?? '';
    const opened = await window.gupbook.request('notebook:open', path);
    if (!opened.ok) throw new Error(opened.problem.message);
    const { notebookId, text } = opened.value;
    const ended = new Promise<number>((done) => {
      window.gupbook.on('run:end', (run) => done(run.runId));
    });
    const budget = { states: 1_000_000, seconds: 60 };
    const kernels = ['pin-v5', 'pin-v6'];
    const started = await window.gupbook.request('run:start', { notebookId, path, text, cells: null, kernels, budget });
    if (!started.ok) throw new Error(started.problem.message);
    const run = await window.gupbook.request('run:get', await ended);
    if (!run.ok) throw new Error(run.problem.message);
    return run.value.results;
  });
}

/** The trace as `gupbook replay` prints it, without the lines that say what was replayed. */
function replayed({ experiment, kernel }: ExperimentResult, schedule: string): string {
  const argv = ['replay', NOTEBOOK, '--experiment', experiment, '--kernel', kernel, '--schedule', schedule];
  const printed = execFileSync(process.execPath, ['out/main/cli.js', ...argv], { cwd: repository, encoding: 'utf8' });
  return printed.slice(printed.indexOf('Gupbook trace '));
}

it('every failing schedule replays headless to the trace that the application stored, byte for byte', async () => {
  const results = await storedResults();
  const failures = results.flatMap((result) => result.failures.map((failure) => ({ result, failure })));
  expect(failures.length).toBeGreaterThanOrEqual(5);
  for (const { result, failure } of failures) {
    const stored = traceText(failure.trace).trimEnd();
    expect(replayed(result, failure.trace.schedule).startsWith(stored)).toBe(true);
  }
});
