/**
 * The log: what the program did and what went wrong, one line an event, in a few files of bounded size. It never holds
 * what a person wrote or where they keep it: facts are words of our own (codes, versions, counts), and anything that is
 * not such a word is withheld. Writing it never fails: a full disk is not made worse by its own report.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A fact of an event. A text that is more than a word of ours is withheld. */
export type Fact = string | number | boolean;

export interface Log {
  /** @param event what happened, such as `window.gone`. */
  note(event: string, facts?: Readonly<Record<string, Fact>>): void;
}

export interface LogOptions {
  /** Bytes after which a file is put aside. */
  readonly limit?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Files there are at most: the one that is written, and older ones. */
export const LOG_FILES = 3;

/** Name of the n-th log file; 0 is the one that is written. */
export function logFile(n: number): string {
  return n === 0 ? 'gupbook.log' : `gupbook.${n}.log`;
}

/** What a word of ours looks like. No path, no sentence, no line end. */
const WORD = /^[\w.+:@()<>#-]{0,120}$/;

/** The log in `folder`, which is made where it is missing. */
export function openLog(folder: string, { limit = 256 * 1024, now = Date.now }: LogOptions = {}): Log {
  const current = join(folder, logFile(0));
  return {
    note(event, facts = {}) {
      const told = Object.entries(facts).map(([name, fact]) => ` ${shown(name)}=${shown(fact)}`);
      const line = `${new Date(now()).toISOString()} ${shown(event)}${told.join('')}\n`;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (sizeOf(current) + line.length > limit) rotate(folder);
        appendFileSync(current, line, { mode: 0o600 });
      } catch {
        // Nobody can be told: this is where it would be said.
      }
    },
  };
}

/** The last lines of the log in `folder`, oldest first; none where there is no log. */
export function lastLines(folder: string, count: number): string[] {
  const lines: string[] = [];
  for (let n = 0; n < LOG_FILES && lines.length < count; n++) {
    let text = '';
    try {
      text = readFileSync(join(folder, logFile(n)), 'utf8');
    } catch {
      break;
    }
    lines.unshift(...text.split('\n').filter((line) => line !== ''));
  }
  return lines.slice(-count);
}

function shown(fact: Fact): string {
  const text = String(fact);
  return WORD.test(text) ? text : '(withheld)';
}

function rotate(folder: string): void {
  rmSync(join(folder, logFile(LOG_FILES - 1)), { force: true });
  for (let n = LOG_FILES - 2; n >= 0; n--) {
    if (sizeOf(join(folder, logFile(n))) > 0) renameSync(join(folder, logFile(n)), join(folder, logFile(n + 1)));
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
