/**
 * The step between a realm and everything that keeps or shows verdicts. A script shares its realm with the engine, so a
 * hostile one could write any result. Main's own engine therefore replays every failing trace from its recorded
 * operations, with no script code: a failure that does not replay is an `error`, never a `fail`.
 */
import type { ExperimentResult, Failure } from '../engine/result.ts';

/** Replays a failing trace; null where it replays, else why not. See main/engine/explore/verify.ts. */
export type VerifyFailure = (failure: Failure) => string | null;

/** The result itself where it holds together and every failure replays; else the same result as an `error`. */
export function acceptResult(result: ExperimentResult, verify: VerifyFailure): ExperimentResult {
  const problem = contradiction(result) ?? firstThatDoesNotReplay(result.failures, verify);
  if (problem === null) return result;
  return {
    ...result,
    verdict: 'error',
    asExpected: result.expected === 'error',
    exhaustive: false,
    failures: [],
    sample: null,
    error: { message: problem, line: result.line, column: 1, stack: '' },
  };
}

/** What a result says about itself must fit together. */
function contradiction(result: ExperimentResult): string | null {
  const { verdict, failures, error } = result;
  if (verdict === 'fail' && failures.length === 0) return 'The result says "fail" but shows no failing schedule.';
  if (verdict !== 'fail' && failures.length > 0) return `The result says "${verdict}" but shows a failing schedule.`;
  if (verdict === 'pass' && !result.exhaustive) return 'The result says "pass" but the search was not exhausted.';
  if (verdict === 'error' && error === null) return 'The result says "error" but not which.';
  return null;
}

function firstThatDoesNotReplay(failures: readonly Failure[], verify: VerifyFailure): string | null {
  for (const failure of failures) {
    const reason = replay(failure, verify);
    if (reason !== null) return `The failing schedule of "${failure.check}" does not replay: ${reason}`;
  }
  return null;
}

/** A forged trace may also make the replay itself throw; that is one more way not to replay. */
function replay(failure: Failure, verify: VerifyFailure): string | null {
  try {
    return verify(failure);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
