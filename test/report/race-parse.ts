/** Reads a race table back: what a reader sees of each row, by columns alone. */
import { columnsOf } from '../../main/report/columns.ts';

export interface ReadRow {
  /** -1 for a line that belongs to no CPU. */
  readonly cpu: number;
  /** Column at which the text begins, counted from the CPU's own. */
  readonly indent: number;
  readonly text: string;
  /** One entry a state column; '' where the row says nothing. */
  readonly states: readonly string[];
}

interface Token {
  readonly text: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Words of a line with two blanks or more between them, and the columns they stand in. */
function tokens(line: string): Token[] {
  return [...line.matchAll(/\S+(?: \S+)*/g)].map((found) => {
    const start = columnsOf(line.slice(0, found.index));
    return { text: found[0], start, end: start + columnsOf(found[0]) };
  });
}

/** Rows of a table whose failing step says nothing below it. */
export function readTable(lines: readonly string[]): ReadRow[] {
  const rule = lines.findIndex((line, i) => /^ {2}----( +-+)*$/.test(line) && /^ {2}CPU/.test(lines[i - 2] ?? ''));
  const head = lines[rule - 2] ?? '';
  const lanes = !/^ {2}CPU\d/.test(head);
  const rules = tokens(lines[rule] ?? '');
  const cpus = lanes ? 1 : (head.match(/\bCPU\d+\b/g)?.length ?? 0);
  const starts = rules.slice(0, cpus).map(({ start }) => start);
  const edges = rules.slice(cpus).map(({ end }) => end);
  return lines
    .slice(rule + 1)
    .filter((line) => !/^ +\^+$/.test(line))
    .map((line) => {
      const all = tokens(line);
      // A remark spans all columns; what a CPU does never begins so at column 2 with a count.
      if (/^ {2}\.\.\. \(\d+ rows? left out\)$/.test(line))
        return { cpu: -1, indent: 0, text: line.trim(), states: [] };
      const states = edges.map((edge) => all.find(({ end }) => end === edge)?.text ?? '');
      const [first, second] = all.filter(({ end }) => !edges.includes(end));
      if (first === undefined) return { cpu: -1, indent: 0, text: '', states };
      if (lanes) {
        // `CPU3` is set off by two blanks from what it does, or by more where that is nested.
        const cpu = Number(/^CPU(\d+)$/.exec(first.text)?.[1] ?? Number.NaN);
        return { cpu, indent: (second?.start ?? 8) - 8, text: second?.text ?? '', states };
      }
      const cpu = starts.findLastIndex((start) => start <= first.start);
      return { cpu, indent: first.start - (starts[cpu] ?? 0), text: first.text, states };
    });
}

/** The prefix that `~` stands for; '' where the table has none. */
export function foldedPrefix(lines: readonly string[]): string {
  const [, prefix = ''] = /^ {2}~ stands for\s+"(.*?)"(?:\n|$)/s.exec(lines.join('\n')) ?? [];
  return prefix.replace(/\s+/g, ' ');
}
