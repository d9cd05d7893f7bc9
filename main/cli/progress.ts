/** One line on a terminal that says how far a long search is. Nothing where standard output is no terminal. */
import type { Progress } from '../engine/result.ts';
import type { Io } from './io.ts';
import type { Notebook } from './notebook.ts';
import { number } from './text.ts';

export interface ProgressLine {
  readonly show: (notebook: Notebook, progress: Progress) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

export function progressLine(io: Io): ProgressLine {
  const { columns } = io;
  if (columns === null) return { show: () => {}, clear: () => {} };
  return {
    show: ({ file }, { experiment, kernel, states, frontier, depth }) => {
      const counts = `${number(states)} states, ${number(frontier)} to look at, ${number(depth)} steps deep`;
      const line = `${file}: ${experiment} / ${kernel}: ${counts}`;
      io.err(`\r\u001b[K${line.slice(0, Math.max(10, columns - 1))}`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}
