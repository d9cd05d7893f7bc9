/** What a command may touch of the world around it. Tests give their own. */
import type { Runner } from '../lab/runner.ts';

export interface Io {
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Columns of the terminal that standard output is, or null where it is none. */
  readonly columns: number | null;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Where notebooks run. Asked for at most once, by commands that run one. */
  readonly runner: () => Runner;
  /** Milliseconds since the epoch; dates of mails. */
  readonly now: () => number;
  /** Folder of the window's data, where its store is. */
  readonly dataFolder: string;
  /** This program's own script, to be started anew by what measures it. */
  readonly self: string;
}
