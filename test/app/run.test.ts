/** Runs in the application itself, through the bridge, with the real engine: as the window asks for them. */
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentResult, ScriptError } from '../../main/engine/result.ts';
import type { RunSummary } from '../../preload/contract.ts';
import { errorOutput, launchGupbook, notebookWindow } from './harness.ts';
import { print } from './runner-app.ts';

/** What the window heard of a run. */
interface Heard {
  readonly summary: RunSummary;
  readonly error: ScriptError | null;
  readonly results: readonly ExperimentResult[];
  readonly printed: readonly string[];
  /** Milliseconds from the stop request to run:end, as the window measured them; null where nobody stopped. */
  readonly stopped: number | null;
}

let app: ElectronApplication;
let page: Page;
let notebookId = 0;
let seed = '';

beforeAll(async () => {
  app = await launchGupbook();
  page = await notebookWindow(app);
  const opened = await page.evaluate(async () => {
    const { scenarios } = await window.gupbook.request('app:info');
    const path = scenarios.find((scenario) => scenario.path.endsWith('two-bios.lab.ts'))?.path ?? '';
    return window.gupbook.request('notebook:open', path);
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  notebookId = opened.value.notebookId;
  seed = opened.value.text;
});
afterAll(async () => {
  await app?.close();
});

/** @param stopAfter milliseconds after which the run is stopped; null lets it end by itself. */
async function run(
  text: string,
  kernels: string[] | null = null,
  stopAfter: number | null = null,
  cells: number[] | null = null,
): Promise<Heard> {
  const budget = { states: 1_000_000, seconds: 60 };
  const request = { notebookId, path: '/somewhere/test.lab.ts', text, cells, kernels, budget };
  return page.evaluate(
    async ([asked, patience]) => {
      const { gupbook } = window;
      const results: ExperimentResult[] = [];
      const printed: string[] = [];
      let pressed = 0;
      const offs: (() => void)[] = [];
      const ended = new Promise<Pick<Heard, 'summary' | 'error'> & { at: number }>((resolve) => {
        offs.push(gupbook.on('run:end', (summary, error) => resolve({ summary, error, at: performance.now() })));
      });
      offs.push(gupbook.on('run:result', (_id, result) => results.push(result)));
      offs.push(gupbook.on('run:console', (_id, line) => printed.push(line)));
      const started = await gupbook.request('run:start', asked);
      if (!started.ok) throw new Error(started.problem.message);
      if (patience !== null) {
        await new Promise((resolve) => setTimeout(resolve, patience));
        pressed = performance.now();
        await gupbook.request('run:stop', started.value.runId);
      }
      const { summary, error, at } = await ended;
      for (const off of offs) off();
      return { summary, error, results, printed, stopped: patience === null ? null : at - pressed };
    },
    [request, stopAfter] as const,
  );
}

/** The cell of the seed's notebook that needs one task and few states. */
const ONE_TASK = [2];

/** The window still answers, and the next run works. */
async function stillUsable(): Promise<void> {
  expect(await page.evaluate(() => document.querySelectorAll('#root > *').length)).toBeGreaterThan(0);
  const { summary } = await run('const nothing = 1;');
  expect(summary.state).toBe('finished');
}

describe("the seed's experiment", () => {
  it('fails on pin-v5 and passes on 7.2, as it expects', async () => {
    const { summary, results, error } = await run(seed, ['pin-v5', '7.2']);
    expect(error).toBeNull();
    expect(summary).toMatchObject({ state: 'finished', asExpected: true });
    const first = results.filter(({ experiment }) => experiment === results[0]?.experiment);
    expect(first.map(({ kernel, verdict }) => [kernel, verdict])).toEqual([
      ['pin-v5', 'fail'],
      ['7.2', 'pass'],
    ]);
    print('a run of two-bios.lab.ts on two kernels', { 'start to end': [summary.seconds * 1000] });
  });

  it('is there again as it was, with its traces', async () => {
    const { results, summary } = await run(seed, ['pin-v5'], null, ONE_TASK);
    const stored = await page.evaluate((runId) => window.gupbook.request('run:get', runId), summary.runId);
    expect(stored).toMatchObject({ ok: true, value: { text: seed, state: 'finished' } });
    expect(stored.ok ? stored.value.results : null).toEqual(results);
    const listed = await page.evaluate((id) => window.gupbook.request('run:list', id), notebookId);
    expect(listed.ok ? listed.value[0] : null).toEqual(summary);
  });

  it('can be reported', async () => {
    const { summary } = await run(seed, ['pin-v5', '7.2'], null, ONE_TASK);
    const asked = { runId: summary.runId, format: 'mbox' as const, experiments: null, kernels: null, inReplyTo: null };
    const report = await page.evaluate((request) => window.gupbook.request('report:text', request), asked);
    expect(report.ok ? report.value.text : report.problem.message).toMatch(/unpin every page|git config/);
  });
});

describe('a script that goes wrong is told with its place', () => {
  it.each([
    ['does not parse', '// %% a\nconst a = ;\n', 2, 11],
    ['throws', '// %% a\nconst a: number = 1;\n\n  throw new Error("boom");\n', 4, 9],
    ['throws on its first line', 'throw new Error("boom");', 1, 7],
    ['calls what is not there', '// %% a\nfetch("https://example.org/");\n', 2, 1],
    ['makes code of text', '// %% a\n;(() => {}).constructor("return 1")();\n', 2, 13],
    ['has no clock', '// %% a\n\nnew Date();\n', 3, 1],
  ])('a script that %s', async (_name, text, line, column) => {
    const { error, summary } = await run(text);
    expect(summary.state).toBe('error');
    expect([error?.line, error?.column], error?.message).toEqual([line, column]);
  });

  it('a script that loops for ever, when it gave no sign of life for long enough', async () => {
    const { error, summary } = await run('// %% a\nlet n = 0;\nfor (;;) {\n  n++;\n}\n');
    expect(summary.state).toBe('error');
    expect(error?.message).toContain('no sign of life');
    expect([3, 4]).toContain(error?.line);
    await stillUsable();
  });

  it('a script that takes all memory', async () => {
    const { error, summary } = await run('// %% a\nconst a = [];\nfor (;;) a.push(new Array(1e6).fill(1));\n');
    expect(summary.state).toBe('error');
    expect(error?.message).toMatch(/memory/);
    await stillUsable();
  });

  it('an experiment that loops for ever between two steps', async () => {
    const text = `// %% a
experiment('stuck', {}, (lab) => {
  lab.task('t', function* () {
    yield NOP();
    for (;;) {}
  });
});
`;
    const { stopped, summary } = await run(text, ['7.2'], 500);
    expect(summary.state).toBe('stopped');
    print('stop of an experiment stuck between two steps', { 'request to run:end': [stopped ?? 0] });
    await stillUsable();
  });
});

describe('the stop request', () => {
  it.each(['for (;;) {}', 'const a = []; for (;;) a.push({});'])('ends %j', async (text) => {
    const tries: number[] = [];
    for (let i = 0; i < 20; i++) {
      const { summary, stopped } = await run(text, null, 150);
      expect(summary.state).toBe('stopped');
      tries.push(stopped ?? 0);
    }
    print(`stop of ${text} as the window sees it`, { 'request to run:end': tries });
    await stillUsable();
  });
});

describe('a hostile script', () => {
  it('cannot replace what the language gives the engine', async () => {
    const { error, results } = await run('// %% a\nInt32Array.from = (list) => list;\n');
    expect(results).toEqual([]);
    expect(error).toMatchObject({ message: expect.stringContaining('read only'), line: 2 });
  });

  it('cannot stop, start or read other runs: it has no bridge', async () => {
    const { error } = await run('// %% a\ngupbook.request("app:info");\n');
    expect(error?.message).toContain('gupbook is not defined');
  });
});

it('nothing of all this was an error of ours', () => {
  expect(errorOutput()).not.toMatch(/Uncaught|UnhandledPromise/);
});
