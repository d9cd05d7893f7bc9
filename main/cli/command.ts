/** What a command is, and how its arguments are read. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError, shown } from '../lab/input-error.ts';
import type { Io } from './io.ts';

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole text of `--help`, without a newline at its end. */
  readonly help: string;
  /** @returns the exit status. Throws InputError for usage and input that cannot be used. */
  readonly run: (argv: readonly string[], io: Io) => Promise<number>;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Reads a command's options; everything else is a positional. InputError names what does not fit. */
export function readArguments<T extends Options>(command: string, argv: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw usage(command, explain(thrown));
  }
}

/** The error of somebody who typed a command wrongly. `what` is one clause. */
export function usage(command: string, what: string): InputError {
  return new InputError(`${command}: ${what}; see "gupbook ${command} --help"`);
}

/** Node's own words end with advice that belongs to other programs. */
function explain(thrown: unknown): string {
  if (!(thrown instanceof Error)) throw thrown;
  const option = /^Unknown option '([^']*)'/.exec(thrown.message)?.[1];
  if (option !== undefined) return `there is no option ${shown(option)}`;
  const missing = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:missing|is ambiguous)/.exec(
    thrown.message,
  )?.[1];
  if (missing !== undefined) return `${missing} needs a value`;
  const flag = /^Option '(?:-\w, )?(--[\w-]+)' does not take an argument/.exec(thrown.message)?.[1];
  if (flag !== undefined) return `${flag} takes no value`;
  throw thrown;
}

/** A whole number from an option; `fallback` where the option is not given. */
export function wholeNumber(
  command: string,
  option: string,
  text: string | undefined,
  { least, most, fallback }: { readonly least: number; readonly most: number; readonly fallback: number },
): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(command, `--${option} takes a whole number from ${least} to ${most}, not ${shown(text)}`);
}
