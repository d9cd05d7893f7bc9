/** Exit statuses: the only thing that scripts look at. */
import type { ExperimentResult, Verdict } from '../engine/result.ts';

/** `asExpected`: every verdict as expected. `input` wins over `differs`, which wins over `inconclusive`. */
export const Status = { asExpected: 0, differs: 1, input: 2, inconclusive: 3 } as const;

type Judged = Pick<ExperimentResult, 'verdict' | 'expected' | 'asExpected'>;

/** A verdict that came without an answer, where none was expected. */
function isOpen({ verdict, expected }: Judged): boolean {
  return verdict === 'inconclusive' && expected !== 'inconclusive';
}

/** True where a verdict is not the expected one. An inconclusive search says neither. */
export function differs(result: Judged): boolean {
  return !result.asExpected && !isOpen(result);
}

export function statusOf(results: readonly Judged[]): number {
  if (results.some(differs)) return Status.differs;
  return results.some(isOpen) ? Status.inconclusive : Status.asExpected;
}

/** Verdicts as short words for tables. */
export const WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'ok',
  fail: 'FAIL',
  inconclusive: '?',
  'not-applicable': '-',
  error: 'ERR',
};
