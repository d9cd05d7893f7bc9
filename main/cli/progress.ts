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

/** Milliseconds after which a search tells of itself first. */
const FIRST = 200;

/** `1,200,000 of about 4-5 M states, 300,000 to look at, 40 steps deep, 1.1 M/s, 24 MB`. */
export function progressText(progress: Progress, perSecond: number): string {
  const { states, frontier, depth, bytes, estimate } = progress;
  const whole =
    estimate === null || estimate === undefined ? '' : ` of about ${short(estimate.low)} to ${short(estimate.high)}`;
  const parts = [
    `${number(states)}${whole} states`,
    `${number(frontier)} to look at`,
    `${number(depth)} steps deep`,
    `${short(perSecond)}/s`,
  ];
  if (bytes !== undefined) parts.push(`${number(Math.ceil(bytes / 2 ** 20))} MB`);
  return parts.join(', ');
}

/** `950`, `12.4 k`, `3.1 M`. */
function short(value: number): string {
  if (value < 1000) return String(Math.round(value));
  return value < 1e6 ? `${(value / 1000).toFixed(1)} k` : `${(value / 1e6).toFixed(1)} M`;
}

export function progressLine(io: Io): ProgressLine {
  const { columns } = io;
  const begun = new Map<string, number>();
  if (columns === null) return { show: () => {}, clear: () => {} };
  return {
    show: ({ file }, progress) => {
      const { experiment, kernel, states } = progress;
      const key = JSON.stringify([file, experiment, kernel]);
      const since = begun.get(key) ?? io.now() - FIRST;
      begun.set(key, since);
      const rate = states / Math.max(1, io.now() - since);
      const line = `${experiment} / ${kernel}: ${progressText(progress, rate * 1000)} (${file})`;
      io.err(`\r\u001b[K${line.slice(0, Math.max(10, columns - 1))}`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}
