/** `run --ktap`: one KTAP test per notebook, in it what the report room makes of the notebook's results. */
import { ENGINE_VERSION } from '../engine/version.ts';
import { ktapFormat } from '../report/format/ktap.ts';
import { reportOf } from '../report/gather.ts';
import type { NotebookRun } from './run-notebooks.ts';
import type { RunOptions } from './run-options.ts';
import { VERSION } from './version.ts';

export function ktapText(runs: readonly NotebookRun[], bounds: RunOptions['budget']): string {
  const ran = runs.filter(({ results }) => results.length > 0);
  if (ran.length === 0) return 'KTAP version 1\n1..0 # SKIP nothing to run\n';
  const blocks = ran.flatMap((run, index) => block(run, bounds, index + 1));
  return `${['KTAP version 1', `1..${ran.length}`, ...blocks].join('\n')}\n`;
}

/** A notebook's own KTAP, nested, and its result line. */
function block({ notebook, results }: NotebookRun, bounds: RunOptions['budget'], number: number): string[] {
  const report = reportOf({
    version: VERSION,
    engineVersion: ENGINE_VERSION,
    file: { name: notebook.file, sha256: notebook.sha256, text: notebook.text },
    results,
    bounds,
    author: null,
    parent: null,
    date: { ms: 0, offset: 0 },
  });
  // In a result line, `#` would begin a directive.
  const name = notebook.file.replace(/[#\s]+/g, '_');
  const [version = '', ...lines] = ktapFormat(report).trimEnd().split('\n');
  const verdict = lines.some((line) => line.startsWith('not ok ')) ? 'not ok' : 'ok';
  return [...[version, `# Subtest: ${name}`, ...lines].map((line) => `  ${line}`), `${verdict} ${number} ${name}`];
}
