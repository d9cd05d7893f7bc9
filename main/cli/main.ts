/** The command line: finds the command, and turns what is wrong with its input into one sentence and status 2. */
import { InputError, shown } from '../lab/input-error.ts';
import { bench } from './bench.ts';
import type { Command } from './command.ts';
import { conform } from './conform.ts';
import { decode } from './decode.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import type { Io } from './io.ts';
import { nearestIds } from './kernel-option.ts';
import { lintMailCommand } from './lint-mail.ts';
import { matrix } from './matrix.ts';
import { merge } from './merge.ts';
import { open } from './open.ts';
import { probe } from './probe.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { Status } from './status.ts';
import { VERSION } from './version.ts';

const COMMANDS: readonly Command[] = [
  run,
  merge,
  matrix,
  replay,
  report,
  exportCommand,
  lintMailCommand,
  decode,
  importCommand,
  conform,
  probe,
  demo,
  bench,
  doctor,
  open,
];

const HELP = `Usage: gupbook COMMAND [ARGUMENTS]

The lab notebook for Linux page reference counting, without its window.

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`).join('\n')}

"gupbook COMMAND --help" tells more; "gupbook --version" names the version.`;

/** Runs a command line. @returns the exit status. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown;
    io.err(`gupbook: ${thrown.message}\n`);
    return thrown.exitStatus;
  }
}

async function dispatch([first, ...rest]: readonly string[], io: Io): Promise<number> {
  if (first === undefined) {
    io.err(`${HELP}\n`);
    return Status.input;
  }
  if (first === '--help' || first === '-h' || first === 'help') return print(`${HELP}\n`, io);
  if (first === '--version' || first === '-V') return print(`gupbook ${VERSION}\n`, io);
  if (first.endsWith('.lab.ts')) return await open.run([first, ...rest], io);
  const command = COMMANDS.find(({ name }) => name === first);
  if (command === undefined) {
    const names = COMMANDS.map(({ name }) => name);
    const [nearest = ''] = nearestIds(first, names);
    throw new InputError(`there is no command ${shown(first)}: did you mean ${nearest}? Commands: ${names.join(', ')}`);
  }
  const end = rest.indexOf('--');
  const options = end < 0 ? rest : rest.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return print(`${command.help}\n`, io);
  return await command.run(rest, io);
}

function print(text: string, io: Io): number {
  io.out(text);
  return Status.asExpected;
}
