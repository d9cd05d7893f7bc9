/** One run of the history in a line. */
import type { RunSummary } from '../../preload/contract.ts';
import type { Tone } from '../notebook/verdicts.ts';

export interface RunLine {
  /** The worst of it in a word or two. */
  readonly mark: string;
  readonly tone: Tone;
  /** Time of day, or the question that was asked. */
  readonly text: string;
  /** How many verdicts are what. */
  readonly tally: string;
}

/** The mark says the worst; a stopped run or one with an error never reads as a pass. */
export function runLine(run: RunSummary): RunLine {
  const { counts } = run;
  const time = new Date(run.startedAt).toTimeString().slice(0, 5);
  const parts = [
    [counts.fail, 'FAIL'],
    [counts.pass, 'ok'],
    [counts.inconclusive, 'limit'],
    [counts.error, 'error'],
  ] as const;
  const told = parts.flatMap(([n, word]) => (n > 0 ? [`${n} ${word}`] : [])).join(' ');
  const pinned = run.pinned === true ? 'pinned ' : '';
  return { ...markOf(run), text: `${pinned}${run.question === undefined ? time : run.question}`, tally: told };
}

function markOf({ state, counts, asExpected, question }: RunSummary): Pick<RunLine, 'mark' | 'tone'> {
  if (state === 'running') return { mark: 'running', tone: 'running' };
  if (state === 'stopped') return { mark: 'aborted', tone: 'limit' };
  if (state === 'error' || counts.error > 0) return { mark: 'error', tone: 'error' };
  if (question !== undefined) return { mark: 'what if', tone: 'dim' };
  if (!asExpected) return { mark: 'differs', tone: 'fail' };
  if (counts.inconclusive > 0) return { mark: 'limit', tone: 'limit' };
  return { mark: 'as expected', tone: 'ok' };
}
