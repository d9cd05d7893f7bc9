/** `gupbook demo`: what the window shows first, without a window: the shipped two-bios notebook and its report. */
import { join } from 'node:path';
import { ENGINE_VERSION } from '../engine/version.ts';
import { localDate, reportOf } from '../report/gather.ts';
import { gitIdentity } from '../report/git-identity.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { readNotebook } from './notebook.ts';
import { nameOf } from './paths.ts';
import { progressLine } from './progress.ts';
import { textOf } from './report.ts';
import { runNotebooks } from './run-notebooks.ts';
import { runOptions } from './run-options.ts';
import { shippedFolder } from './shipped.ts';
import { statusOf } from './status.ts';
import { notebookText, summaryText } from './text.ts';
import { VERSION } from './version.ts';

const SCENARIO = 'scenarios/two-bios.lab.ts';

/** The experiments of the case itself, and the kernels in which it came up, was settled, and stands today. */
const ONLY = 'two bios over one THP';
const SHOWN = ['5.6', 'pin-v5', 'pin-v6', 'pin-v7', '5.7-bias', '7.2'];

/** The message in which the case was found: the author agrees with the review that made it. */
const FOUND_IN = '8424f891-271d-5c34-8f7c-ebf3e3aa6664@nvidia.com';

const HELP = `Usage: gupbook demo

Runs "${ONLY}" of the shipped notebook ${SCENARIO}: a
pinned 2 MB page that is submitted as two bios, each of which gives back its
pages. Prints the verdicts and the reply that they make.

Exit status: as "gupbook run".`;

export const demo: Command = {
  name: 'demo',
  summary: 'run the shipped two-bios notebook and print verdicts and report',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { positionals } = readArguments('demo', argv, {});
  if (positionals.length > 0) throw usage('demo', 'it takes no arguments');
  const path = join(shippedFolder(SCENARIO), SCENARIO);
  const notebook = await readNotebook({ path, file: nameOf(path, io.cwd) });
  const begun = performance.now();
  const options = { ...runOptions('demo', {}), kernels: SHOWN, only: ONLY };
  const progress = progressLine(io);
  const runs = await runNotebooks([notebook], {
    ...options,
    shard: null,
    runner: io.runner(),
    onProgress: progress.show,
  });
  progress.clear();
  const results = runs.flatMap((one) => one.results);
  for (const one of runs) io.out(notebookText(one, { verbose: false }));
  io.out(summaryText(results, (performance.now() - begun) / 1000));
  const parts = {
    version: VERSION,
    engineVersion: ENGINE_VERSION,
    file: { name: 'two-bios.lab.ts', sha256: notebook.sha256, text: notebook.text },
    results,
    bounds: options.budget,
    author: await gitIdentity(),
    parent: { kind: 'id', messageId: FOUND_IN } as const,
    date: localDate(io.now()),
  };
  io.out(`\nThe reply that these results make:\n\n${textOf(reportOf(parts), 'reply')}`);
  return statusOf(results);
}
