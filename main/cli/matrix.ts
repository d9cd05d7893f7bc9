/** `gupbook matrix`: the results of a run as a page, for scenarios/README.md. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { readNotebookFile } from '../lab/read-file.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { type Declared, declaredIn } from './matrix/declared.ts';
import { BEGIN, intoPage, matrixPage, type PageResult } from './matrix/page.ts';
import { writeOutput } from './output.ts';
import { Status } from './status.ts';

const HELP = `Usage: gupbook matrix RESULTS [--into FILE]

Makes a page of what "gupbook run --json" wrote: the known bugs and all experiments,
a line each, against the kernels. The notebooks themselves say which known bug they
show; they are looked for where the run found them.

Options:
  --into FILE  replace that part of FILE that an earlier run of this command wrote
               (default: standard output)`;

export const matrix: Command = {
  name: 'matrix',
  summary: 'make a page of the results of a run',
  help: HELP,
  run: perform,
};

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error']);
const runShape = z.object({
  results: z.array(
    z.object({
      file: z.string(),
      experiment: z.string(),
      kernel: z.string(),
      verdict,
      expected: verdict.nullable(),
      asExpected: z.boolean(),
    }),
  ),
});

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('matrix', argv, { into: { type: 'string' } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw usage('matrix', 'name one file of results');
  const results = await resultsIn(file, io);
  const declared = new Map<string, Declared>();
  for (const name of new Set(results.map((result) => result.file)))
    declared.set(name, declaredIn(await readNotebookFile(resolve(io.cwd, name)), name));
  const part = matrixPage(results, declared);
  if (values.into === undefined) io.out(`${part}\n`);
  else await writeOutput(values.into, pageWith(part, await textOf(values.into, io), values.into), io);
  return Status.asExpected;
}

function pageWith(part: string, text: string, file: string): string {
  const page = intoPage(text, part);
  if (page === null) throw new InputError(`${shown(file)} has no place for the matrix: put the line ${BEGIN} into it`);
  return page;
}

async function resultsIn(file: string, io: Io): Promise<PageResult[]> {
  const text = await textOf(file, io);
  const read = runShape.safeParse(parsed(text));
  if (!read.success) throw new InputError(`${shown(file)} holds no results: write them with "gupbook run --json FILE"`);
  return read.data.results;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function textOf(file: string, io: Io): Promise<string> {
  return await readFile(resolve(io.cwd, file), 'utf8').catch((error: unknown) => {
    throw fileTrouble('read', file, error);
  });
}
