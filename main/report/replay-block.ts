/**
 * The replay block: everything a reader needs to see the same schedule, in a form that read-report.ts finds again in a
 * quoted mail. `key  value` without colons, so that b4 takes nothing of it for a trailer; further lines of a value are
 * indented to it.
 */
import { columnsOf, plain, WIDTH, wrap } from './columns.ts';
import { kernelName } from './prose.ts';
import type { FoundFailure, Report } from './report.ts';

export const REPLAY_TITLE = 'Replay';
/** Column (0-based) at which values stand. */
export const VALUE_COLUMN = 14;
/** Digits of the notebook's SHA-256 that are printed. */
export const HASH_DIGITS = 16;

/** A word for the shell: bare where it can be, else in single quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** The command in pieces that stay together on a line. A quoted schedule may hold line ends: replay ignores blanks in it. */
function commandPieces(report: Report, { result, failure }: FoundFailure): string[] {
  return [
    `gupbook replay ${shellWord(plain(report.file.name))}`,
    `--experiment ${shellWord(plain(result.experiment))}`,
    `--kernel ${shellWord(plain(result.kernel))}`,
    `--schedule ${shellWord(failure.trace.schedule)}`,
  ];
}

/** The whole command on one line. */
export function replayCommand(report: Report, found: FoundFailure): string {
  return commandPieces(report, found).join(' ');
}

function entry(key: string, lines: readonly string[]): string[] {
  const first = `  ${key.padEnd(VALUE_COLUMN - 2)}`;
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(VALUE_COLUMN)) + line);
}

function prose(key: string, text: string): string[] {
  return entry(key, wrap(text, WIDTH - VALUE_COLUMN));
}

/** A schedule cut at its dots, so that it can be joined again. */
function scheduleLines(schedule: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of schedule.split(/(?<=\.)/)) {
    if (line !== '' && line.length + part.length > WIDTH - VALUE_COLUMN) {
      lines.push(line);
      line = '';
    }
    line += part;
  }
  return [...lines, line];
}

/** Pieces on as few lines as fit, joined by the shell's `\`. */
function commandLines(pieces: readonly string[]): string[] {
  const room = WIDTH - VALUE_COLUMN - 2;
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const indented = `  ${piece}`;
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(piece) <= room)
      lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(lines.length === 0 ? piece : indented);
  }
  return lines.map((line, i) => (i < lines.length - 1 ? `${line} \\` : line));
}

/** True where every piece of the command stays within the width. */
function fits(pieces: readonly string[]): boolean {
  return pieces.every((piece) => columnsOf(piece) <= WIDTH - VALUE_COLUMN - 4);
}

/** The block for some failures: what is common to all first, then each with its schedule. */
export function replayBlock(report: Report, found: readonly FoundFailure[]): string[] {
  const { tool, file } = report;
  const lines = [
    REPLAY_TITLE,
    ...prose('tool', `${plain(tool.name)} ${plain(tool.version)}, engine ${plain(tool.engineVersion)}`),
    ...prose('notebook', `${plain(file.name)}, sha256:${file.sha256.slice(0, HASH_DIGITS)}`),
  ];
  for (const failure of found) {
    const pieces = commandPieces(report, failure);
    lines.push(
      ...(found.length > 1 ? [''] : []),
      ...prose('experiment', plain(failure.result.experiment)),
      ...prose('kernel', kernelName(report, failure.result.kernel)),
      ...prose('check', plain(failure.failure.check)),
      ...entry('schedule', scheduleLines(failure.failure.trace.schedule)),
      ...(fits(pieces) ? entry('command', commandLines(pieces)) : prose('command', 'gupbook replay THIS-MAIL')),
    );
  }
  return lines;
}
