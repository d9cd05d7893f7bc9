/**
 * The reverse way: a mail from the list that carries a replay block, quoted or not, is recognised, so that its reader
 * can look at the notebook and run it. Everything read here is a stranger's: it is shown before it is run.
 */
import { columnsOf } from './columns.ts';
import { HASH_DIGITS, REPLAY_TITLE, VALUE_COLUMN } from './replay-block.ts';
import { NO_LINE_END, SCENARIO_TITLE } from './scenario-block.ts';

/** One failure that a report says how to replay. */
export interface ReplayRequest {
  readonly experiment: string;
  /** Kernel id, without its title. */
  readonly kernel: string;
  readonly check: string;
  readonly schedule: string;
}

/** What a mail says of a run. */
export interface ReadReport {
  /** `Gupbook 0.1.0, engine 1`: as the mail has it. */
  readonly tool: string;
  /** Name of the notebook, as its author's replay command has it. A name, never a path to open. */
  readonly notebook: string;
  /** Beginning of the notebook's SHA-256 in hex. */
  readonly sha256: string;
  readonly replays: readonly ReplayRequest[];
  /** The notebook's text where the mail includes it; to be compared with {@link sha256} before it is run. */
  readonly text: string | null;
}

/** Takes `depth` quote marks off a line, or null where it has fewer. */
function unquoted(line: string, depth: number): string | null {
  let rest = line;
  for (let i = 0; i < depth; i++) {
    if (!rest.startsWith('>')) return null;
    rest = rest.slice(1).replace(/^ /, '');
  }
  return rest;
}

function quoteDepth(line: string): number {
  const [marks = ''] = /^(> ?)*/.exec(line) ?? [];
  return marks.replace(/ /g, '').length;
}

/** A line without its quote marks. */
function bare(line: string): string {
  return unquoted(line, quoteDepth(line)) ?? '';
}

/** Lines below line `at` without its quote marks, to the first line of another depth. */
function* linesBelow(lines: readonly string[], at: number): Generator<string> {
  const depth = quoteDepth(lines[at] ?? '');
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const text = unquoted(line, depth);
    if (text === null || (depth === 0 && line.startsWith('>'))) return;
    yield text;
  }
}

const KEYS = ['tool', 'notebook', 'experiment', 'kernel', 'check', 'schedule', 'command'] as const;
type Key = (typeof KEYS)[number];

interface Entry {
  readonly key: Key;
  readonly lines: string[];
}

/** `key  value` lines with their continuations; ends at the first line that is neither. */
function entriesOf(block: Iterable<string>): Entry[] {
  const entries: Entry[] = [];
  for (const line of block) {
    if (line.trim() === '') continue;
    const [, word, value] = /^ {1,2}([a-z]+) +(\S.*)$/.exec(line) ?? [];
    const key = KEYS.find((name) => name === word);
    const indent = columnsOf(line) - columnsOf(line.trimStart());
    if (key !== undefined && value !== undefined) entries.push({ key, lines: [value] });
    else if (indent >= VALUE_COLUMN - 1 && entries.length > 0) entries.at(-1)?.lines.push(line.trim());
    else break;
  }
  return entries;
}

function requestsOf(entries: readonly Entry[]): ReplayRequest[] {
  const requests: ReplayRequest[] = [];
  let open: Partial<Record<Key, string>> = {};
  for (const { key, lines } of entries) {
    if (key === 'tool' || key === 'notebook' || key === 'command') continue;
    if (key === 'experiment') open = {};
    open[key] = key === 'schedule' ? lines.join('').replace(/\s+/g, '') : lines.join(' ');
    const { experiment, kernel, check, schedule } = open;
    if (experiment === undefined || kernel === undefined || schedule === undefined) continue;
    requests.push({ experiment, kernel: kernel.replace(/ \(.*$/, ''), check: check ?? '', schedule });
    open = {};
  }
  return requests;
}

/** The `| ` lines below a `Notebook NAME` line. */
function scenarioText(lines: readonly string[], name: string): string | null {
  for (let i = 0; i < lines.length; i++) {
    if (bare(lines[i] ?? '') !== `${SCENARIO_TITLE} ${name}`) continue;
    const text: string[] = [];
    let end = '\n';
    for (const line of linesBelow(lines, i)) {
      if (line === NO_LINE_END) end = '';
      if (line !== '|' && !line.startsWith('| ')) break;
      text.push(line === '|' ? '' : line.slice(2));
    }
    if (text.length > 0) return text.join('\n') + end;
  }
  return null;
}

/** All replay blocks of a mail's lines, in order; a block that names no schedule is none. */
export function readReports(lines: readonly string[]): ReadReport[] {
  const reports: ReadReport[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (bare(lines[i] ?? '') !== REPLAY_TITLE) continue;
    const entries = entriesOf(linesBelow(lines, i));
    const value = (key: Key) => entries.find((entry) => entry.key === key)?.lines.join(' ') ?? '';
    const [, notebook, sha256] = /^(.+), sha256:([0-9a-f]+)$/.exec(value('notebook')) ?? [];
    const replays = requestsOf(entries);
    if (notebook === undefined || sha256 === undefined || sha256.length < HASH_DIGITS || replays.length === 0) continue;
    reports.push({ tool: value('tool'), notebook, sha256, replays, text: scenarioText(lines, notebook) });
  }
  return reports;
}
