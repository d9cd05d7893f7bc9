/** `gupbook report`: a run as a mail or another text. It is one of the window's, or made now from a notebook. */
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ENGINE_VERSION } from '../engine/version.ts';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { advice, sendCommand } from '../report/advice.ts';
import { localDate, reportOf } from '../report/gather.ts';
import { gitIdentity } from '../report/git-identity.ts';
import { FORMATS, type FormatName, isFormatName, render } from '../report/index.ts';
import { readMessage } from '../report/raw-message.ts';
import { Refusal } from '../report/refusal.ts';
import type { Parent, Report } from '../report/report.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { located, type Notebook, readNotebook } from './notebook.ts';
import { writeOutput } from './output.ts';
import { nameOf } from './paths.ts';
import { checkAnyRan, printConsole } from './run.ts';
import { runNotebooks } from './run-notebooks.ts';
import { RUN_HELP, RUN_OPTIONS, type RunOptions, runOptions } from './run-options.ts';
import { Status } from './status.ts';
import { VERSION } from './version.ts';

const NAMES = Object.keys(FORMATS);

const OPTIONS = {
  ...RUN_OPTIONS,
  format: { type: 'string', default: 'reply' },
  'in-reply-to': { type: 'string' },
  date: { type: 'string' },
  quote: { type: 'string' },
  comment: { type: 'string' },
  'with-notebook': { type: 'boolean', default: false },
  'whole-series': { type: 'boolean', default: false },
  output: { type: 'string', short: 'o' },
} as const;

const HELP = `Usage: gupbook report FILE|RUN --format FORMAT [options]

Writes a report. FILE is a notebook, which is run first; RUN is the number of a run
that the window has stored.

Options:
  --format FORMAT   default reply; one of
                    ${NAMES.slice(0, 6).join(', ')},
                    ${NAMES.slice(6).join(', ')}
  --in-reply-to ID  what the mail answers: a Message-ID, or a file with the raw
                    message, from which subject and addresses are taken
  --quote LINES     lines of that message's text to answer, such as 4-9,12
  --comment FILE    your own words, which stand below what is quoted
  --with-notebook   append the notebook's text, so that readers can run it
  --date DATE       date of the mail, such as 2026-11-24T12:00:00Z (default: now)
  --whole-series    a mail about all experiments under all kernels and about what
                    changed from one to the next; without it a mail is about the
                    first failure
  -o, --output FILE write to FILE instead of standard output
${RUN_HELP}

The author is the one that git knows. Nothing is sent; for a mail that goes to a
FILE the command that tries the sending is printed.

Exit status: 0 the report is written, 2 bad usage or input.`;

export const report: Command = {
  name: 'report',
  summary: 'write a report of a run: a mail, ready to send',
  help: HELP,
  run: perform,
};

/** A run, from wherever it comes. */
type Ran = Pick<Report, 'file' | 'results' | 'bounds'> & { readonly engineVersion: string };

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('report', argv, OPTIONS);
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) throw usage('report', 'name one notebook, or the number of one run');
  const format = formatNamed(values.format);
  const date = localDate(dateNamed(values.date, io));
  const parent = await parentNamed(values['in-reply-to'], io);
  const options = runOptions('report', values);
  const ran = /^\d{1,15}$/.test(source)
    ? await storedRun(Number(source), options, io)
    : await freshRun(source, options, io);
  const layout = values['whole-series'] ? 'series' : 'finding';
  const made = {
    ...reportOf({ ...ran, version: VERSION, author: await gitIdentity(), parent, date }),
    layout,
  } as const;
  const sections = { ...made.sections, scenario: values['with-notebook'] };
  const comment = values.comment === undefined ? null : (await bytesOf(values.comment, io)).toString('utf8');
  const whole = { ...made, sections, comment, quote: quoteNamed(values.quote, parent) };
  await writeOutput(values.output ?? '-', textOf(whole, format), io);
  if (values.output !== undefined && (format === 'reply' || format === 'mbox')) {
    for (const line of advice(whole, format)) io.err(`${line}\n`);
    io.err(`Nothing was sent. To try it: ${sendCommand(whole, values.output)}\n`);
  }
  return Status.asExpected;
}

/** The report's text; a refusal of the report room becomes an InputError. */
export function textOf(report: Report, format: FormatName): string {
  const rendered = render(report, format);
  if (!rendered.ok) throw new InputError(`there is no report: ${rendered.reason}`);
  return rendered.text;
}

function formatNamed(name: string): FormatName {
  if (isFormatName(name)) return name;
  throw usage('report', `there is no format ${shown(name)}: there are ${NAMES.join(', ')}`);
}

function dateNamed(text: string | undefined, io: Io): number {
  if (text === undefined) return io.now();
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw usage('report', `--date takes a date such as 2026-11-24T12:00:00Z, not ${shown(text)}`);
  return ms;
}

/** `4-9,12` as 0-based lines. */
function quoteNamed(text: string | undefined, parent: Parent | null): number[] {
  if (text === undefined) return [];
  if (parent?.kind !== 'message') throw usage('report', '--quote goes with --in-reply-to and a file');
  const { length } = parent.message.lines;
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from < 1 || from > to) {
      throw usage('report', `--quote takes lines such as 4-9,12, not ${shown(text)}`);
    }
    if (to > length)
      throw usage('report', `--quote: the message has ${length} lines, and ${shown(part)} asks for more`);
    return Array.from({ length: to - from + 1 }, (_, i) => from - 1 + i);
  });
}

/** A Message-ID is one word with an `@`; all else names a file. */
async function parentNamed(text: string | undefined, io: Io): Promise<Parent | null> {
  if (text === undefined) return null;
  const id = /^<?([^\s<>@/]+@[^\s<>@/]+)>?$/.exec(text)?.[1];
  if (id !== undefined) return { kind: 'id', messageId: id };
  const bytes = await bytesOf(text, io);
  try {
    return { kind: 'message', message: readMessage(bytes) };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    throw new InputError(`cannot answer ${shown(text)}: ${thrown.message}`);
  }
}

async function bytesOf(path: string, io: Io): Promise<Buffer> {
  return await readFile(resolve(io.cwd, path)).catch((error: unknown) => {
    throw fileTrouble('read', path, error);
  });
}

/** Runs a notebook for a report. InputError where its script ends before its results are whole. */
export async function freshRun(path: string, options: RunOptions, io: Io): Promise<Ran> {
  const absolute = resolve(io.cwd, path);
  const notebook = await readNotebook({ path: absolute, file: nameOf(absolute, io.cwd) });
  const request = { ...options, shard: null, runner: io.runner(), onProgress: () => {} };
  const runs = await runNotebooks([notebook], request);
  printConsole(runs, io);
  checkAnyRan(runs, options.only);
  const error = runs.map((one) => one.error).find((one) => one !== null);
  if (error !== undefined && error !== null) throw new InputError(located(notebook.file, error));
  return {
    engineVersion: ENGINE_VERSION,
    file: fileOf(notebook),
    results: runs.flatMap(({ results }) => results),
    bounds: options.budget,
  };
}

function fileOf({ path, sha256, text }: Notebook): Report['file'] {
  return { name: basename(path), sha256, text };
}

async function storedRun(runId: number, { kernels, only }: RunOptions, io: Io): Promise<Ran> {
  // Loads native code that no other command needs.
  const { openStore, StoreError } = await import('../store/index.ts');
  try {
    const store = openStore(join(io.dataFolder, 'gupbook.sqlite'), { readOnly: true });
    try {
      const stored = store.getRun(runId);
      // As the file was called when it ran, whatever became of it.
      const { path } = stored;
      return {
        engineVersion: stored.engineVersion,
        file: { name: path === null ? 'untitled.lab.ts' : basename(path), sha256: stored.sha256, text: stored.text },
        results: stored.results.filter(
          ({ experiment, kernel }) =>
            (kernels === null || kernels.includes(kernel)) && (only === null || experiment.includes(only)),
        ),
        bounds: stored.request.budget,
      };
    } finally {
      store.close();
    }
  } catch (thrown) {
    if (thrown instanceof StoreError) throw new InputError(thrown.message, { cause: thrown });
    throw thrown;
  }
}
