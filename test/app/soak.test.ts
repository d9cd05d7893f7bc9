/**
 * Long life: opens, runs, stops and leaves notebooks so many times, and looks at memory and handles on the way. `npm run
 * soak` does it 2,000 times (GUPBOOK_SOAK=N for N), and prints what there was.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchGupbook, notebookWindow, retried } from './harness.ts';

const OPERATIONS = Number(process.env.GUPBOOK_SOAK ?? 60);
/** Looks taken on the way. */
const LOOKS = 20;
const SEED = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What the application holds. Memory of all its processes together, in MB. */
interface Look {
  readonly main: number;
  readonly all: number;
  readonly files: number;
  readonly processes: number;
}

let app: ElectronApplication;
let page: Page;

beforeAll(async () => {
  app = await launchGupbook();
  page = await notebookWindow(app);
  await page.waitForSelector('#root > *');
});
afterAll(async () => {
  await app?.close();
});

/** Fewest processes that a look has met. */
let fewest = Number.POSITIVE_INFINITY;

/** What the processes hold, once runners on their way out have gone: those hold memory and files to the last. */
async function settled(): Promise<readonly { readonly type: string; readonly mb: number }[]> {
  for (let tries = 1; ; tries++) {
    const metrics = await retried(() =>
      app.evaluate(({ app: application }) => {
        globalThis.gc?.();
        return application.getAppMetrics().map(({ type, memory }) => ({ type, mb: memory.workingSetSize / 1024 }));
      }),
    );
    fewest = Math.min(fewest, metrics.length);
    if (metrics.length <= fewest + 1 || tries === 20) return metrics;
    await new Promise((later) => setTimeout(later, 100));
  }
}

async function look(): Promise<Look> {
  const metrics = await settled();
  const pid = app.process().pid ?? 0;
  return {
    main: Math.round(metrics.find(({ type }) => type === 'Browser')?.mb ?? 0),
    all: Math.round(metrics.reduce((sum, { mb }) => sum + mb, 0)),
    files: filesOf(mainProcess(pid)),
    processes: metrics.length,
  };
}

/** The driver may have started a shell around it. */
function mainProcess(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('electron') ? pid : (children[0] ?? pid);
}

function filesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Opens a scenario, starts a run of a small notebook and stops it at some moment, or lets it end; leaves it. */
async function operations(count: number, seed: number): Promise<Record<string, number>> {
  return page.evaluate(
    async ([wanted, first]) => {
      let state = first | 1;
      const below = (n: number): number => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) % n;
      };
      const ended = new Map<number, (state: string) => void>();
      const off = window.gupbook.on('run:end', ({ runId, state: how }) => ended.get(runId)?.(how));
      const info = await window.gupbook.request('app:info');
      const paths = info.scenarios.map(({ path }) => path);
      const ends: Record<string, number> = {};
      for (let i = 0; i < wanted; i++) {
        const opened = await window.gupbook.request('notebook:open', paths[below(paths.length)] ?? '');
        if (!opened.ok) throw new Error(opened.problem.message);
        const { notebookId } = opened.value;
        const spins = below(2) === 0 ? 'for (;;) {}' : '';
        const text = `// %% a\nexperiment('x', {}, (lab) => { const b = lab.mm.mmapPage(); lab.task('t', function* () {
          ${spins} yield* lab.kernel.get_page(b.page(0)); yield* lab.kernel.put_page(b.page(0)); }); });\n`;
        const budget = { states: 1000, seconds: 5 };
        const asked = { notebookId, path: null, text, cells: null, kernels: ['7.2'], budget };
        const started = await window.gupbook.request('run:start', asked);
        if (!started.ok) throw new Error(started.problem.message);
        const { runId } = started.value;
        const over = new Promise<string>((tell) => ended.set(runId, tell));
        if (spins !== '') {
          await new Promise((later) => setTimeout(later, below(60)));
          await window.gupbook.request('run:stop', runId);
        }
        const how = await over;
        ended.delete(runId);
        ends[how] = (ends[how] ?? 0) + 1;
        await window.gupbook.request('notebook:journal', notebookId, opened.value.text);
      }
      off();
      return ends;
    },
    [count, seed] as const,
  );
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

it(`holds no more after ${OPERATIONS} runs than after a third of them`, async () => {
  const looks: Look[] = [];
  const ends: Record<string, number> = {};
  for (let n = 0; n < LOOKS; n++) {
    const done = await operations(Math.ceil(OPERATIONS / LOOKS), SEED + n);
    for (const [how, count] of Object.entries(done)) ends[how] = (ends[how] ?? 0) + count;
    looks.push(await look());
  }
  const third = Math.floor(LOOKS / 3);
  const early = looks.slice(third, 2 * third);
  const late = looks.slice(-third);
  const rows = (['main', 'all', 'files', 'processes'] as const).map((what) => {
    const [first, midway, last] = [looks.slice(0, 1), early, late].map((some) => middle(some.map((one) => one[what])));
    return { what, first: first ?? 0, midway: midway ?? 0, last: last ?? 0 };
  });
  const how = Object.entries(ends).map(([state, count]) => `${count} ${state}`);
  const held = rows.map(({ what, first, midway, last }) => `${what} ${first} -> ${midway} -> ${last}`);
  console.log(`soak: seed ${SEED}, ${how.join(', ')}; ${held.join(', ')} (memory in MB)`);
  expect(Object.keys(ends).sort()).toEqual(['finished', 'stopped']);
  for (const { what, midway, last } of rows) {
    // Memory comes and goes with the collector; what leaks goes up by as much again each third.
    const room = what === 'main' || what === 'all' ? Math.max(40, midway * 0.2) : 6;
    expect(last, what).toBeLessThanOrEqual(midway + room);
  }
}, 7_200_000);
