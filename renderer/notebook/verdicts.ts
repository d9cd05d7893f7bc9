/** How a verdict is said: a word, a shape, a tone. Colour only repeats what the other two say. */
import type { ExperimentResult, Verdict } from '../../main/engine/result.ts';

export type Tone = 'ok' | 'fail' | 'error' | 'limit' | 'running' | 'dim';

export interface Sign {
  readonly word: string;
  /** One character, also told apart without colour. */
  readonly shape: string;
  readonly tone: Tone;
}

export const VERDICT_SIGNS: Readonly<Record<Verdict, Sign>> = {
  pass: { word: 'ok', shape: '\u25cf', tone: 'ok' },
  fail: { word: 'FAIL', shape: '\u2716', tone: 'fail' },
  inconclusive: { word: 'limit', shape: '\u25d1', tone: 'limit' },
  'not-applicable': { word: 'n/a', shape: '\u2013', tone: 'dim' },
  error: { word: 'error', shape: '\u25b2', tone: 'error' },
};

/** What a verdict of one kernel says in full: for labels, and for the line below the strip. */
export function verdictSentence(result: ExperimentResult): string {
  const { word } = VERDICT_SIGNS[result.verdict];
  const expected = expectation(result);
  return `${result.kernel}: ${word}${expected === '' ? '' : `, ${expected}`}`;
}

/** `as expected`, `expected FAIL`, or nothing where nothing was expected. */
export function expectation(result: ExperimentResult): string {
  if (result.expected === null) return '';
  return result.asExpected ? 'as expected' : `expected ${VERDICT_SIGNS[result.expected].word}`;
}

/** How thorough the search was: a cut-off search never reads as a pass. */
export function searchSentence(result: ExperimentResult): string {
  const states = `${count(result.states)} states, ${count(result.transitions)} transitions`;
  const time = `${result.seconds.toFixed(2)} s`;
  if (result.exhaustive) return `all ${states}, depth ${result.depth}, ${time}`;
  if (result.limit !== null) return `${states}, then the ${result.limit} budget ended the search, ${time}`;
  return `${states}, ${time}`;
}

/** 12,345,678 */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
