/**
 * The process that is killed. Works on the store without end, in an order that the seed determines, and logs every
 * operation before it and after its acknowledgement. The log is a file: what was written to it survives the kill.
 *
 *     node victim.js STORE LOG SEED FIRST
 *
 * FIRST is the number of the first edit; numbers never come twice in one torture.
 */
import { openSync, writeSync } from 'node:fs';
import { openStore } from '../../main/store/index.ts';
import { budget } from '../store/samples.ts';
import { below, random } from './random.ts';
import { IMPORTED, KEPT_RUNS, type Line, NOTEBOOKS, pathOf, resultOf, textOf, type Work } from './work.ts';

const [path = '', log = '', seed = '0', first = '1'] = process.argv.slice(2);
const lines = openSync(log, 'a');
const next = random(Number(seed));
const edited = new Map<number, number>();
let number = Number(first);
let store = openStore(path);
let ids = open();
let runId = 0;

function write(line: Line): void {
  writeSync(lines, `${JSON.stringify(line)}\n`);
}

/** @returns the notebooks' ids. */
function open(): number[] {
  return Array.from({ length: NOTEBOOKS }, (_, notebook) => {
    const kept = store.notebookAt(pathOf(notebook));
    return store.openNotebook(pathOf(notebook), kept?.lastText ?? textOf(notebook, 0)).notebookId;
  });
}

async function perform(work: Work): Promise<number> {
  switch (work.do) {
    case 'edit':
      edited.set(work.notebook, work.n);
      return store.journal(ids[work.notebook] ?? 0, textOf(work.notebook, work.n));
    case 'save':
      store.savedNotebook(ids[work.notebook] ?? 0, pathOf(work.notebook), textOf(work.notebook, work.n));
      return 0;
    case 'import':
      return store.openNotebook(null, textOf(IMPORTED, work.n)).notebookId;
    case 'start': {
      const notebookId = ids[work.notebook] ?? 0;
      const text = textOf(work.notebook, work.n);
      runId = store.startRun({ notebookId, text, cells: null, kernels: null, budget, engineVersion: 'torture' });
      return runId;
    }
    case 'result':
      store.addResult(runId, resultOf(work.n));
      return 0;
    case 'finish':
      store.finishRun(runId, { state: 'finished', error: null });
      return 0;
    case 'prune':
      return store.prune({ keep: KEPT_RUNS }).runs;
    case 'backup':
      await store.keepBackup();
      return 0;
    case 'reopen':
      store.close();
      store = openStore(path);
      ids = open();
      return 0;
  }
}

async function go(work: Work): Promise<void> {
  write({ begin: work });
  write({ done: await perform(work) });
}

async function run(notebook: number): Promise<void> {
  await go({ do: 'start', notebook, n: number++ });
  for (let left = below(next, 6); left > 0; left--) await go({ do: 'result', n: number++ });
  await go({ do: 'finish' });
}

process.stdout.write('ready\n');
for (;;) {
  const notebook = below(next, NOTEBOOKS);
  const choice = below(next, 100);
  if (choice < 70) await go({ do: 'edit', notebook, n: number++ });
  else if (choice < 80) await go({ do: 'save', notebook, n: edited.get(notebook) ?? 0 });
  else if (choice < 84) await go({ do: 'import', n: number++ });
  else if (choice < 92) await run(notebook);
  else if (choice < 95) await go({ do: 'prune' });
  else if (choice < 97) await go({ do: 'backup' });
  else await go({ do: 'reopen' });
}
