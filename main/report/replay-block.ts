/**
 * The replay block: everything a reader needs to see the same schedule, in a form that read-report.ts finds again in a
 * quoted mail. `key  value` without colons, so that b4 takes nothing of it for a trailer; further lines of a value are
 * indented to it.
 */
import { columnsOf, plain, WIDTH, wrap } from './columns.ts';
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

/** The command in pieces that stay together on a line where they can. */
function commandPieces(report: Report, { result, failure }: FoundFailure): string[] {
  return [
    `gupbook replay ${shellWord(plain(report.file.name))}`,
    `--experiment ${shellWord(plain(result.experiment))}`,
    `--kernel ${shellWord(plain(result.kernel))}`,
    `--schedule ${shellWord(failure.trace.schedule)}`,
  ];
}

/** A piece that is wider than a line: broken inside its quotes, at blanks or behind dots. */
function brokenPiece(piece: string, width: number): string[] {
  // `replay` takes any run of blanks in a name for one, and none in a schedule for anything.
  const quoted = piece.replace(/^(--schedule) ([^'].*)$/, "$1 '$2'");
  if (quoted.startsWith('--schedule')) return foldAt(quoted, /(?<=\.)/, width);
  return wrap(quoted, width, '', '  ');
}

/** Cuts where `at` matches, and joins the parts to lines of at most `width`. */
function foldAt(text: string, at: RegExp, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(at)) {
    const indent = lines.length === 0 ? 0 : 2;
    if (line !== '' && line.length + part.length > width - indent) {
      lines.push(' '.repeat(indent) + line);
      line = '';
    }
    line += part;
  }
  return [...lines, (lines.length === 0 ? '' : '  ') + line];
}

/** The command on as many lines as it needs, each but the last ending in the shell's `\`; `indent` is before all. */
export function replayCommandLines(
  report: Report,
  found: FoundFailure,
  indent: string,
  width: number = WIDTH,
): string[] {
  const room = width - indent.length - 4;
  const lines: string[] = [];
  // A line that a quoted string goes on after must not end in a backslash.
  const open = new Set<number>();
  for (const piece of commandPieces(report, found)) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(piece) <= room) {
      lines[lines.length - 1] = `${last} ${piece}`;
      continue;
    }
    const parts = columnsOf(piece) <= room ? [piece] : brokenPiece(piece, room);
    parts.forEach((part, i) => {
      if (i < parts.length - 1) open.add(lines.length);
      lines.push(lines.length === 0 ? part : `  ${part}`);
    });
  }
  return lines.map((line, i) => indent + (i < lines.length - 1 && !open.has(i) ? `${line} \\` : line));
}

function entry(key: string, lines: readonly string[]): string[] {
  const first = `  ${key.padEnd(VALUE_COLUMN - 2)}`;
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(VALUE_COLUMN)) + line);
}

function prose(key: string, text: string): string[] {
  return entry(key, wrap(text, WIDTH - VALUE_COLUMN));
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
    lines.push(
      ...(found.length > 1 ? [''] : []),
      ...prose('experiment', plain(failure.result.experiment)),
      ...prose('kernel', plain(failure.result.kernel)),
      ...prose('check', plain(failure.failure.check)),
      ...entry('schedule', foldAt(failure.failure.trace.schedule, /(?<=\.)/, WIDTH - VALUE_COLUMN)),
      ...entry('command', replayCommandLines(report, failure, '', WIDTH - VALUE_COLUMN)),
    );
  }
  return lines;
}
